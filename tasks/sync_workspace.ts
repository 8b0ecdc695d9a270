/**
 * `hsm inject` and `hsm sync`: the four tasks in their order.
 *
 * @module
 */

import { columns } from "../lib/text/columns.ts";
import type { Page } from "../lib/text/page.ts";
import { sumUp } from "../lib/text/sum_up.ts";
import { countOf } from "../lib/text/words.ts";
import { paintDiff } from "../lib/text/paint_diff.ts";
import {
  ADAPTER_ARGUMENTS,
  type Command,
  type CommandContext,
  type CommandOutcome,
  defineCommand,
} from "../lib/command.ts";
import { HsmError } from "../lib/errors.ts";
import { given } from "../lib/given.ts";
import type { Mode } from "../lib/manifest/model.ts";
import { findLeftOut } from "../lib/packages/left_out.ts";
import type { Change, Needs } from "../lib/adapters/adapter.ts";
import type { ModeSwitch } from "../lib/packages/mode.ts";
import { renderProblem } from "../lib/reconcile/render_problem.ts";
import { NO_PACKAGES } from "../lib/packages/none.ts";
import { selectPackages } from "../lib/packages/select.ts";
import { refuseSourcesOff } from "../lib/packages/source_guards.ts";
import { Survey } from "../lib/survey/survey.ts";
import { describeSynced, forgetSynced, noteSynced } from "../lib/workspace/synced.ts";
import type { Workspace } from "../lib/workspace/workspace.ts";
import { checkOf } from "./check.ts";
import { type Checkout, cloneOf } from "./clone.ts";
import { inject, type InjectResult } from "./inject.ts";
import { mapOf, type MappedPackage } from "./map.ts";
import { sync, type SyncOptions, type SyncResult } from "./sync.ts";
import { flag } from "../lib/options.ts";
import { allPackages, objectFilter, packageNames } from "../lib/packages/options.ts";

/** How {@linkcode syncWorkspace} goes about it. */
export interface PipelineOptions {
  /** The packages whose sources are brought up to date, by name or glob, such as `plug-*`; default: all. The others stay as they are. */
  readonly packages?: readonly string[];
  /** Clones missing checkouts without asking. @default {false} */
  readonly yes?: boolean;
  /** The object filter of new clones, such as `blob:none`. Default: what the manifest says. */
  readonly filter?: string;
  /** Only says what would change. @default {false} */
  readonly dryRun?: boolean;
  /** Changes no file, and fails where pyproject.toml or the lock file do not match the manifest. @default {false} */
  readonly locked?: boolean;
  /** Goes on though something does not fit. @default {false} */
  readonly noCheck?: boolean;
  /** Leaves the manifest's `verify` commands out. @default {false} */
  readonly noVerify?: boolean;
  /** The last task. @default {"sync"} */
  readonly until?: "inject" | "sync";
  /** More arguments for `uv sync`; those that concern the lock file go to `uv lock`. */
  readonly args?: readonly string[];
}

/** What {@linkcode syncWorkspace} did. */
export interface PipelineResult {
  /** The checkouts of the dev packages. */
  readonly checkouts: readonly Checkout[];
  /** Where the packages come from. */
  readonly sources: readonly MappedPackage[];
  /** What changed in pyproject.toml. */
  readonly injected: InjectResult;
  /** What the package manager did; undefined where it was not run. */
  readonly synced: SyncResult | undefined;
}

/**
 * Clones, maps, injects and syncs: afterwards the environment is what the manifest says.
 *
 * Touches missing checkouts, pyproject.toml, the lock file and the environment; all but the checkouts go back if
 * anything fails.
 *
 * @example
 * ```ts
 * import { openWorkspace, syncWorkspace } from "@hsm/hsm";
 *
 * await using workspace = await openWorkspace();
 * const { injected } = await syncWorkspace(workspace, { yes: true });
 * console.log(injected.changes);
 * ```
 *
 * @throws {HsmError} what `clone`, `map`, `inject` and `sync` throw; `out-of-date` with `locked`
 */
