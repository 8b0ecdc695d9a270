/**
 * The last step of `hsm sync`: the environment, brought to what the app's files say.
 *
 * @module
 */

import { basename } from "@std/path";
import { HsmError } from "../lib/errors.ts";
import { given } from "../lib/given.ts";
import type { StandInChange } from "../lib/events/outcomes.ts";
import { splitCommand } from "../lib/manifest/command.ts";
import { normalizeName } from "../lib/names.ts";
import {
  findStrangers,
  readSourcesOff,
  refuseSourcesOff,
  refuseStrangers,
} from "../lib/packages/source_guards.ts";
import { run, type RunResult } from "../lib/process/run.ts";
import { findNotLocked } from "../lib/survey/not_locked.ts";
import type { Workspace } from "../lib/workspace/workspace.ts";
import { standsIn } from "../lib/manifest/stand_ins.ts";
import type { PlannedStandIns } from "../lib/survey/stand_in_form.ts";
import { forgetSynced } from "../lib/workspace/synced.ts";
import { sourceFile } from "../lib/workspace/manager_files.ts";
import { StandInSync } from "./install/stand_in_sync.ts";

/** How {@linkcode install} goes about it. */
export interface InstallOptions {
  /** More arguments for `uv sync`; those that concern the lock file go to `uv lock`. */
  readonly args?: readonly string[] | undefined;
  /** Changes no file, and fails where the lock file does not match pyproject.toml. @default {false} */
  readonly locked?: boolean | undefined;
  /** Leaves the manifest's `verify` commands out. @default {false} */
  readonly noVerify?: boolean | undefined;
}

/** What {@linkcode install} did. */
export interface InstallResult {
  /** The package manager. */
  readonly adapter: string;
  /** What it said. */
  readonly output: string;
  /** The checkouts that stand in for packages now, again, or no longer; left out where all is as before. */
  readonly standIns?: readonly StandInChange[];
}

/**
 * Runs the package manager, then the manifest's `verify` commands, and makes everything permanent that this workspace
 * changed: the last step of `sync`.
 *
 * Where the lock file is up to date this is `uv sync --locked`, else `uv lock` and `uv sync --frozen`. In between, and
 * before anything is installed, the lock file must have each package of the manifest from where pyproject.toml says.
 *
 * Touches the environment, the lock file, and what was changed before. If anything fails, every file goes back when the
 * workspace is disposed of, and so does the environment where it was changed already.
 *
 * @example
 * ```ts
 * import { inject, install, map, openWorkspace } from "@hsm/hsm";
 *
 * await using workspace = await openWorkspace();
 * await inject(workspace, await map(workspace));
 * const { adapter } = await install(workspace, { args: ["--extra", "dev"] });
 * console.log(adapter); // "uv"
 * ```
 *
 * @param workspace The workspace.
 * @param options More arguments for the package manager, and what to leave out.
 * @returns Which package manager it was, and what it said.
 * @throws {HsmError} `usage`, `sources-off`, `source-ignored`, `uv-failed` (`adapter-failed` of another package
 * manager), `verify-failed`, `out-of-date` with `locked`, `manifest-invalid`, `tool-missing`, `tool-too-old`, `stand-in-refused`
 */
export async function install(
  workspace: Workspace,
  options: InstallOptions = {},
): Promise<InstallResult> {
  workspace.adapter.refuse(options.args ?? []);
  await refuseSourcesOff(workspace, await readSourcesOff(workspace));
  return await installChecked(workspace, options);
}

/** What is done once everything is locked anew. */
interface Locked {
  /** Nothing is installed where it throws. */
  readonly beforeInstalling?: () => Promise<void>;
  /** The checkouts that stand in for what is locked. Default: those that the manifest says. */
  readonly standIns?: PlannedStandIns;
}

/**
 * {@linkcode install} where nothing speaks against its arguments, and no setting takes sources away.
 *
 * @internal
 */
export async function installChecked(
  workspace: Workspace,
  options: InstallOptions & Locked,
): Promise<InstallResult> {
  const planned = options.standIns ?? await standInsOf(workspace);
  const syncing = new StandInSync(workspace, planned);
  const how = { args: options.args ?? [], syncing };
  await workspace.flush();
  const before = await workspace.noteStandIns();
  // Of a sync that is killed among them the next one has to look at the environment itself.
  if (before.length > 0 || planned.standIns.length > 0) await forgetSynced(workspace);
  const result = options.locked
    ? await syncLocked(workspace, how)
    : await syncUnchanged(workspace, how, options) ?? await lockAndSync(workspace, how, options);
  workspace.installed(how.args);
  workspace.tell({ kind: "installed", adapter: workspace.adapter.name });
  syncing.tell();
  const commands = options.noVerify ? [] : workspace.manifest.verify;
  // A verify command may write the lock file as well, and that goes back with the rest.
  if (commands.length > 0 && !options.locked) await workspace.transaction();
  for (const command of commands) await verify(workspace, command);
  await workspace.commit();
  await workspace.adapter.settle(workspace.adapterContext);
  const { changes } = syncing;
  const synced = { adapter: workspace.adapter.name, output: result.stderr };
  return changes.length === 0 ? synced : { ...synced, standIns: changes };
}

