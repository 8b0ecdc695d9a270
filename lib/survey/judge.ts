/**
 * Whether all is in line, asked of the workspace as it is.
 *
 * @module
 */

import type { Use } from "../adapters/adapter.ts";
import { standsIn } from "../manifest/stand_ins.ts";
import { installedOf, type InstalledPackage } from "../packages/installed.ts";
import type { LockedCommit } from "../packages/locked.ts";
import { leavingOf } from "../packages/standing.ts";
import { mapAll } from "../process/pool.ts";
import { type Difference, findDifferences } from "./differences.ts";
import { findNotLocked } from "./not_locked.ts";
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
  const standIns = packages.filter(standsIn);
  const ofStandIns = standIns.length === 0 ? [] : (await survey.sources(standIns)).errors;
  const unmapped = new Map([...errors, ...ofStandIns].map(([{ key }, error]) => [key, error]));
  const isMapped = errors.size === 0;
  const [checkouts, installed, changed, outlook, standings, leaving, nowhere] = await Promise.all([
    mapAll(packages, workspace.jobs, checkout),
    installedOf(workspace, new Set(packages.map((it) => it.key))),
    workspace.changedBy(plan.texts),
    lookAtInstallation(workspace, { isMapped, isSynced }),
    survey.standings(),
    survey.standIns().then((it) => leavingOf(workspace, it)),
    findNotLocked(workspace, packages),
  ]);
  const standing = new Map(standings.map((it) => [it.key, it]));
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
    isNotLocked: nowhere.some((it) => it.key === key),
  }]));
  const edited = sourceFile(workspace.edited);
  const names = new Set(workspace.manifest.packages.map((it) => it.name));
  const isRewritten = changed.length > 0;
  const of = { root, edited, packages, known, isRewritten, changes };
  const facts = { ...of, gone: leaving.filter((it) => !names.has(it.package)), ...outlook };
  return { ...outlook, differences: findDifferences(facts), isRewritten, installed };
}
