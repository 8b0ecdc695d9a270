/**
 * Saying what a checkout holds that is nowhere else, when the app stops using it.
 *
 * @module
 */

import { groupByCheckout } from "./group.ts";
import { dirtyCount, readCheckoutState } from "./state.ts";
import { tellGit } from "../git/ask.ts";
import { READING } from "../git/reading.ts";
import { mapAll } from "../process/pool.ts";
import { selectPackages } from "../packages/select.ts";
import { countOf } from "../text/words.ts";
import type { Workspace } from "../workspace/workspace.ts";

/** Warns of each checkout of the packages that holds work which is nowhere else. Changes nothing. */
export async function mentionUnsharedWork(
  workspace: Workspace,
  names: readonly string[],
): Promise<void> {
  for (const warning of await findUnsharedWork(workspace, names)) workspace.reporter.warn(warning);
}

/** The warnings of checkouts that hold work which is nowhere else, in the manifest's order. Changes nothing. */
export async function findUnsharedWork(
  workspace: Workspace,
  names: readonly string[],
): Promise<readonly string[]> {
  if (names.length === 0) return [];
  const packages = selectPackages(workspace.manifest, names);
  const groups = groupByCheckout(workspace.root, packages);
  const warnings = await mapAll(groups, workspace.jobs, async ({ directory, path }) => {
    const work = await unsharedWork(workspace, directory);
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
  workspace: Workspace,
  directory: string,
): Promise<UnsharedWork | undefined> {
  const reading = await readCheckoutState(workspace, directory);
  if (reading.kind !== "checkout") return undefined;
  const { commit, stashes } = reading.state;
  const heads = [...(commit === undefined ? [] : ["HEAD"]), "--branches"];
  const commits = await tellGit(
    workspace,
    [...READING, "rev-list", "--count", ...heads, "--not", "--remotes", "--"],
    { cwd: directory, action: "ask git" },
  );
  return { dirty: dirtyCount(reading.state), unpushed: Number(commits), stashes };
}

function describeWork({ dirty, unpushed }: UnsharedWork): string | undefined {
  const parts = [
    ...(dirty > 0 ? [countOf(dirty, "uncommitted file")] : []),
    ...(unpushed > 0 ? [countOf(unpushed, "unpushed commit")] : []),
  ];
  return parts.length === 0 ? undefined : parts.join(" and ");
}
