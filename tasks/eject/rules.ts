/**
 * The rules that HSM has given git and those who search, once it is gone.
 *
 * @module
 */

import { join, resolve } from "@std/path";
import { isThere } from "../../lib/files/is_there.ts";
import { realFiles } from "../../lib/files/layer.ts";
import { readText } from "../../lib/files/read_text.ts";
import {
  excludeFile,
  GITIGNORE,
  linesFor,
  placeInside,
  SETTINGS,
} from "../../lib/workspace/ignored.ts";
import { SEARCH_FILE } from "../../lib/workspace/search_file.ts";
import type { Workspace } from "../../lib/workspace/workspace.ts";

/**
 * The files of rules without HSM's lines, as far as nothing needs them: those for checkouts stay with these. Changes nothing.
 *
 * @returns Those that change, by path; undefined: nothing else is in it.
 */
export async function withoutRules(
  workspace: Workspace,
): Promise<ReadonlyMap<string, string | undefined>> {
  const { root, manifest: { packages, packagesDir } } = workspace;
  const all = [packagesDir, ...packages.map((it) => it.path)].filter((it) => it !== ".");
  const unused = all.flatMap((it) => placeInside(root, it) ?? []).filter((it) => isEmpty(root, it));
  const exclude = await excludeFile(workspace);
  const rules = [
    { file: GITIGNORE, lines: linesFor([...unused, SETTINGS]) },
    ...exclude === undefined
      ? []
      : [{ file: exclude.file, lines: linesFor([...unused, SETTINGS], exclude.prefix) }],
    { file: SEARCH_FILE, lines: linesFor(unused).map((it) => `!${it}`) },
  ];
  const changed = new Map<string, string | undefined>();
  for (const { file, lines } of rules) {
    const path = resolve(root, file);
    // What a link leads to is somebody else's.
    if (realFiles().facts(path)?.kind !== "file") continue;
    const text = await readText(path, file, "io") ?? "";
    const left = text.split(/(?<=\n)/).filter((it) => !lines.includes(it.replace(/\r?\n$/, "")));
    const after = left.join("");
    if (after !== text) changed.set(file, after === "" ? undefined : after);
  }
  return changed;
}

/** Whether nothing lies at a place, or in the folder that is there. */
function isEmpty(root: string, place: string): boolean {
  if (!isThere(root, place)) return true;
  const path = join(root, place);
  return realFiles().facts(path)?.kind === "folder" && realFiles().list(path).length === 0;
}
