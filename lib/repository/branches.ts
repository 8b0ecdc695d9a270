/**
 * The other branches of the app's repository, which a rebase moves along where `rebase.updateRefs` is set.
 *
 * @module
 */

import { askGit, type GitContext } from "../git/ask.ts";
import { READING } from "../git/reading.ts";

/** The commits of branches, by their names in full. */
export type Branches = ReadonlyMap<string, string>;

/** Reads where all branches are. */
export async function readBranches(context: GitContext, top: string): Promise<Branches> {
  const args = [...READING, "for-each-ref", "--format=%(objectname) %(refname)", "refs/heads"];
  const { stdout } = await askGit(context, args, { cwd: top });
  return new Map(
    stdout.split("\n").filter((it) => it !== "").map((line) => {
      const [commit = "", ref = ""] = line.split(" ");
      return [ref, commit];
    }),
  );
}

/**
 * Moves branches back to where they were. One that somebody has moved since stays there.
 *
 * @param from Where they have been moved to.
 * @param to Where they were.
 */
export async function moveBranchesBack(
  context: GitContext,
  top: string,
  from: Branches,
  to: Branches,
): Promise<void> {
  for (const [ref, commit] of to) {
    const now = from.get(ref);
    if (now === undefined || now === commit) continue;
    const args = ["update-ref", "-m", "hsm pull --app: back", ref, commit, now];
    await askGit(context, args, { cwd: top });
  }
}
