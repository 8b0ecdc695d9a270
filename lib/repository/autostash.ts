/**
 * Whether what git is going to put aside by itself goes together with what has come: git would find out last, and leave its
 * marks in the files.
 *
 * @module
 */

import { askGit, type GitContext } from "../git/ask.ts";
import { NO_BACKGROUND } from "../git/fetch_checkout.ts";
import { READING } from "../git/reading.ts";
import type { Branch, Upstream, Way } from "./upstream.ts";

/**
 * The files whose uncommitted edits do not go together with what has come, where git is set to put them aside
 * (`rebase.autoStash`, `merge.autoStash`). Touches nothing but objects that nothing leads to, and the times in the index.
 *
 * @returns Their paths, relative to the top; none where git cannot tell, as before 2.38.
 */
export async function stashConflicts(
  context: GitContext,
  { top, environment }: Branch,
  way: Way,
  upstream: Upstream,
): Promise<readonly string[]> {
  const ask = async (...args: string[]) => {
    const result = await askGit(context, [...NO_BACKGROUND, ...args], {
      cwd: top,
      env: environment,
    });
    return { ...result, words: result.stdout.split("\0") };
  };
  const key = `${way.kind === "rebase" ? "rebase" : "merge"}.autoStash`;
  const { stdout: setting } = await ask(...READING, "config", "--type=bool", "--get", key);
  if (setting.trim() !== "true") return [];
  const stash = (await ask("stash", "create")).stdout.trim();
  if (stash === "") return [];
  const how = ["--write-tree", "--name-only", "--no-messages", "-z"];
  const merged = await ask("merge-tree", ...how, stash, upstream.commit);
  if (merged.code !== 1) return [];
  const { words } = await ask("diff-tree", "-r", "-z", "--name-only", "HEAD", stash, "--");
  const edited = new Set(words);
  // The first one is the tree.
  return merged.words.slice(1).filter((it) => it !== "" && edited.has(it));
}
