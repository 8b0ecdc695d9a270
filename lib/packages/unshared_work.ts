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
import type { Context } from "../context.ts";
import type { ManifestPackage } from "../manifest/model.ts";

/** Warns of each checkout of the packages that holds work which is nowhere else. Changes nothing. */
export async function mentionUnsharedWork(
  context: Context,
  packages: readonly ManifestPackage[],
): Promise<void> {
  for (const warning of await findUnsharedWork(context, packages)) context.reporter.warn(warning);
}

/** The warnings of checkouts that hold work which is nowhere else, in the manifest's order. Changes nothing. */
export async function findUnsharedWork(
  context: Context,
  packages: readonly ManifestPackage[],
): Promise<readonly string[]> {
  const groups = groupByCheckout(context.root, packages);
  const warnings = await mapAll(groups, context.jobs, async ({ directory, path }) => {
    const work = await unsharedWork(context, directory);
    const state = work && describeWork(work);
    return state === undefined
      ? []
      : [`${path} has ${state}, which the app does without in prod mode`];
  });
  return warnings.flat();
}

/** What a checkout holds that is nowhere else. */
export interface UnsharedWork {
  /** How many files differ from the last commit, untracked ones included. */
  readonly dirty: number;
  /** How many commits of any local branch or a detached HEAD no remote has. */
  readonly unpushed: number;
  /** How many stashes there are. */
  readonly stashes: number;
}

/**
 * What a checkout holds that is nowhere else. Changes nothing, not even the index.
 *
 * @returns undefined where there is no checkout.
 */
export async function unsharedWork(
  context: Context,
  directory: string,
): Promise<UnsharedWork | undefined> {
  const reading = await readCheckoutState(context, directory);
  if (reading.kind !== "checkout") return undefined;
  const { commit, stashes } = reading.state;
  const heads = [...(commit === undefined ? [] : ["HEAD"]), "--branches"];
  const { $ } = context;
  const commits = await $`git ${READING} rev-list --count ${heads} --not --remotes --`
    .cwd(directory).text();
  return { dirty: dirtyCount(reading.state), unpushed: Number(commits), stashes };
}

function describeWork({ dirty, unpushed }: UnsharedWork): string | undefined {
  const parts = [
    ...(dirty > 0 ? [countOf(dirty, "uncommitted file")] : []),
    ...(unpushed > 0 ? [countOf(unpushed, "unpushed commit")] : []),
  ];
  return parts.length === 0 ? undefined : parts.join(" and ");
}