/** What an install goes by. */
interface How {
  readonly args: readonly string[];
  readonly syncing: StandInSync;
}

/**
 * Makes everything permanent without {@linkcode install}: where checkouts stand in for what is locked, that is installed in
 * their place, and nothing else.
 *
 * @returns Those that did.
 *
 * @internal
 */
export async function commitWithoutStandIns(
  workspace: Workspace,
): Promise<readonly StandInChange[]> {
  const { adapter, adapterContext, tell } = workspace;
  const syncing = new StandInSync(workspace, { standIns: [], standInForm: undefined });
  await workspace.flush();
  if ((await workspace.noteStandIns()).length > 0) {
    await forgetSynced(workspace);
    await workspace.transaction();
    workspace.installing([]);
    const result = await workspace.guard(
      adapter.name,
      (onStart) => syncing.run({ lock: "frozen", args: [], onStart }),
    );
    if (!result.success) throw await syncFailed(workspace, result);
    workspace.installed([]);
    tell({ kind: "installed", adapter: adapter.name });
    syncing.tell();
  }
  await workspace.commit();
  await adapter.settle(adapterContext);
  return syncing.changes;
}

/** The checkouts that stand in for what is locked, as the manifest says. */
async function standInsOf(workspace: Workspace): Promise<PlannedStandIns> {
  if (!workspace.manifest.packages.some(standsIn)) return { standIns: [], standInForm: undefined };
  const { Survey } = await import("../lib/survey/survey.ts");
  const { planStandIns } = await import("../lib/survey/stand_in_form.ts");
  await using survey = new Survey(workspace, { asks: "none" });
  return await planStandIns(survey);
}

/**
 * Nothing that the package manager goes by has changed, so most probably the lock file is up to date too: then nothing of it
 * is written. Where the manifest has not changed either, there is nothing to put back, not even the journal.
 *
 * @returns undefined where that was not so.
 */
async function syncUnchanged(
  workspace: Workspace,
  { args, syncing }: How,
  { beforeInstalling }: Locked,
): Promise<RunResult | undefined> {
  if (workspace.isManagerChanged || (workspace.isChanged && beforeInstalling)) return undefined;
  if ((await findStrangers(workspace))?.length !== 0) return undefined;
  const { adapter, manifest } = workspace;
  const isSeen = adapter.can.seesDevChanges || manifest.packages.every((it) => it.mode === "prod");
  if (!isSeen || adapter.locksAnew(args)) return undefined;
  if ((await findNotLocked(workspace)).length > 0) return undefined;
  if (workspace.isChanged) workspace.installing(args);
  const result = await workspace.guard(
    adapter.name,
    (onStart) => syncing.run({ lock: "locked", args, quiet: "unless-done", onStart }),
  );
  return result.success ? result : undefined;
}

/** Nothing is installed before it is known where it comes from. */
async function lockAndSync(
  workspace: Workspace,
  { args, syncing }: How,
  { beforeInstalling }: Locked,
): Promise<RunResult> {
  const { adapter, adapterContext } = workspace;
  await workspace.transaction();
  const step = async (start: (onStart: (pid: number) => void) => Promise<RunResult>) => {
    const result = await workspace.guard(adapter.name, start);
    if (!result.success) throw await syncFailed(workspace, result);
    return result;
  };
  const locked = await step((onStart) => adapter.lock(adapterContext, { args, onStart }));
  workspace.tell({ kind: "locked", adapter: adapter.name });
  await refuseStrangers(workspace);
  await refuseNotLocked(workspace);
  await beforeInstalling?.();
  workspace.installing(args);
  const installed = await step((onStart) => syncing.run({ lock: "frozen", args, onStart }));
  return { ...installed, stderr: locked.stderr + installed.stderr };
}