export async function syncWorkspace(
  workspace: Workspace,
  options: PipelineOptions = {},
): Promise<PipelineResult> {
  const { packages, yes, filter, locked, dryRun, args } = options;
  const runs = options.until !== "inject" && !dryRun;
  workspace.adapter.refuse(args ?? []);
  if (runs) await refuseSourcesOff(workspace);
  // Asked now, the package manager has answered by the time that it is needed; what it says is heard then.
  if (runs) workspace.adapter.ready(workspace.adapterContext).catch(() => {});
  await refuseEmptied(workspace);
  await using survey = new Survey(workspace, {
    packages: selectPackages(workspace.manifest, packages),
    asks: "changed",
    assumesClones: dryRun ?? false,
  });
  if (!locked) await survey.beginReading();
  const { checkouts } = survey.packages.some((it) => it.mode === "dev")
    ? await cloneOf(survey, given({ yes, filter, dryRun }))
    : { checkouts: [] };
  try {
    return await syncCheckouts(survey, checkouts, options);
  } catch (error) {
    mentionClones(workspace, checkouts, error);
    throw error;
  }
}

/** Maps, injects and syncs, with all checkouts there. */
async function syncCheckouts(
  survey: Survey,
  checkouts: readonly Checkout[],
  options: PipelineOptions,
): Promise<PipelineResult> {
  const { workspace, packages } = survey;
  const { locked, dryRun, noVerify, args } = options;
  const runs = options.until !== "inject" && !dryRun;
  if (checkouts.some((it) => it.state === "cloned")) await survey.askAgain();
  const { sources } = await mapOf(survey);
  const entries = await checkFirst(survey, options);
  if (!dryRun) await workspace.ignore();
  const injected = await inject(workspace, {
    sources,
    dryRun: dryRun || locked || false,
    ...given({ entries }),
  });
  if (locked && injected.changed) throw outOfDate(injected);
  const synced = runs ? await sync(workspace, given({ args, locked, noVerify })) : undefined;
  if (!dryRun) await workspace.commit();
  const leftOut = synced && !args?.length ? await findLeftOut(workspace, packages) : [];
  for (const message of leftOut) workspace.reporter.warn(message);
  // Of all packages, checked and without arguments of its own: then this was a whole sync.
  const isAll = packages.length === workspace.manifest.packages.length;
  const isWhole = runs && !locked && !options.noCheck && !noVerify && isAll && !args?.length;
  const { workspace: members } = await workspace.project();
  if (isWhole && !members) {
    // What was warned of, the next sync warns of again, and what nobody could be warned of as well.
    const isTold = leftOut.length > 0 || checkouts.some((it) => it.missingSubmodules !== undefined);
    if (!isTold && !workspace.adapter.choosesGroups(workspace.env)) {
      await noteSynced(workspace, sources, survey.files);
    } else await forgetSynced(workspace);
  }
  return { checkouts, sources, injected, synced };
}

/** What was cloned is no part of the transaction: whoever fails after it says that it is still there, the error too. */
function mentionClones(
  workspace: Workspace,
  checkouts: readonly Checkout[],
  error: unknown,
): void {
  const paths = [
    ...new Set(checkouts.filter((it) => it.state === "cloned").map((it) => it.path)),
  ];
  if (paths.length === 0) return;
  if (error instanceof HsmError) error.addDetails({ clones: paths });
  const many = paths.length > 1;
  workspace.reporter.warn(
    many
      ? `the clones stay at ${paths.join(", ")}: the next run takes them as they are; ` +
        "delete those that you need no longer"
      : `the clone stays at ${paths[0]}: the next run takes it as it is; ` +
        "delete it if you need it no longer",
  );
}

/** A file that has lost its content is not a wish to take every package out. */
async function refuseEmptied(workspace: Workspace): Promise<void> {
  if (workspace.manifest.packages.length > 0 || (await workspace.read("hsm.yaml"))?.trim()) return;
  const { ownPackages } = await workspace.project();
  if (ownPackages.length === 0) return;
  throw new HsmError(
    "manifest-invalid",
    `Cannot go by an empty hsm.yaml: pyproject.toml has ${ownPackages.join(", ")} from it`,
    { hint: "bring it back, or write `packages: {}` to take them out" },
  );
}

/**
 * Finds out in memory whether everything fits, before a byte is written. Only packages whose source is about to change
 * are asked for on their remotes.
 *
 * @returns What the package manager must be told beside the sources; undefined: what follows from what it was told before.
 */
