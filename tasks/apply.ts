/**
 * A plan of a sync, carried out.
 *
 * @module
 */

import { headCommit } from "../lib/checkout/head_commit.ts";
import { given } from "../lib/given.ts";
import { normalizeName } from "../lib/names.ts";
import { appBasis } from "../lib/survey/plan_basis.ts";
import {
  appChanges,
  fileTextChanges,
  installChanges,
  type PlanChange,
  planChanges,
  refuseChanges,
} from "../lib/survey/plan_changes.ts";
import { withoutStandIns } from "../lib/survey/planned_stand_ins.ts";
import { readPlan, type SyncPlan } from "../lib/survey/sync_plan.ts";
import { plannedFiles } from "../lib/survey/write_plan.ts";
import type { Workspace } from "../lib/workspace/workspace.ts";
import { carryOut, type Checkpoints, type SyncResult } from "./carry_out.ts";
import { makePlan } from "./make_plan.ts";
import { surveyForSync } from "./steps.ts";

export type { SyncPlan, SyncResult };

/** How {@linkcode apply} goes about it. */
export interface ApplyOptions {
  /** Goes on though the plan has problems that are errors. @default {false} */
  readonly noCheck?: boolean | undefined;
  /** Leaves the manifest's `verify` commands out. @default {false} */
  readonly noVerify?: boolean | undefined;
}

/**
 * Does just what a plan says, as a sync, or fails where the world has changed since it was made.
 *
 * Nothing is done because a plan says so: it is planned anew, and only if that comes to the same is it carried out. What
 * shows but later, the commit of a clone or what the package manager has locked, is compared as well, before anything is
 * installed; only what the plan itself did not know is not.
 *
 * Touches what `sync` touches, in one transaction; the clones that the plan names are made without asking.
 *
 * @example
 * ```ts
 * import { apply, openWorkspace, plan } from "@hsm/hsm";
 *
 * await using workspace = await openWorkspace();
 * const planned = await plan(workspace);
 * for (const { file, diff } of planned.files) console.log(file, diff); // to be looked at
 * const { injected } = await apply(workspace, planned);
 * console.log(injected.changed); // whether there was anything to write
 * ```
 *
 * @param workspace The workspace.
 * @param planned The plan, as `plan` made it or as JSON gave it back.
 * @param options What to leave out.
 * @returns What each step came to, as `sync` returns it.
 * @throws {HsmError} `plan-outdated`, whose `details.changes` name what has changed; `plan-invalid`, `newer-format`;
 * `packages-incompatible` where the plan has problems that are errors; what `sync` throws
 */
export async function apply(
  workspace: Workspace,
  planned: SyncPlan,
  { noCheck, noVerify }: ApplyOptions = {},
): Promise<SyncResult> {
  const then = readPlan(planned);
  refuseChanges(appChanges(then.restsOn, await appBasis(workspace)));
  const packages = then.selection;
  const { name } = await workspace.app();
  const own = name === undefined ? undefined : normalizeName(name);
  {
    // The sync tells what it finds.
    await using survey = surveyForSync(workspace, { packages, dryRun: true, isQuiet: true });
    refuseChanges(planChanges(then, await makePlan(survey), own));
  }
  if (then.installs === undefined) {
    const reason = then.unknown === undefined ? "" : `: ${then.unknown}`;
    const message = `The plan does not say what is installed${reason}`;
    workspace.tell({ kind: "told", message });
  }
  return await carryOut(
    workspace,
    { packages, yes: true, ...given({ noCheck, noVerify }) },
    checkpointsOf(workspace, then, own),
  );
}

function checkpointsOf(
  workspace: Workspace,
  then: SyncPlan,
  own: string | undefined,
): Checkpoints {
  return {
    async beforeWriting({ texts }, checkouts) {
      const cloned = checkouts.some((it) => it.state === "cloned");
      const files = await plannedFiles(workspace, texts);
      const sources = then.files.filter((it) => texts.has(it.file));
      const changes = [
        ...await movedClones(workspace, then),
        ...fileTextChanges({ files: sources }, { files }),
      ];
      refuseChanges(changes, cloned);
    },
    async beforeInstalling() {
      const { adapter, adapterContext } = workspace;
      if (then.installs === undefined) return;
      const { environment, steps, reason } = await adapter.wouldInstall(adapterContext);
      const installs = withoutStandIns(workspace.manifest, steps);
      const now = given({ environment, installs, unknown: reason });
      refuseChanges(installChanges(then, now, own), true);
    },
  };
}

/** The clones that have become others than the plan says. */
async function movedClones(
  workspace: Workspace,
  { clones }: SyncPlan,
): Promise<readonly PlanChange[]> {
  const found = clones.filter((it) => it.commit !== null).map(async ({ path, commit }) => {
    const head = await headCommit(workspace, path);
    const message = `the clone in ${path} is at ${head?.slice(0, 7)}, not at ${
      commit?.slice(0, 7)
    }`;
    return head === commit ? [] : [{ what: path, message }];
  });
  return (await Promise.all(found)).flat();
}
