/**
 * A plan of a sync: what it would do, as data, to be looked at and then applied.
 *
 * @module
 */

import { FORMATS } from "../lib/files/format.ts";
import { given } from "../lib/given.ts";
import { basisOf } from "../lib/survey/plan_basis.ts";
import { type PlannedClone, plannedClones } from "../lib/survey/planned_clones.ts";
import type { SyncPlan } from "../lib/survey/sync_plan.ts";
import { type PlannedFile, plannedFiles } from "../lib/survey/write_plan.ts";
import { withMissingRules } from "../lib/workspace/ignored.ts";
import type { Workspace } from "../lib/workspace/workspace.ts";
import { lookAhead } from "./look_ahead.ts";
import { surveyForSync } from "./steps.ts";

export type { PlannedClone, PlannedFile, SyncPlan };
export type {
  AppBasis,
  CheckoutCommit,
  PinnedCommit,
  PlanBasis,
} from "../lib/survey/plan_basis.ts";

/** What {@linkcode plan} is about. */
export interface PlanOptions {
  /** The packages, by name or glob, such as `plug-*`; default: all. The others stay as they are. */
  readonly packages?: readonly string[] | undefined;
}

/**
 * Plans a sync: what it would clone, write and install, and what that rests on. `JSON.stringify` keeps a plan for another
 * process, and `apply` does just what it says.
 *
 * Touches nothing and builds nothing; the remotes are asked for what is about to change. What is staged in the workspace is
 * part of what the plan rests on. Where it cannot be known what would be installed, because a checkout is missing for
 * example, `unknown` says so.
 *
 * @example
 * ```ts
 * import { openWorkspace, plan } from "@hsm/hsm";
 *
 * await using workspace = await openWorkspace({ readonly: true });
 * const planned = await plan(workspace);
 * if (planned.different) console.log(JSON.stringify(planned)); // for `apply`, here or elsewhere
 * for (const { file, diff } of planned.files) console.log(file, diff); // as `diff -u` would show it
 * ```
 *
 * @param workspace The workspace.
 * @param options Which packages.
 * @returns Plain data. `problems` are told of nowhere else.
 * @throws {HsmError} what `map` and `inject` throw
 */
export async function plan(workspace: Workspace, options: PlanOptions = {}): Promise<SyncPlan> {
  await using survey = surveyForSync(workspace, { ...options, dryRun: true });
  const { missing, files, environment, installs, unknown, ...ahead } = await lookAhead(survey);
  const rules = await workspace.ignoreRules();
  const ignored = new Map(
    rules.missing.length === 0 ? [] : [[rules.file, withMissingRules(rules)]],
  );
  return {
    version: FORMATS.plan,
    selection: survey.packages.map((it) => it.name),
    different: ahead.differences.length > 0,
    clones: await plannedClones(survey, missing),
    files: [...files, ...await plannedFiles(workspace, ignored)],
    ...given({ environment, installs, unknown }),
    ...ahead,
    restsOn: await basisOf(survey),
  };
}