async function checkFirst(
  survey: Survey,
  { locked, noCheck }: PipelineOptions,
): Promise<Needs | undefined> {
  // Where nothing may change, uv has judged already: its lock file is the proof.
  if (locked) return undefined;
  const { workspace } = survey;
  const { problems, entries } = await checkOf(survey, { isBeforeInjection: true });
  for (const { severity, message, fix } of problems) {
    if (severity === "warning") workspace.reporter.warn(`${message}: ${fix}`);
  }
  const errors = problems.filter((it) => it.severity === "error");
  if (errors.length === 0 || noCheck) return entries;
  throw new HsmError(
    "packages-incompatible",
    `Cannot sync the app: ${errors.length} problem${errors.length === 1 ? "" : "s"}`,
    {
      causes: errors.map((it) => renderProblem(it)),
      hint: `nothing was changed; \`${workspace.commandWith("--no-check")}\` leaves it to uv`,
      details: { problems: errors },
    },
  );
}

/**
 * Installs what pyproject.toml says as it stands: the last of the four tasks alone, for commands that have put the files
 * into a state of their own.
 *
 * @throws {HsmError} what `sync` throws
 */
export async function installWorkspace(
  workspace: Workspace,
  options: SyncOptions = {},
): Promise<SyncResult> {
  return await sync(workspace, options);
}

function outOfDate({ diff }: InjectResult): HsmError {
  return new HsmError(
    "out-of-date",
    "Cannot sync the app: pyproject.toml does not match hsm.yaml",
    {
      causes: [diff],
      hint: "run `hsm sync` and commit what it changes",
      details: { diff },
    },
  );
}

/** What a run of the pipeline came to, as a command shows it. */
export function pipelineOutcome(
  result: PipelineResult,
  options: { readonly dryRun: boolean; readonly page: Page },
): CommandOutcome<PipelineResult> {
  const { injected, sources, synced } = result;
  const { dryRun, page } = options;
  const text = dryRun
    ? paintDiff(injected.diff, page.style)
    : describeChanges(injected.changes, page);
  const inLine = synced === undefined
    ? "pyproject.toml matches hsm.yaml"
    : describeSynced(sources.length);
  return { data: result, text, proof: text === "" ? inLine : undefined };
}

function describeChanges(changes: readonly Change[], page: Page): string {
  const { style, width, verbose } = page;
  const signs = {
    add: { text: "+", paint: style.green },
    replace: { text: "~", paint: style.yellow },
    remove: { text: "-", paint: style.red },
  } as const;
  const rows = sumUp(changes, {
    kind: (it) => `${it.action} ${it.what}`,
    one: (it) => [
      signs[it.action],
      { text: it.package, paint: style.bold },
      it.what,
      [it.from, it.to].filter((value) => value !== undefined).join(" → "),
    ],
    many: ([it, ...others]) => [
      signs[it.action],
      countOf(others.length + 1, it.what === "exclude" ? "folder" : "package"),
      it.what,
      "",
    ],
    verbose,
  });
  return columns(rows, width);
}

/** `hsm inject`. */
export const injectCommand: Command<PipelineResult> = defineCommand({
  name: "inject",
  summary: "Write the packages' sources into pyproject.toml",
  examples: ["hsm inject --dry-run", "hsm inject my-plugin"],
  positional: "packages",
  options: {
    packages: packageNames("Only these; the others stay as they are"),
    all: allPackages(),
    dryRun: flag("Only show the change, as a unified diff"),
    noCheck: flag("Go on though something does not fit"),
    wait: flag("Wait for another hsm in this workspace"),
  },
  async run(context, { packages, noCheck, dryRun = false, wait = false }) {
    await using workspace = await context.open({ readonly: dryRun, wait });
    const options = given({ packages, noCheck, dryRun, yes: context.yes });
    const result = await syncWorkspace(workspace, { ...options, until: "inject" });
    return pipelineOutcome(result, { dryRun, page: context });
  },
});

/** `hsm sync`. */
export const syncCommand: Command<PipelineResult> = defineCommand({
  name: "sync",
  summary: "Clone, map, inject and install: everything as the manifest says",
  description: "If anything fails, or on Ctrl-C, every file is as it was before.",
  examples: ["hsm sync", "hsm sync --locked", "hsm sync -- --extra dev"],
  positional: "packages",
  passthrough: ADAPTER_ARGUMENTS,
  excludes: [
    ["locked", "dryRun", "with --locked no file is to change; `hsm diff --exit-code` only looks"],
  ],
  options: {
    packages: packageNames("Only these; the others stay as they are"),
    all: allPackages(),
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
    const result = await syncWorkspace(workspace, { ...options, args: context.passthrough })
      .catch(hintAtNoVerify);
    return pipelineOutcome(result, { dryRun, page: context });
  },
});

