/**
 * What builds leave in a checkout that does not ignore it: it is made from what is there, and nobody's work.
 *
 * @module
 */

import { basename, join } from "@std/path";
import { attempt } from "../attempt.ts";
import { normalizeName } from "../names.ts";
import { peekText } from "../files/read_file.ts";

/** In bytes; the name stands at the beginning. */
const MAX_METADATA = 1024 * 1024;

/** What setuptools makes in `build/`. */
const BUILT = /^(?:lib|(?:lib|temp|scripts|bdist)[.-].+|__editable__\..+)$/;

/**
 * Those of the untracked files and folders that are not what a build leaves: the `NAME.egg-info` of the distribution NAME,
 * beside one of those a `build` with nothing in it but setuptools' own folders, and `__pycache__`.
 *
 * Looks into folders of these names alone.
 *
 * @param directory The checkout, absolute.
 * @param untracked As git lists them: relative to the checkout, folders with a closing `/`.
 */
export function withoutBuildLeftovers(
  directory: string,
  untracked: readonly string[],
): readonly string[] {
  const isEggInfo = (path: string) => path.endsWith(".egg-info/") && isOwn(join(directory, path));
  const hasEggInfo = untracked.some(isEggInfo);
  return untracked.filter((path) => {
    if (/(?:^|\/)__pycache__\/$/.test(path) || isEggInfo(path)) return false;
    return !hasEggInfo || !/(?:^|\/)build\/$/.test(path) || !isBuilt(join(directory, path));
  });
}

/** Whether a folder is the metadata of the distribution that it is named after. */
function isOwn(folder: string): boolean {
  const metadata = peekText(join(folder, "PKG-INFO"), MAX_METADATA) ?? "";
  const [, name] = /^Name: *(\S+) *$/m.exec(metadata) ?? [];
  return name !== undefined &&
    normalizeName(name) === normalizeName(basename(folder).replace(/\.egg-info$/, ""));
}

function isBuilt(folder: string): boolean {
  const inside = attempt(() => Array.from(Deno.readDirSync(folder)));
  return inside?.every((it) => it.isDirectory && BUILT.test(it.name)) ?? false;
}
