/**
 * `hsm sync`: the four tasks in their order, from the manifest to the environment.
 *
 * @module
 */

import { describeChanges } from "../lib/cli/describe_changes.ts";
import {
  ADAPTER_ARGUMENTS,
  type Command,
  type CommandOutcome,
  defineCommand,
} from "../lib/command/command.ts";
import { HsmError } from "../lib/errors.ts";
import { given } from "../lib/given.ts";
import { findLeftOut } from "../lib/packages/left_out.ts";
import { selectPackages } from "../lib/packages/select.ts";
import { refuseSourcesOff } from "../lib/packages/source_guards.ts";
import { renderProblem } from "../lib/reconcile/render_problem.ts";
import { type Plan, planOf } from "../lib/survey/plan.ts";
import { Survey } from "../lib/survey/survey.ts";
import { type InjectResult, writePlan } from "../lib/survey/write_plan.ts";
import type { Page } from "../lib/text/page.ts";
import { paintDiff } from "../lib/text/diff.ts";
import { describeSynced, forgetSynced, noteSynced } from "../lib/workspace/synced.ts";
import type { Workspace } from "../lib/workspace/workspace.ts";
import { checkOf } from "./check.ts";
import { type Checkout, cloneOf, mentionClones } from "./clone.ts";
import { mapOf, type MappedPackage } from "./map.ts";
import { install, installChecked, type InstallResult } from "./install.ts";
import { flag } from "../lib/command/options.ts";
import { objectFilter, packageOptions } from "../lib/packages/options.ts";
import { countOf } from "../lib/text/words.ts";

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

/** The survey that a sync goes by. */
export function surveyForSync(
  workspace: Workspace,
  { packages, dryRun = false, locked }: Pick<SyncOptions, "packages" | "dryRun" | "locked">,
): Survey {
  return new Survey(workspace, {
    packages: selectPackages(workspace.manifest, packages),
    asks: locked ? "none" : "changed",
    assumesClones: dryRun,
  });
}

/**
 * The checkouts that a sync works with; in a dry run nothing is cloned. The pins that are about to change are read meanwhile.
 *
 * @throws {HsmError} what `clone` throws, and `manifest-invalid`
 */
export async function checkoutsFor(
  survey: Survey,
  { yes, filter, dryRun, locked }: SyncOptions,
): Promise<readonly Checkout[]> {
  await refuseEmptied(survey.workspace);
  if (!locked) await survey.beginReading();
  if (survey.packages.every((it) => it.mode === "prod")) return [];
  // Whoever needs what cannot be loaded is told of it.
  survey.load().catch(() => {});
  const { checkouts } = await cloneOf(survey, given({ yes, filter, dryRun }));
  if (checkouts.some((it) => it.state === "cloned")) await survey.askAgain();
  return checkouts;
}

/**
 * What a sync writes, once all checkouts are there.
 *
 * @throws {HsmError} whatever keeps a sync from working: what `map` throws, and `packages-incompatible`
 */
export async function planSync(survey: Survey, options: SyncOptions): Promise<Plan> {
  await mapOf(survey);
  await checkFirst(survey, options);
  return await planOf(survey);
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

/** A file that has lost its content is not a wish to take every package out. */
async function refuseEmptied(workspace: Workspace): Promise<void> {
  if (workspace.manifest.packages.length > 0 || (await workspace.read("hsm.yaml"))?.trim()) return;
  const { adapter } = workspace;
  const owned = await adapter.owned(workspace.filesFor());
  if (owned.length === 0) return;
  throw new HsmError(
    "manifest-invalid",
    `Cannot go by an empty hsm.yaml: ${adapter.edited.join(", ")} has ${owned.join(", ")} from it`,
    { hint: "bring it back, or write `packages: {}` to take them out" },
  );
}

/**
 * Finds out in memory whether everything fits, before a byte is written. Only packages whose source is about to change
 * are asked for on their remotes.
 */
async function checkFirst(
  survey: Survey,
  { locked, noCheck }: SyncOptions,
): Promise<void> {
  // Where nothing may change, uv has judged already: its lock file is the proof.
  if (locked) return;
  const { workspace } = survey;
  const { problems } = await checkOf(survey, { isBeforeInjection: true });
  for (const { severity, message, fix } of problems) {
    if (severity === "warning") workspace.reporter.warn(`${message}: ${fix}`);
  }
  const errors = problems.filter((it) => it.severity === "error");
  if (errors.length === 0 || noCheck) return;
  throw new HsmError(
    "packages-incompatible",
    `Cannot sync the app: ${countOf(errors.length, "problem")}`,
    {
      causes: errors.map((it) => renderProblem(it)),
      hint: `nothing was changed; \`${
        workspace.commandWith("--no-check")
      }\` leaves it to ${workspace.adapter.name}`,
      details: { problems: errors },
    },
  );
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

/** What a run of the pipeline came to, as a command shows it. */
export function syncOutcome(
  result: SyncResult,
  options: { readonly dryRun: boolean; readonly page: Page; readonly workspace: Workspace },
): CommandOutcome<SyncResult> {
  const { injected, sources, synced } = result;
  const { dryRun, page, workspace } = options;
  const text = dryRun
    ? paintDiff(injected.diff, page.style)
    : describeChanges(injected.changes, page);
  const inLine = synced === undefined
    ? `${workspace.adapter.edited.join(", ")} matches hsm.yaml`
    : describeSynced(sources.length);
  return { data: result, text, proof: text === "" ? inLine : undefined };
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

/** A package that has to be repaired has to be installed first. */
export function hintAtNoVerify(error: unknown): never {
  const isOpen = error instanceof HsmError && error.code === "verify-failed" &&
    error.hint === undefined;
  throw isOpen ? error.withHint("`--no-verify` installs it all the same, to repair it") : error;
}