/** The options of the commands that switch modes. */
export function modeOptions(shared: string) {
  return {
    packages: packageNames("The packages; on a terminal default: those that you choose"),
    all: allPackages(),
    shared: flag(shared),
    noSync: flag("Only switch; clone and install nothing"),
    noCheck: flag("Go on though something does not fit"),
    noVerify: flag("Leave out what verify in hsm.yaml names"),
    wait: flag("Wait for another hsm in this workspace"),
  };
}

/**
 * The packages that are to get a mode: those that were named, else those that a person chooses of the ones without it.
 *
 * @throws {HsmError} `usage` where nobody is there to choose, or nothing to choose from
 */
export async function packagesFor(
  mode: Mode,
  workspace: Workspace,
  context: CommandContext,
  named: readonly string[] | undefined,
): Promise<readonly string[]> {
  if (named !== undefined) return named;
  const { packages } = workspace.manifest;
  const others = packages.filter((it) => it.mode !== mode).map((it) => it.name);
  if (others.length > 0 && context.choose !== undefined) {
    const question = mode === "dev" ? "Work on which packages?" : "Use which at their pins again?";
    return await context.choose(question, others, workspace.signal);
  }
  throw new HsmError("usage", `Cannot run hsm ${mode}: it needs a NAME`, {
    hint: packages.length === 0
      ? NO_PACKAGES
      : others.length === 0
      ? `all packages are in ${mode} mode already`
      : `name one or more of ${others.join(", ")}, or all with \`--all\``,
  });
}

/** What a command did, and what the sync after it did; nothing where there was none, as with `--no-sync`. */
export type Synced<Result extends object> = Result & Partial<PipelineResult>;

/** How a command that staged something ends. */
export interface FinishOptions<Result extends object> {
  /** What it did, as data. */
  readonly data: Result;
  /** What it did, as text. */
  readonly text: string;
  /** Only writes the files. */
  readonly noSync?: boolean | undefined;
  /** Goes on though something does not fit. */
  readonly noCheck?: boolean | undefined;
  /** Leaves the manifest's `verify` commands out. */
  readonly noVerify?: boolean | undefined;
  /** The object filter of new clones. */
  readonly filter?: string | undefined;
}

/** Brings what is staged to its end: into the files, and unless told otherwise into the environment. */
export async function finish<Result extends object>(
  workspace: Workspace,
  context: CommandContext,
  { data, text, noSync, ...how }: FinishOptions<Result>,
): Promise<CommandOutcome<Synced<Result>>> {
  if (noSync) {
    await workspace.ignore();
    await workspace.commit();
    return { data, text };
  }
  const { yes, passthrough: args } = context;
  const result = await syncWorkspace(workspace, given({ yes, args, ...how }));
  return { data: { ...data, ...result }, text };
}

/** Brings a switch of modes to its end: into the files, and unless told otherwise into the environment. */
export async function finishSwitch(
  workspace: Workspace,
  context: CommandContext,
  options: {
    readonly switched: readonly ModeSwitch[];
    readonly noSync?: boolean | undefined;
    readonly noCheck?: boolean | undefined;
    readonly noVerify?: boolean | undefined;
    readonly filter?: string | undefined;
  },
): Promise<CommandOutcome<Synced<{ readonly switched: readonly ModeSwitch[] }>>> {
  const { switched, ...how } = options;
  if (switched.length === 0) {
    return { data: { switched }, text: "", proof: "No package was chosen" };
  }
  const { style, width, verbose } = context;
  const rows = sumUp(switched, {
    kind: (it) => `${it.from} ${it.to}`,
    one: (it) => [
      { text: it.package, paint: style.bold },
      it.from === it.to ? `is in ${it.to} mode already` : `${it.from} → ${it.to}`,
    ],
    many: ([{ from, to }, ...others]) => [
      countOf(others.length + 1, "package"),
      from === to ? `are in ${to} mode already` : `${from} → ${to}`,
    ],
    verbose,
  });
  const text = columns(rows, width);
  return await finish(workspace, context, { data: { switched }, text, ...how })
    .catch(hintAtNoVerify);
}

/** A package that has to be repaired has to be installed first. */
function hintAtNoVerify(error: unknown): never {
  const isOpen = error instanceof HsmError && error.code === "verify-failed" &&
    error.hint === undefined;
  throw isOpen ? error.withHint("`--no-verify` installs it all the same, to repair it") : error;
}
