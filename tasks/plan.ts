/**
 * A plan of a sync: what it would do, as data, to be looked at and then applied.
 *
 * @module
 */

import type { PlannedClone } from "../lib/survey/planned_clones.ts";
import type { SyncPlan } from "../lib/survey/sync_plan.ts";
import type { PlannedFile } from "../lib/survey/write_plan.ts";
import type { Workspace } from "../lib/workspace/workspace.ts";
import { makePlan } from "./make_plan.ts";
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
  return await makePlan(survey);
}
