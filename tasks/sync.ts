/**
 * `hsm sync`: the four tasks in their order, from the manifest to the environment.
 *
 * @module
 */

import { ADAPTER_ARGUMENTS, type Command, defineCommand } from "../lib/command/command.ts";
import { hintAtNoVerify, syncOutcome } from "../lib/cli/describe_sync.ts";
import { HsmError } from "../lib/errors.ts";
import { given } from "../lib/given.ts";
import { findLeftOut } from "../lib/packages/left_out.ts";
import { refuseSourcesOff } from "../lib/packages/source_guards.ts";
import type { Survey } from "../lib/survey/survey.ts";
import { type InjectResult, writePlan } from "../lib/survey/write_plan.ts";
import { forgetSynced, noteSynced } from "../lib/workspace/synced.ts";
import type { Workspace } from "../lib/workspace/workspace.ts";
import { type Checkout, mentionClones } from "./clone.ts";
import type { MappedPackage } from "./map.ts";
import { install, installChecked, type InstallResult } from "./install.ts";
import { checkoutsFor, planSync, surveyForSync } from "./steps.ts";
import { flag } from "../lib/command/options.ts";
import { objectFilter, packageOptions } from "../lib/packages/options.ts";

export type { InjectResult };

/** How {@linkcode sync} goes about it. */
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
  /** The last task. @default {"sync"} */
  readonly until?: "inject" | "sync" | undefined;
  /** More arguments for `uv sync`; those that concern the lock file go to `uv lock`. */
  readonly args?: readonly string[] | undefined;
}

/** What {@linkcode sync} did. */
export interface SyncResult {
  /** The checkouts of the dev packages. */
  readonly checkouts: readonly Checkout[];
  /** Where the packages come from. */
  readonly sources: readonly MappedPackage[];
  /** What changed in pyproject.toml. */
  readonly injected: InjectResult;
  /** What the package manager did; undefined where it was not run. */
  readonly synced: InstallResult | undefined;
}

/**
 * Clones, maps, injects and syncs: afterwards the environment is what the manifest says.
 *
 * Touches missing checkouts, pyproject.toml, the lock file and the environment; all but the checkouts go back if
 * anything fails.
 *
 * @example
 * ```ts
 * import { openWorkspace, sync } from "@hsm/hsm";
 *
 * await using workspace = await openWorkspace();
 * const { injected } = await sync(workspace, { yes: true });
 * console.log(injected.changes);
 * ```
 *
 * @throws {HsmError} what `clone`, `map`, `inject` and `install` throw; `out-of-date` with `locked`
 */
export async function sync(
  workspace: Workspace,
  options: SyncOptions = {},
): Promise<SyncResult> {
  if (workspace.hasInjected && !options.dryRun) return await installInjected(workspace, options);
  const { locked, dryRun, args } = options;
  await using survey = surveyForSync(workspace, options);
  const runs = options.until !== "inject" && !dryRun;
  workspace.adapter.refuse(args ?? []);
  if (runs) await refuseSourcesOff(workspace, await survey.sourcesOff());
  // Asked now, the package manager has answered by the time that it is needed; what it says is heard then.
  if (runs) workspace.adapter.ready(workspace.adapterContext).catch(() => {});
  const checkouts = await checkoutsFor(survey, options);
  try {
    const plan = await planSync(survey, options);
    if (!dryRun) await workspace.ignore();
    const injected = await writePlan(workspace, plan, { dryRun: dryRun || locked || false });
    if (locked && injected.changed) throw outOfDate(workspace, injected);
    const result = { checkouts, sources: plan.sources, injected };
    if (runs) return { ...result, synced: await installPlanned(survey, result, options) };
    if (!dryRun) await workspace.commit();
    return { ...result, synced: undefined };
  } catch (error) {
    mentionClones(workspace, checkouts, error);
    throw error;
  }
}

/** What `sync()` was in 0.1, where a script has injected before. */
async function installInjected(
  workspace: Workspace,
  { args, locked, noVerify }: SyncOptions,
): Promise<SyncResult> {
  const old = "installs what was injected, as it did in 0.1";
  workspace.reporter.warn(
    `sync() after inject() ${old}: call install() instead; 0.3 syncs anew here`,
  );
  const synced = await install(workspace, given({ args, locked, noVerify }));
  const injected = { changed: false, changes: [], diff: "" };
  return { checkouts: [], sources: [], injected, synced };
}

/** Installs what was planned and written, and notes where that was a whole sync. */
async function installPlanned(
  survey: Survey,
  { checkouts, sources }: Pick<SyncResult, "checkouts" | "sources">,
  { args, locked, noCheck, noVerify }: SyncOptions,
): Promise<InstallResult> {
  const { workspace, packages } = survey;
  const synced = await installChecked(workspace, given({ args, locked, noVerify }));
  const leftOut = args?.length ? [] : await findLeftOut(workspace, packages);
  for (const message of leftOut) workspace.reporter.warn(message);
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

function outOfDate({ adapter }: Workspace, { diff }: InjectResult): HsmError {
  return new HsmError(
    "out-of-date",
    `Cannot sync the app: ${adapter.edited.join(", ")} does not match hsm.yaml`,
    {
      causes: [diff],
      hint: "run `hsm sync` and commit what it changes",
      details: { diff },
    },
  );
}

/** `hsm sync`. */
export const syncCommand: Command<SyncResult> = defineCommand({
  name: "sync",
  group: "Every day",
  summary: "Clone, map, inject and install: everything as the manifest says",
  description: "If anything fails, or on Ctrl-C, every file is as it was before.",
  examples: ["hsm sync", "hsm sync --locked", "hsm sync -- --extra dev"],
  positional: "packages",
  passthrough: ADAPTER_ARGUMENTS,
  excludes: [
    ["locked", "dryRun", "with --locked no file is to change; `hsm diff --exit-code` only looks"],
  ],
  options: {
    ...packageOptions("Only these; the others stay as they are"),
    locked: flag("Change no file; fail if one does not match the manifest (for CI)"),
    dryRun: flag("Only show the change of pyproject.toml, as a unified diff"),
    noCheck: flag("Go on though something does not fit"),
    noVerify: flag("Leave out what verify in hsm.yaml names"),
    filter: objectFilter(),
    wait: flag("Wait for another hsm in this workspace"),
  },
  async run(context, { packages, locked, filter, dryRun = false, wait = false, ...how }) {
    await using workspace = await context.open({ readonly: dryRun, wait, ...given({ locked }) });
    const options = given({ packages, locked, filter, dryRun, yes: context.yes, ...how });
    const result = await sync(workspace, { ...options, args: context.passthrough })
      .catch(hintAtNoVerify);
    return syncOutcome(result, { dryRun, page: context, workspace });
  },
});
