/**
 * A sync, from the manifest to the environment.
 *
 * @module
 */

import { HsmError } from "../lib/errors.ts";
import { given } from "../lib/given.ts";
import type { StandInChange } from "../lib/events/outcomes.ts";
import { findLeftOut } from "../lib/packages/left_out.ts";
import { refuseSourcesOff } from "../lib/packages/source_guards.ts";
import type { FilesPlan } from "../lib/survey/plan_files.ts";
import { plannedStandIns } from "../lib/survey/planned_stand_ins.ts";
import { planStandIns } from "../lib/survey/stand_in_form.ts";
import type { Survey } from "../lib/survey/survey.ts";
import { type InjectResult, writePlan } from "../lib/survey/write_plan.ts";
import { forgetSynced, noteSynced } from "../lib/workspace/synced.ts";
import type { Workspace } from "../lib/workspace/workspace.ts";
import { type Checkout, mentionClones } from "./clone.ts";
import { installChecked, type InstallResult } from "./install.ts";
import type { MappedPackage } from "./map.ts";
import { checkoutsFor, planSync, surveyForSync } from "./steps.ts";
import { sourceFile } from "../lib/workspace/manager_files.ts";

/** How `sync` goes about it. */
export interface SyncOptions {
  /** The packages whose sources are brought up to date, by name or glob, such as `plug-*`; default: all. The others stay as they are. */
  readonly packages?: readonly string[] | undefined;
  /** Clones missing checkouts without asking. @default {false} */
  readonly yes?: boolean | undefined;
  /** The object filter of new clones, such as `blob:none`. Default: what the manifest says. */
  readonly filter?: string | undefined;
  /** Only says what would change. @default {false} */
  readonly dryRun?: boolean | undefined;
  /** Changes no file, and fails where pyproject.toml or the lock file do not match the manifest. @default {false} */
  readonly locked?: boolean | undefined;
  /** Goes on though something does not fit. @default {false} */
  readonly noCheck?: boolean | undefined;
  /** Leaves the manifest's `verify` commands out. @default {false} */
  readonly noVerify?: boolean | undefined;
  /**
   * Only renews the checkouts that stand in for something, in the environment, by the lock file as it is: clones nothing,
   * writes no file of the app, runs no `verify`. Of all other options none counts then, and the result is about those
   * packages. @default {false}
   */
  readonly standIns?: boolean | undefined;
  /** The last task. @default {"sync"} */
  readonly until?: "inject" | "sync" | undefined;
  /** More arguments for `uv sync`; those that concern the lock file go to `uv lock`. */
  readonly args?: readonly string[] | undefined;
}

/** What `sync` did. */
export interface SyncResult {
  /** The checkouts of the dev packages. */
  readonly checkouts: readonly Checkout[];
  /** Where the packages come from. */
  readonly sources: readonly MappedPackage[];
  /** What changed in pyproject.toml. */
  readonly injected: InjectResult;
  /** What the package manager did; undefined where it was not run. */
  readonly synced: InstallResult | undefined;
  /** In a dry run: what a sync would do about checkouts that stand in for packages; left out where that is nothing. */
  readonly standIns?: readonly StandInChange[];
}

/** What is made sure of on the way, where it is said what is to come out. */
export interface Checkpoints {
  /** Nothing of the app is written yet; the clones are there. */
  readonly beforeWriting: (plan: FilesPlan, checkouts: readonly Checkout[]) => Promise<void>;
  /** All is written, and locked anew; nothing is installed yet. */
  readonly beforeInstalling: () => Promise<void>;
}

/** Does what `sync` says; with checkpoints it ends at the first that throws. */
export async function carryOut(
  workspace: Workspace,
  options: SyncOptions,
  checkpoints?: Checkpoints,
): Promise<SyncResult> {
  const { locked, dryRun, args } = options;
  await using survey = surveyForSync(workspace, options);
  const runs = options.until !== "inject" && !dryRun;
  workspace.adapter.refuse(args ?? []);
  if (runs) await refuseSourcesOff(workspace, await survey.sourcesOff());
  // Asked now, the package manager has answered by the time that anything is written; what it says is heard then.
  const ready = runs ? workspace.adapter.ready(workspace.adapterContext) : Promise.resolve();
  ready.catch(() => {});
  const checkouts = await checkoutsFor(survey, options);
  try {
    const plan = await planSync(survey, options);
    await checkpoints?.beforeWriting(plan, checkouts);
    await ready;
    if (!dryRun) await workspace.ignore();
    const injected = await writePlan(workspace, plan, { dryRun: dryRun || locked || false });
    if (locked && injected.changed) throw outOfDate(workspace, injected);
    const result = { checkouts, sources: plan.sources, injected };
    const how = { ...options, ...given({ beforeInstalling: checkpoints?.beforeInstalling }) };
    if (runs) return { ...result, synced: await installPlanned(survey, result, how) };
    if (!dryRun) await workspace.commit();
    const planned = dryRun && options.until !== "inject" ? await plannedStandIns(survey, plan) : [];
    return { ...result, synced: undefined, ...(planned.length > 0 ? { standIns: planned } : {}) };
  } catch (error) {
    mentionClones(workspace, checkouts, error);
    throw error;
  }
}

/** Installs what was planned and written, and notes where that was a whole sync. */
async function installPlanned(
  survey: Survey,
  { checkouts, sources }: Pick<SyncResult, "checkouts" | "sources">,
  { args, locked, noCheck, noVerify, beforeInstalling }: SyncOptions & Partial<Checkpoints>,
): Promise<InstallResult> {
  const { workspace, packages } = survey;
  const synced = await installChecked(
    workspace,
    given({ args, locked, noVerify, beforeInstalling, standIns: await planStandIns(survey) }),
  );
  const leftOut = args?.length ? [] : await findLeftOut(workspace, survey.written.packages);
  for (const message of leftOut) workspace.tell({ kind: "warned", message });
  // Of all packages, checked and without arguments of its own: then this was a whole sync.
  const isAll = packages.length === workspace.manifest.packages.length;
  const isWhole = !locked && !noCheck && !noVerify && isAll && !args?.length;
  const { adapter } = workspace;
  const members = await adapter.members(await workspace.pyproject(), "pyproject.toml");
  if (!isWhole || members !== undefined) return synced;
  // What was warned of, the next sync warns of again, and what nobody could be warned of as well.
  const isTold = leftOut.length > 0 || checkouts.some((it) => it.missingSubmodules !== undefined);
  if (!isTold && !adapter.choosesGroups(workspace.env)) {
    await noteSynced(workspace, sources, survey.files);
  } else await forgetSynced(workspace);
  return synced;
}

function outOfDate({ edited }: Workspace, { diff }: InjectResult): HsmError {
  return new HsmError(
    "out-of-date",
    `Cannot sync the app: ${sourceFile(edited)} does not match hsm.yaml`,
    {
      causes: [diff],
      hint: "run `hsm sync` and commit what it changes",
      details: { diff },
    },
  );
}