/** uv itself passes a lock file that has a package from elsewhere: then it is only asked what it says of the rest. */
async function syncLocked(
  workspace: Workspace,
  { args, syncing }: How,
): Promise<RunResult> {
  const { adapter, adapterContext } = workspace;
  if (adapter.locksAnew(args)) {
    throw new HsmError("usage", `Cannot sync with \`--locked\` and ${args.join(" ")}`, {
      hint: "leave out one of them: what is locked stays, or is chosen anew",
    });
  }
  await refuseNotLocked(workspace);
  const strangers = await findStrangers(workspace);
  const isSuspect = strangers?.length !== 0;
  const how = isSuspect ? { dryRun: true, quiet: "always" } as const : {};
  const result = await syncing.run({ lock: "locked", args, ...how });
  if (result.success && !isSuspect) return result;
  if (result.success) await refuseStrangers(workspace, "out-of-date");
  const changes = await adapter.lockChanges(adapterContext);
  const said = adapter.outOfDate(result.stderr);
  const others = strangers?.map((it) => `${it.name} would come from ${it.from}`).join("\n");
  if (changes === "" && said === undefined) throw await syncFailed(workspace, result);
  throw new HsmError(
    "out-of-date",
    `Cannot sync the app: the lock file does not match ${sourceFile(workspace.edited)}`,
    {
      causes: [changes || others || said!],
      details: { output: result.stderr },
      hint: "run `hsm sync` and commit what it changes",
    },
  );
}

/** What nothing is locked of, no checkout can stand in for, and nobody would notice. */
async function refuseNotLocked(workspace: Workspace): Promise<void> {
  const [first] = (await findNotLocked(workspace)).filter(standsIn);
  if (first === undefined) return;
  const { name, path } = first;
  throw new HsmError(
    "stand-in-refused",
    `Cannot let ${path} stand in for ${name}: it has no pin, and nothing is locked of it`,
    {
      hint: `let the app require ${name}, or run \`hsm dev ${name} --inject pyproject\``,
      details: { package: name, path },
    },
  );
}

/** What the failure means; the hint names the checkout, or the lines of components' files, that say what failed. */
async function explain(workspace: Workspace, { stderr }: RunResult) {
  const explanation = await workspace.adapter.explain(stderr);
  const lacking = normalizeName(explanation.lacking ?? "");
  const dev = workspace.manifest.packages.find((it) => it.key === lacking && it.mode === "dev");
  if (dev !== undefined) {
    const hint =
      `the checkout ${dev.path} is another version: bring it up to date, with the tags ` +
      `that its version may come from, or leave ${dev.name} in prod mode`;
    return { ...explanation, hint };
  }
  if (explanation.misplaced === undefined) return explanation;
  const { hintOfPlace } = await import("./install/hint_of_place.ts");
  const hint = await hintOfPlace(workspace, explanation.misplaced);
  return hint === undefined ? explanation : { ...explanation, hint };
}

/**
 * That the package manager did not do it, in words.
 *
 * @internal
 */
export async function syncFailed(workspace: Workspace, result: RunResult): Promise<HsmError> {
  const { program, programName } = workspace.adapter;
  const [called = program, ...args] = result.argv;
  const commandLine = [called === program ? programName : basename(called), ...args].join(" ");
  const { cause, hint } = await explain(workspace, result);
  return new HsmError(
    workspace.adapter.failure,
    `Cannot sync the app: \`${commandLine}\` exited with code ${result.code}`,
    {
      causes: cause === undefined ? [] : [cause],
      details: { command: commandLine, exitCode: result.code, output: result.stderr },
      ...given({ hint }),
    },
  );
}

async function verify(workspace: Workspace, command: string): Promise<void> {
  const { root, env, signal, tell, adapter } = workspace;
  const [program = "", ...args] = splitCommand(command);
  using work = tell.begin({ work: "verify", message: command });
  const show = (text: string) => tell({ kind: "output", text });
  const argv = [program === adapter.programName ? adapter.program : program, ...args];
  const result = await workspace.guard(
    program,
    (onStart) =>
      run(argv, { cwd: root, env, signal, tell, onStart, onStdout: show, onStderr: show }),
  ).catch((error) => {
    if (!(error instanceof HsmError) || error.code !== "tool-missing") throw error;
    throw new HsmError("verify-failed", `Cannot verify the app with \`${command}\``, {
      causes: [error.message],
      hint: "correct `verify` in hsm.yaml",
      cause: error,
    });
  });
  work.ended(result.success);
  if (result.success) return tell({ kind: "verified", command });
  throw new HsmError(
    "verify-failed",
    `Cannot verify the app: \`${command}\` exited with code ${result.code}`,
    { details: { command, exitCode: result.code, output: result.stdout + result.stderr } },
  );
}
