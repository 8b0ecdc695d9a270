/**
 * Whether all is in line, asked of the workspace as it is.
 *
 * @module
 */

import type { Use } from "../adapters/adapter.ts";
import type { StandInState } from "../adapters/stand_in.ts";
import { installedOf, type InstalledPackage } from "../packages/installed.ts";
import { type LockedCommit, peekLocked } from "../packages/locked.ts";
import { mapAll } from "../process/pool.ts";
import { type Difference, findDifferences } from "./differences.ts";
import { lookAtInstallation, type Outlook } from "./outlook.ts";
import type { FilesPlan } from "./plan_files.ts";
import type { Survey } from "./survey.ts";
import { sourceFile } from "../workspace/manager_files.ts";

/** What a {@linkcode judge} found. */
export interface Judgement extends Outlook {
  /** All that is not in line. */
  readonly differences: readonly Difference[];
  /** Whether a file that HSM writes into would be another. */
  readonly isRewritten: boolean;
  /** What is installed of the packages, by their keys. */
  readonly installed: ReadonlyMap<string, InstalledPackage>;
}

/**
 * Judges whether the manifest, the checkouts, the files that HSM writes into, the lock file and the environment agree.
 *
 * Touches nothing, and what the package manager is asked builds nothing and asks no server.
 *
 * @param plan What those files would become.
 * @param checkout What lies at the places of the checkouts, where more is known of them than the survey tells.
 */
export async function judge(
  survey: Survey,
  plan: FilesPlan,
  checkout: Survey["checkout"] = survey.checkout,
): Promise<Judgement> {
  const { workspace, packages } = survey;
  const { root, adapter } = workspace;
  const { changes, errors, isSynced } = plan;
  const unmapped = new Map([...errors].map(([{ key }, error]) => [key, error]));
  const isMapped = unmapped.size === 0;
  const [checkouts, installed, changed, outlook, standing] = await Promise.all([
    mapAll(packages, workspace.jobs, checkout),
    installedOf(workspace, new Set(packages.map((it) => it.key))),
    workspace.changedBy(plan.texts),
    lookAtInstallation(workspace, { isMapped, isSynced }),
    findStanding(survey),
  ]);
  // What is locked and used is asked for where there is something to tell.
  const isInstalled = outlook.install.steps?.length === 0;
  const [locked, uses] = isSynced && isInstalled
    ? [new Map<string, LockedCommit>(), new Map<string, Use>()]
    : await Promise.all([survey.locked(), adapter.uses(workspace.filesFor())]);
  const known = new Map(packages.map(({ key }, index) => [key, {
    checkout: checkouts[index],
    unmapped: unmapped.get(key),
    source: uses.get(key),
    installed: installed.get(key),
    locked: locked.get(key),
    standing: standing.get(key),
  }]));
  const edited = sourceFile(workspace.edited);
  const isRewritten = changed.length > 0;
  const facts = { root, edited, packages, known, isRewritten, changes, ...outlook };
  return { ...outlook, differences: findDifferences(facts), isRewritten, installed };
}

/** How the packages stand that checkouts are to stand in for, by their keys. */
async function findStanding(survey: Survey): Promise<ReadonlyMap<string, StandInState>> {
  const standIns = await survey.standIns();
  if (standIns.length === 0) return new Map();
  const { workspace: { adapter, adapterContext } } = survey;
  const locked = await peekLocked(survey.workspace) ?? [];
  const states = await adapter.standing(adapterContext, standIns, locked);
  return new Map(standIns.map((it, index) => [it.key, states[index]!]));
}
