/**
 * Opening a workspace: find it, lock it, undo what a crash left, read the manifest.
 *
 * @module
 */

import type { Adapter } from "../adapters/adapter.ts";
import { loadAdapter } from "../adapters/load.ts";
import { attempt } from "../attempt.ts";
import { HsmError } from "../errors.ts";
import { type Context, createContext } from "../process/context.ts";
import { withoutRepository } from "../git/ask.ts";
import { managerOf } from "./app_manager.ts";
import { checkOutside } from "./links_out.ts";
import { findManagerFiles, type ManagerFiles } from "./manager_files.ts";
import { refuseLockConflict, withOtherConflicts } from "./lock_conflict.ts";
import { knownWith } from "../manifest/adapter_names.ts";
import { type ManifestParser, manifestParser } from "../manifest/cached_parser.ts";
import { type LoadedManifest, readManifest } from "./read_manifest.ts";
import { consoleReporter } from "../console/console_reporter.ts";
import type { Reporter } from "../report.ts";
import { Questions } from "../process/questions.ts";
import { findIrregular, findIrregularWith } from "./regular_files.ts";
import { findRoot, nearestRoot } from "./root.ts";
import { ensureSchema } from "./schema_file.ts";
import { acquireLock, type Lock } from "../transaction/lock.ts";
import { shortPath } from "../platform/paths.ts";
import { HALF_DONE, lookForJournal } from "../transaction/journal.ts";
import { type FileLayer, realFiles } from "../files/layer.ts";
import { trapSignals } from "../process/signals.ts";
import type { EventListener } from "../events/listener.ts";
import { createTell } from "../events/tell.ts";
import { filesAtStake } from "./at_stake.ts";
import type { WorkspaceContext } from "./context.ts";
import { Workspace } from "./workspace.ts";

/**
 * How {@linkcode openWorkspace} opens a workspace.
 *
 * @example
 * ```ts
 * import { openWorkspace, type OpenWorkspaceOptions, silentReporter } from "@hsm/hsm";
 *
 * const quiet: OpenWorkspaceOptions = { readonly: true, jobs: 4, reporter: silentReporter() };
 * await using workspace = await openWorkspace(quiet);
 * console.log(workspace.root); // the app's folder, absolute
 * ```
 */
export interface OpenWorkspaceOptions {
  /** Where to look for hsm.yaml, upward. @default {Deno.cwd()} */
  readonly directory?: string;
  /** Only looks: takes no lock and changes nothing, but for undoing what a crash left. @default {false} */
  readonly readonly?: boolean;
  /**
   * Tells git no rules and writes no schema; where the root may not be written to, there is no lock either.
   * @default {false}
   */
  readonly locked?: boolean;
  /**
   * Opens it also where the last command has taken hsm.yaml away, as `eject` does: as it was, for `undo` to bring it back.
   * @default {false}
   */
  readonly ejected?: boolean;
  /** Waits for another HSM in the same root instead of giving up. @default {false} */
  readonly wait?: boolean;
  /** The command line of this run, for the lock, the journal, the history and hints. @default {"script"} */
  readonly command?: string;
  /** The options that this command line could have had, such as `--yes`, for hints. @default {[]} */
  readonly flags?: readonly string[];
  /** Where messages go. @default {consoleReporter()} */
  readonly reporter?: Reporter;
  /**
   * Hears of all that happens, as data, at once and in its order; beside the reporter. Whatever it throws ends no run: the
   * reporter is warned of it, once.
   */
  readonly onEvent?: EventListener | undefined;
  /** Says through the reporter what goes back when the workspace is left without a commit. @default {true} */
  readonly tellsRestored?: boolean;
  /** Asks a person a yes-or-no question; leave it out where nobody can answer. */
  readonly confirm?: ((question: string, signal: AbortSignal) => Promise<boolean>) | undefined;
  /** Ends the run: running programs first. */
  readonly signal?: AbortSignal;
  /** How many programs run at a time. @default {8} */
  readonly jobs?: number | undefined;
  /** The environment of programs. Default: the process's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** The package manager, by name or one of your own. Default: the one that the manifest names. */
  readonly adapter?: string | Adapter;
  /** What is to be passed on to the package manager; arguments that must not be are refused before anything is done. */
  readonly adapterArgs?: readonly string[] | undefined;
  /**
   * What the app's files are written through; tests give one that fails. Default: the real files.
   *
   * @internal
   */
  readonly layer?: FileLayer | undefined;
}

/**
 * Opens the workspace of the nearest hsm.yaml upward. Whoever opens one disposes of it, most easily by `await using`:
 * what was not committed by then goes back.
 *
 * Touches `.hsm/` in the app's folder, for the lock and what editors go by, unless `readonly`; undoes what a crashed
 * run left. INT, TERM and HUP are trapped until it is disposed of: they end what runs, and everything goes back. What
 * is no regular file where one is wanted is refused at once, and a journal that did not come about here is not obeyed.
 *
 * @example
 * ```ts
 * import { openWorkspace } from "@hsm/hsm";
 *
 * await using workspace = await openWorkspace({ wait: true });
 * console.log(workspace.root); // "/home/me/app"
 * console.log(workspace.manifest.packages.map((it) => it.name)); // ["my-plugin", "other-plugin"]
 * ```
 *
 * @param given Where to look, and how to go about it; without it: in the current folder, for writing.
 * @returns The workspace, which all tasks take.
 * @throws {HsmError} `workspace-not-found`, `usage`, `manifest-invalid`, `pyproject-invalid`, `lock-invalid`,
 * `workspace-locked` where another HSM runs in the same root, `lock-unsupported`, `newer-format`, `rollback-failed` and
 * `program-running` where what a crash left cannot be undone, `io`
 */
