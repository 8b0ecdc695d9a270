/**
 * The other branches of the app's repository, which a rebase moves along where `rebase.updateRefs` is set.
 *
 * @module
 */

import type { Context } from "../../lib/context.ts";
import { READING } from "../../lib/git/reading.ts";

/** The commits of branches, by their names in full. */
export type Branches = ReadonlyMap<string, string>;

/** Reads where all branches are. */
export async function readBranches({ $ }: Context, top: string): Promise<Branches> {
  const format = "--format=%(objectname) %(refname)";
  const lines = await $`git ${READING} for-each-ref ${format} refs/heads`.cwd(top).noThrow()
    .lines();
  return new Map(
    lines.map((line) => {
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
  { $ }: Context,
  top: string,
  from: Branches,
  to: Branches,
): Promise<void> {
  for (const [ref, commit] of to) {
    const now = from.get(ref);
    if (now === undefined || now === commit) continue;
    await $`git update-ref -m 'hsm pull --app: back' ${ref} ${commit} ${now}`.cwd(top).noThrow();
  }
}
