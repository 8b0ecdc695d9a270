/**
 * What a sync would do, found out without doing it.
 *
 * @module
 */

import type { InstallPlan, InstallStep } from "../lib/adapters/adapter.ts";
import type { StandInChange } from "../lib/events/outcomes.ts";
import { standsIn } from "../lib/manifest/stand_ins.ts";
import type { Problem } from "../lib/reconcile/problem.ts";
import type { Difference } from "../lib/survey/differences.ts";
import { judge } from "../lib/survey/judge.ts";
import { mapSources } from "../lib/survey/map_sources.ts";
import { type FilesPlan, planFiles } from "../lib/survey/plan_files.ts";
import { type PlannedPackage, plannedPackages } from "../lib/survey/planned_packages.ts";
import { plannedStandIns, withoutStandIns } from "../lib/survey/planned_stand_ins.ts";
import type { Survey } from "../lib/survey/survey.ts";
import { type PlannedFile, plannedFiles } from "../lib/survey/write_plan.ts";
import { checkoutsFor, findProblems } from "./steps.ts";

/** What a sync would do. */
export interface Ahead {
  /** The packages whose checkout it would clone. */
  readonly missing: readonly string[];
  /** The packages that it would change. */
  readonly packages: readonly PlannedPackage[];
  /** The files that HSM writes into, as far as they would be others. */
  readonly files: readonly PlannedFile[];
  /** Whether there is no lock file yet. */
  readonly unlocked: boolean;
  /** What it would do to the environment as a whole; undefined where that is not known. */
  readonly environment: InstallPlan["environment"] | undefined;
  /** What it would do to the environment, in order; undefined where that is not known. */
  readonly installs: readonly InstallStep[] | undefined;
  /** Why it is not known. */
  readonly unknown: string | undefined;
  /** What it would do about checkouts that stand in for packages. */
  readonly standIns: readonly StandInChange[];
  /** All that is not in line. */
  readonly differences: readonly Difference[];
  /** What does not fit, and what might not. */
  readonly problems: readonly Problem[];
}

/**
 * Finds out what a sync would do. Writes nothing and builds nothing.
 *
 * @param survey One that takes checkouts for cloned.
 * @throws {HsmError} whatever keeps a sync from being planned: what `map` and `inject` throw
 */
export async function lookAhead(survey: Survey): Promise<Ahead> {
  const { workspace } = survey;
  const before = await workspace.adapter.uses(workspace.filesFor());
  const checkouts = await checkoutsFor(survey, { dryRun: true });
  const missing = checkouts.filter((it) => it.state === "missing").map((it) => it.package);
  await mapSources(survey);
  const problems = await findProblems(survey);
  const plan = await planFiles(survey);
  const { differences, lock, strangers, install } = await judge(survey, plan);
  const files = await plannedFiles(workspace, plan.texts);
  const isUpToDate = files.length === 0 && lock.state === "current" && strangers?.length === 0;
  const { environment, steps, reason } = isUpToDate
    ? install
    : await planInstall(survey, plan, missing);
  const standIns = await plannedStandIns(survey, { changes: plan.changes, steps });
  const packages = await plannedPackages(survey, plan, { before, missing, standIns });
  return {
    missing,
    packages,
    files,
    unlocked: lock.state === "missing",
    environment: steps && environment,
    installs: withoutStandIns(workspace.manifest, steps),
    unknown: reason,
    standIns,
    differences,
    problems,
  };
}

/** What would be installed once the files are written. */
async function planInstall(
  { workspace, packages }: Survey,
  { texts }: FilesPlan,
  uncloned: readonly string[],
): Promise<InstallPlan> {
  // What checkouts stand in for is known without them.
  const standIns = new Set(packages.filter(standsIn).map((it) => it.name));
  const missing = uncloned.filter((it) => !standIns.has(it));
  if (missing.length > 0) {
    const reason = `${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} not cloned yet`;
    return { environment: "kept", steps: undefined, reason };
  }
  return await workspace.adapter.wouldInstall(workspace.adapterContext, texts);
}