export async function openWorkspace(given: OpenWorkspaceOptions = {}): Promise<Workspace> {
  // A git hook runs with variables that bind every git to the app's own repository.
  const outer = withoutRepository(given.env ?? Deno.env.toObject());
  const directory = given.directory ?? Deno.cwd();
  const root = await rootFor(directory, given);
  const own = given.adapter === undefined ? undefined : await loadAdapter(outer, given.adapter);
  refuseFirst(findIrregular(root));
  const parse = manifestParser(root, outer, own && { adapters: knownWith(own) });
  const { layer = realFiles(), reporter = consoleReporter(), onEvent } = given;
  const tell = createTell({ reporter, onEvent });
  const journal = lookForJournal(root, layer);
  const crashed = journal.kind === "own" || journal.kind === "newer";
  // What is wrong with the manifest is said before anything is made in the root.
  const read = async (known?: LoadedManifest) =>
    (given.ejected ? await readGone(root, parse, layer) : undefined) ??
      await readManifest(root, parse, known);
  const loaded = crashed ? undefined : await read().catch(async (thrown) => {
    const adapter = own ?? await loadAdapter(outer);
    throw await withOtherConflicts(root, await findManagerFiles(root, adapter), thrown);
  });
  const { adapter, environment: place } = loaded === undefined
    ? await managerOf(root, outer, own)
    : { ...loaded.manifest, adapter: own ?? await loadAdapter(outer, loaded.manifest.adapter) };
  const { sync: env, own: ownEnv } = adapter.variables(outer);
  const { readonly = false, locked = false, command = "script", flags = [] } = given;
  const { tellsRestored = true } = given;
  adapter.refuse(given.adapterArgs ?? []);
  const files = await findManagerFiles(root, adapter, place);
  refuseFirst(findIrregularWith(root, adapter, files));
  if (!crashed) await refuseLockConflict(root, files);

  await using held = new AsyncDisposableStack();
  const trap = held.use(trapSignals({ onRepeat: () => tell(ENDING) }));
  const signal = AbortSignal.any([trap.signal, ...(given.signal ? [given.signal] : [])]);
  const { confirm: ask, jobs } = given;
  const questions = ask && new Questions();
  const context = {
    ...createContext({ root, env, signal, tell, questions, ...(jobs && { jobs }) }),
    confirm: questions && ((it: string) => questions.inTurn(() => ask!(it, signal))),
    ...{ adapter, ...files, ownEnv, layer },
  };
  if (!readonly) {
    const taken = await lock(context, given, crashed).catch((error) => {
      if (locked && !crashed && isUnwritable(error)) return undefined;
      throw error;
    });
    if (taken !== undefined) {
      held.use(taken);
      await undoCrash(context);
    }
  } else if (crashed) await recoverUnlessRunning(context, given);
  else if (journal.kind === "foreign") {
    const path = shortPath(root, journal.path);
    tell({ kind: "warned", path, message: `${path} is not used: ${journal.reason}` });
  }
  // The crash may have been that of the run that made the workspace.
  if (crashed && await rootFor(directory, given) !== root) {
    await held.disposeAsync();
    return await openWorkspace(given);
  }
  // Another run may have changed it while this one waited for the lock.
  const current = await read(loaded);
  if (own === undefined && current.manifest.adapter !== adapter.name) {
    await held.disposeAsync();
    return await openWorkspace(given);
  }
  // What went back may say that they lie elsewhere.
  const { environment } = current.manifest;
  const found = crashed ? await findManagerFiles(root, adapter, environment) : files;
  if (crashed) await refuseLockConflict(root, found);
  await checkOutside(root, adapter, found.lockFiles);
  if (!readonly && !locked) {
    await ensureSchema(root, [current.shared.text, current.local?.text]);
  }
  const release = held.move();
  return new Workspace({
    context: { ...context, ...found },
    ...{ loaded: current, parse, command, flags, readonly, locked, tellsRestored },
    release: () => release.disposeAsync(),
  });
}

/** The root, with what to do where there is none any more. */
async function rootFor(
  directory: string,
  { ejected = false }: OpenWorkspaceOptions,
): Promise<string> {
  try {
    return (ejected ? await ejectedAt(directory) : undefined) ?? findRoot(directory);
  } catch (error) {
    if (!(error instanceof HsmError) || error.code !== "workspace-not-found") throw error;
    const found = await ejectedAt(directory);
    if (found === undefined) throw error;
    const undo = `run \`hsm undo\` in ${found}, where the last command took hsm.yaml away`;
    throw error.withHint(`${undo}, or \`hsm init\` to begin anew`);
  }
}

