/**
 * What lies in a checkout that git would overwrite on the way to another commit: git takes ignored files for worthless,
 * and they may be the only copy.
 *
 * @module
 */

import { join } from "@std/path";
import { foldersAbove, foldPath } from "../files/fold_path.ts";
import type { Context } from "../process/context.ts";
import { READING } from "../git/reading.ts";
import type { TreeChange } from "../git/tree_changes.ts";
import type { Commands } from "../process/commands.ts";
import { exists } from "../files/is_there.ts";

/**
 * The files that the changes would overwrite or delete and no commit has: ignored and untracked ones, whatever they
 * hold, repositories of their own (with a closing `/`), and edits that git was told not to see (`assume-unchanged`,
 * `skip-worktree`). Touches nothing.
 *
 * @returns Their paths, relative to the checkout, with `/`, in git's order.
 * @throws {HsmError} `git-failed`, `tool-missing`
 */
export async function filesInTheWay(
  context: Context,
  directory: string,
  changes: readonly TreeChange[],
): Promise<readonly string[]> {
  const $ = context.$.with({ cwd: directory });
  // All that is tracked with its flags, and all that is not, ignored or not.
  const listed = await $`git ${READING} ls-files -z -v --cached --others`.text();
  const untracked: string[] = [];
  const unseen = new Set<string>();
  for (const entry of listed.split("\0")) {
    const path = entry.slice(2);
    if (entry.startsWith("?")) untracked.push(path);
    else if (/^[a-zS]/.test(entry)) unseen.add(path);
  }
  for (const { path, from } of changes) {
    if (from?.kind === "submodule" && exists(join(directory, path, ".git"))) {
      untracked.push(`${path}/`);
    }
  }
  const fold = untracked.length > 0 && await isFolding($) ? foldPath : (path: string) => path;
  const hidden = changes.filter((it) => unseen.has(it.path) && it.from?.kind !== "submodule");
  const edited = await unseenEdits($, directory, hidden);
  return [...overwritten(changes, untracked, fold), ...edited];
}

/** Whether the file system tells neither case nor Unicode forms apart, which git found out when it made the repository. */
async function isFolding($: Commands): Promise<boolean> {
  const keys = "^core\\.(ignorecase|precomposeunicode)$";
  const values = await $`git ${READING} config --type=bool --get-regexp ${keys}`.noThrow().text();
  return / true$/m.test(values);
}

/** Those of the changed files that hold something else than they did in the commit. */
async function unseenEdits(
  $: Commands,
  directory: string,
  changes: readonly TreeChange[],
): Promise<readonly string[]> {
  const there = changes.filter((it) => exists(join(directory, it.path)));
  if (there.length === 0) return [];
  const paths = there.map((it) => it.path);
  const { success, stdout } = await $`git ${READING} hash-object -- ${paths}`.noThrow();
  const ids = stdout.split("\n");
  return there.filter(({ from }, index) => !success || ids[index] !== from?.id)
    .map((it) => it.path);
}

/**
 * Those of the untracked paths that changes would overwrite. Pure.
 *
 * @param fold The form in which the file system compares paths.
 */
export function overwritten(
  changes: readonly TreeChange[],
  untracked: readonly string[],
  fold: (path: string) => string,
): readonly string[] {
  const files = new Set<string>();
  const submodules = new Set<string>();
  const folders = new Set<string>();
  for (const { path, from, to } of changes) {
    // What stays a file, or a submodule, lies in its own place.
    if (to === undefined || (from !== undefined && isSubmodule(from) === isSubmodule(to))) continue;
    (isSubmodule(to) ? submodules : files).add(fold(path));
    for (const folder of foldersAbove(path)) folders.add(fold(folder));
  }
  return untracked.filter((path) => {
    const isRepository = path.endsWith("/");
    const place = fold(isRepository ? path.slice(0, -1) : path);
    if (files.has(place) || folders.has(place)) return true;
    // git leaves alone what lies in the folder of a submodule.
    if (submodules.has(place)) return !isRepository;
    return foldersAbove(place).some((folder) => files.has(folder));
  });
}

const isSubmodule = ({ kind }: { readonly kind: string }) => kind === "submodule";
