/**
 * Whether what git is going to put aside by itself goes together with what has come: git would find out last, and leave its
 * marks in the files.
 *
 * @module
 */

import type { Context } from "../../lib/process/context.ts";
import { NO_BACKGROUND } from "../../lib/git/fetch_checkout.ts";
import { READING } from "../../lib/git/reading.ts";
import type { Branch, Upstream, Way } from "./upstream.ts";

/**
 * The files whose uncommitted edits do not go together with what has come, where git is set to put them aside
 * (`rebase.autoStash`, `merge.autoStash`). Touches nothing but objects that nothing leads to, and the times in the index.
 *
 * @returns Their paths, relative to the top; none where git cannot tell, as before 2.38.
 */
export async function stashConflicts(
  context: Context,
  { top }: Branch,
  way: Way,
  upstream: Upstream,
): Promise<readonly string[]> {
  const $ = context.$.with({ cwd: top, isRemote: true });
  const key = `${way.kind === "rebase" ? "rebase" : "merge"}.autoStash`;
  const setting = await $`git ${READING} config --type=bool --get ${key}`.noThrow().text();
  if (setting !== "true") return [];
  const stash = await $`git ${NO_BACKGROUND} stash create`.noThrow().text();
  if (stash === "") return [];
  const how = ["--write-tree", "--name-only", "--no-messages", "-z"];
  const merged = await $`git ${NO_BACKGROUND} merge-tree ${how} ${stash} ${upstream.commit}`
    .noThrow();
  if (merged.code !== 1) return [];
  const listed = await $`git ${NO_BACKGROUND} diff-tree -r -z --name-only HEAD ${stash} --`
    .noThrow().text();
  const edited = new Set(listed.split("\0"));
  // The first one is the tree.
  return merged.stdout.split("\0").slice(1).filter((it) => it !== "" && edited.has(it));
}
