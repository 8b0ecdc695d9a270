/**
 * What a sync would do, as data that can be kept.
 *
 * @module
 */

import type { InstallPlan, InstallStep } from "../adapters/adapter.ts";
import { HsmError } from "../errors.ts";
import { FORMATS, refuseNewer } from "../files/format.ts";
import type { Problem } from "../reconcile/problem.ts";
import type { StandInChange } from "../events/outcomes.ts";
import { isTable, tableOf } from "../table.ts";
import type { Difference } from "./differences.ts";
import type { PlanBasis } from "./plan_basis.ts";
import type { PlannedClone } from "./planned_clones.ts";
import type { PlannedPackage } from "./planned_packages.ts";
import type { PlannedFile } from "./write_plan.ts";

/**
 * What a sync would do, and what that rests on: JSON can hold it, and another process apply it.
 *
 * @example
 * ```ts
 * import { openWorkspace, plan, type SyncPlan } from "@hsm/hsm";
 *
 * const isHarmless = ({ clones, problems }: SyncPlan) =>
 *   clones.length === 0 && problems.every((it) => it.severity !== "error");
 * await using workspace = await openWorkspace({ readonly: true });
 * console.log(isHarmless(await plan(workspace)));
 * ```
 */
export interface SyncPlan {
  /** The format of it. */
  readonly version: number;
  /** The packages that it is about, by name. */
  readonly selection: readonly string[];
  /** Whether a sync would change anything. */
  readonly different: boolean;
  /** The checkouts that it would clone. */
  readonly clones: readonly PlannedClone[];
  /** The packages that it would change. */
  readonly packages: readonly PlannedPackage[];
  /** The files that it would write, but for the lock file. */
  readonly files: readonly PlannedFile[];
  /** Whether there is no lock file yet, so that it would write one. */
  readonly unlocked: boolean;
  /** What it would do to the environment as a whole; left out where that is not known. */
  readonly environment?: InstallPlan["environment"];
  /** What it would do to the environment, in order; left out where that is not known. */
  readonly installs?: readonly InstallStep[];
  /** Why it is not known what it would do to the environment. */
  readonly unknown?: string;
  /** What it would do about checkouts that stand in for packages; left out where that is nothing. */
  readonly standIns?: readonly StandInChange[];
  /** All that is not in line, as `status` has it. */
  readonly differences: readonly Difference[];
  /** What does not fit, as `check` has it: with an error among them a plan is not applied, unless that is told to. */
  readonly problems: readonly Problem[];
  /** What has to be as it was when it is applied. */
  readonly restsOn: PlanBasis;
}

/**
 * Takes a value for a plan, which may have been kept anywhere meanwhile.
 *
 * @throws {HsmError} `newer-format`; `plan-invalid` where it is none
 */
export function readPlan(value: unknown): SyncPlan {
  const plan = tableOf(value);
  refuseNewer("plan", plan["version"], { action: "apply the plan", what: "it" });
  const { files, pins, checkouts } = tableOf(plan["restsOn"]);
  const lists = ["selection", "clones", "packages", "files", "differences", "problems"];
  const isPlan = plan["version"] === FORMATS.plan && isTable(files) &&
    [pins, checkouts, ...lists.map((it) => plan[it])].every(Array.isArray);
  if (isPlan) return value as SyncPlan;
  throw new HsmError("plan-invalid", "Cannot apply the plan: it is none that hsm has made", {
    hint: "`plan()` makes one, and JSON keeps it as it is",
  });
}