async function ejectedAt(directory: string): Promise<string | undefined> {
  return await (await import("./ejected.ts")).findEjected(directory);
}

/** The manifest as it was before the last command took it away; undefined where that is not so. */
async function readGone(
  root: string,
  parse: ManifestParser,
  layer: FileLayer,
): Promise<LoadedManifest | undefined> {
  const files = await (await import("./ejected.ts")).readEjected(root, layer);
  return files && { ...files, manifest: await parse(files) };
}

/** Set for git's hooks while the repository of that root is pulled: whoever waited for the lock would wait for itself. */
export const IN_PULL = "HSM_IN_PULL";

/** Whether such a hook runs this: the one who pulls syncs as soon as git has ended. */
export function isInPull({ directory, env }: OpenWorkspaceOptions): boolean {
  const root = (env ?? Deno.env.toObject())[IN_PULL];
  return root !== undefined && root === attempt(() => nearestRoot(directory ?? Deno.cwd()));
}

function refuseFirst([irregular]: readonly HsmError[]): void {
  if (irregular !== undefined) throw irregular;
}

const ENDING = { kind: "ending", message: "Ending already: what runs ends first" } as const;

/** What a workspace works in. */
type Surroundings = Context & ManagerFiles & Pick<WorkspaceContext, "layer">;

function lock(
  context: Surroundings,
  options: OpenWorkspaceOptions,
  crashed: boolean,
): Promise<Lock> {
  const { root, layer, signal, tell } = context;
  const taken = acquireLock(root, {
    command: options.command ?? "script",
    wait: options.wait === true && context.env[IN_PULL] !== root,
    layer,
    signal,
    onWait: (holder) =>
      tell({
        kind: "waited",
        pid: holder?.pid,
        message: holder === null
          ? "Waiting for another hsm in this workspace"
          : `Waiting for \`${holder.command}\` (process ${holder.pid}, since ${holder.since})`,
      }),
  });
  // What is to be repaired first matters more than what keeps it from being.
  return crashed ? taken.catch((error) => Promise.reject(halfDone(error))) : taken;
}

function halfDone(error: unknown): unknown {
  if (!(error instanceof HsmError) || !isUnwritable(error)) return error;
  const { code, message, hint, details } = error;
  return new HsmError(code, `Cannot open the workspace: ${HALF_DONE}`, {
    causes: [message],
    details,
    ...(hint === undefined ? {} : { hint }),
  });
}

/** Whether the system does not let HSM write. */
function isUnwritable(error: unknown): boolean {
  const errno = error instanceof HsmError ? error.details["errno"] : undefined;
  return errno === "EACCES" || errno === "EPERM" || errno === "EROFS";
}

/** Who only looks does not wait: a journal whose HSM still runs is no crash. */
async function recoverUnlessRunning(
  context: Surroundings,
  options: OpenWorkspaceOptions,
): Promise<void> {
  try {
    await using _ = await lock(context, { ...options, wait: false }, true);
    await undoCrash(context);
  } catch (error) {
    if (!(error instanceof HsmError) || error.code !== "workspace-locked") throw error;
  }
}

/**
 * Undoes what a crashed run left, and says so. Call it while holding the lock.
 *
 * @throws {HsmError} what `recover()` throws
 */
export async function undoCrash(context: Surroundings): Promise<void> {
  const { root, layer, signal, tell } = context;
  if (lookForJournal(root, layer).kind === "none") return;
  const { recover } = await import("../transaction/recover.ts");
  const { recovered, restored, command, since, moved, refused } = await recover(root, {
    files: await filesAtStake(context),
    repository: async () => {
      const { readRepositoryState } = await import("../git/read_repository.ts");
      return await readRepositoryState(context, root);
    },
    layer,
    signal,
    onWait: ({ pid, program }) =>
      tell({
        kind: "waited",
        pid,
        message: pid === undefined
          ? `Waiting for ${program}, which a crashed run may have left; whether it runs cannot be told`
          : `Waiting for the end of ${program} (process ${pid}), which a crashed run left`,
      }),
  });
  if (refused !== null) {
    const [path, aside] = [refused.path, refused.aside ?? ""].map((it) => shortPath(root, it));
    const message = `${path} is not used: ${refused.reason}; ` +
      (refused.aside === null
        ? "hsm has made its own folder in its place"
        : `it lies in ${aside} now: compare the originals in it with your files, then delete it`);
    tell({ kind: "warned", path, message });
  }
  if (!recovered) return;
  const state = restored.length > 0
    ? `restored ${restored.join(", ")}`
    : moved === null
    ? "it had changed nothing"
    : "every file is as it was there";
  const message = `\`${command}\` of ${since} did not end well; ${state}`;
  tell({ kind: "recovered", level: "warning", command, since, restored, message });
  if (moved === null) return;
  const { describePlace } = await import("../git/repository_state.ts");
  const place = describePlace(moved);
  const finished = `git had finished its part: the app is on ${place}; run \`hsm sync\``;
  tell({ kind: "warned", message: finished });
}
