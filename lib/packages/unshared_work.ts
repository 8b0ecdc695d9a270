/**
 * Saying what a checkout holds that is nowhere else, when the app stops using it.
 *
 * @module
 */

import { groupByCheckout } from "../checkout/group.ts";
import { dirtyCount, readCheckoutState } from "../checkout/state.ts";
import { READING } from "../git/reading.ts";
import { mapAll } from "../process/pool.ts";
import { countOf } from "../text/words.ts";
import type { Context } from "../process/context.ts";
import type { ManifestPackage } from "../manifest/model.ts";

/** The warnings of checkouts that hold work which is nowhere else, in the manifest's order. Changes nothing. */
export async function findUnsharedWork(
  context: Context,
  packages: readonly ManifestPackage[],
): Promise<readonly string[]> {
  const groups = groupByCheckout(context.root, packages);
  const warnings = await mapAll(groups, context.jobs, async ({ directory, path }) => {
    const work = await unsharedWork(context, directory);
    const parts = [
      ...(work?.dirty ? [countOf(work.dirty, "uncommitted file")] : []),
      ...(work?.unpushed ? [countOf(work.unpushed, "unpushed commit")] : []),
    ];
    if (parts.length === 0) return [];
    return [`${path} has ${parts.join(" and ")}, which the app does without in prod mode`];
  });
  return warnings.flat();
}

/**
 * What a checkout holds that is nowhere else: how many files differ from the last commit, untracked ones included, how many
 * commits of any local branch or a detached HEAD no remote has, and how many stashes there are. Changes nothing, not even
 * the index.
 *
 * @returns undefined where there is no checkout.
 */
export async function unsharedWork(
  context: Context,
  directory: string,
): Promise<Readonly<Record<"dirty" | "unpushed" | "stashes", number>> | undefined> {
  const reading = await readCheckoutState(context, directory);
  if (reading.kind !== "checkout") return undefined;
  const { commit, stashes } = reading.state;
  const heads = [...(commit === undefined ? [] : ["HEAD"]), "--branches"];
  const { $ } = context;
  const commits = await $`git ${READING} rev-list --count ${heads} --not --remotes --`
    .cwd(directory).text();
  return { dirty: dirtyCount(reading.state), unpushed: Number(commits), stashes };
}
