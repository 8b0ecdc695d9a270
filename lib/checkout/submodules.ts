/**
 * The submodules that a checkout is to have, and whether they are there.
 *
 * @module
 */

import { join } from "@std/path";
import { attempt } from "../attempt.ts";
import type { Context } from "../process/context.ts";
import { readGitmodules, recordedCommits, submoduleKeys } from "../git/gitmodules.ts";
import { gitFolder } from "../git/folder.ts";
import { infoAt } from "../files/is_there.ts";
import { READING } from "../git/reading.ts";
import type { Manifest } from "../manifest/model.ts";

/** A submodule that a checkout is to have. */
export interface Submodule {
  /** What git calls it, wherever it lies. */
  readonly name: string;
  /** Its folder, relative to the checkout, with `/`. */
  readonly path: string;
  /** The commit that is recorded for it. */
  readonly commit: string;
}

/** Whether the checkout at a path is to have submodules: where a package says no, those that share it go without too. */
export function wantsSubmodules({ packages }: Manifest, path: string): boolean {
  return packages.every((it) => it.path !== path || it.mode === "prod" || it.submodules);
}

/**
 * The submodules that git is to fetch into a checkout: those that are recorded and that `.gitmodules` names, without the
 * ones that it or the configuration says to leave alone (`update = none`, `submodule.active`). Starts no program where
 * there is no `.gitmodules`, and touches nothing.
 *
 * @param directory The checkout, or a submodule of it, absolute.
 * @returns undefined where git cannot read `.gitmodules`.
 * @throws {HsmError} `tool-missing`
 */
export async function wantedSubmodules(
  context: Context,
  directory: string,
): Promise<readonly Submodule[] | undefined> {
  if (!hasGitmodules(directory)) return [];
  const $ = context.$.with({ cwd: directory });
  const [entries, configured] = await Promise.all([
    readGitmodules(context, directory, { file: ".gitmodules" }),
    $`git ${READING} config --null --get-regexp ${"^submodule\\."}`.noThrow(),
  ]);
  if (entries === undefined) return undefined;
  const own = submoduleKeys(configured.stdout);
  const patterns = configured.stdout.split("\0").filter((it) => it.startsWith(ACTIVE))
    .map((it) => it.slice(ACTIVE.length));
  const wanted = entries.filter(({ name, update }) =>
    (own.get(name)?.get("update") ?? update) !== "none" && isTrue(own.get(name)?.get("active"))
  );
  const listed = patterns.length === 0
    ? undefined
    : new Set((await $`git ${READING} ls-files -z -- ${patterns}`.noThrow().text()).split("\0"));
  const isActive = ({ name, path }: { readonly name: string; readonly path: string }) =>
    listed === undefined || listed.has(path) || own.get(name)?.has("active");
  const active = wanted.filter(isActive);
  const commits = await recordedCommits(context, directory, active.map((it) => it.path));
  return active.flatMap(({ name, path }) => {
    const commit = commits.get(path);
    return commit === undefined ? [] : [{ name, path, commit }];
  });
}

const ACTIVE = "submodule.active\n";

/** A boolean of git's; what is not said does not say no. */
function isTrue(value = "true"): boolean {
  return !/^(?:false|no|off|0*)$/i.test(value);
}

/**
 * The submodules, nested ones included, that a checkout is to have and has not. Touches nothing.
 *
 * @returns Their paths, relative to the checkout, with `/`.
 * @throws {HsmError} `tool-missing`
 */
export async function missingSubmodules(
  context: Context,
  directory: string,
): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const { path } of await wantedSubmodules(context, directory) ?? []) {
    const folder = join(directory, path);
    if (!isFilled(folder)) missing.push(path);
    else {
      for (const inner of await missingSubmodules(context, folder)) {
        missing.push(`${path}/${inner}`);
      }
    }
  }
  return missing;
}

/** Whether a submodule has been checked out into its folder; a clone of it that was cut off has no index yet. */
export function isFilled(folder: string): boolean {
  return attempt(() => Deno.statSync(join(gitFolder(folder), "index")).isFile) ?? false;
}

/** Whether a checkout may have submodules. */
export function hasGitmodules(directory: string): boolean {
  // git does not read one that is a link, either.
  return infoAt(join(directory, ".gitmodules"))?.isFile ?? false;
}
