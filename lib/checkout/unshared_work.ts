/**
 * Saying what a checkout holds that is nowhere else, when the app stops using it.
 *
 * @module
 */

import { groupByCheckout } from "./group.ts";
import { hasCheckout } from "./verify.ts";
import { remoteAddresses, type UnsharedWork, unsharedWork } from "../git/commands.ts";
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
    if (!hasCheckout(workspace.root, path)) return [];
    if (await remoteAddresses(workspace, directory) === undefined) return [];
    const state = describeWork(await unsharedWork(workspace, directory));
    return state === undefined
      ? []
      : [`${path} has ${state}, which the app does without in prod mode`];
  });
  return warnings.flat();
}

function describeWork({ dirty, unpushed }: UnsharedWork): string | undefined {
  const parts = [
    ...(dirty > 0 ? [countOf(dirty, "uncommitted file")] : []),
    ...(unpushed > 0 ? [countOf(unpushed, "unpushed commit")] : []),
  ];
  return parts.length === 0 ? undefined : parts.join(" and ");
}
