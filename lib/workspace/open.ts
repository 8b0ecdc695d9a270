/**
 * Opening a workspace: find it, lock it, undo what a crash left, read the manifest.
 *
 * @module
 */

import type { Adapter } from "../adapters/adapter.ts";
import { uvAdapter } from "../adapters/uv.ts";
import { HsmError } from "../errors.ts";
import { withoutRepository } from "../git/ask.ts";
import { ensureIgnored } from "./gitignore.ts";
import { type ManifestParser, manifestParser } from "../manifest/parser.ts";
import { type LoadedManifest, readManifest } from "./read_manifest.ts";
import { type Reporter, silentReporter } from "../report.ts";
import { findRoot } from "./root.ts";
import { ensureSchema } from "./schema_file.ts";
import { acquireLock, type Lock } from "../transaction/lock.ts";
import { hasJournal } from "../transaction/journal.ts";
import { trapSignals } from "../transaction/signals.ts";
import { filesAtStake, Workspace, type WorkspaceParts } from "./workspace.ts";

/** How {@linkcode openWorkspace} opens a workspace. */
export interface OpenWorkspaceOptions {
  /** Where to look for hsm.yaml, upward. @default {Deno.cwd()} */
  readonly directory?: string;
  /** Only looks: takes no lock and changes nothing, but for undoing what a crash left. @default {false} */
  readonly readonly?: boolean;
  /** Adds nothing to .gitignore and writes no schema. @default {false} */
  readonly locked?: boolean;
  /** Waits for another HSM in the same root instead of giving up. @default {false} */
  readonly wait?: boolean;
  /** The command line of this run, for the lock, the journal, the history and hints. @default {"script"} */
  readonly command?: string;
  /** Where messages go. Default: nowhere. */
  readonly reporter?: Reporter;
  /** Asks a person a yes-or-no question; leave it out where nobody can answer. */
  readonly confirm?: (question: string, signal: AbortSignal) => Promise<boolean>;
  /** Ends the run: running programs first. */
  readonly signal?: AbortSignal;
  /** How many programs run at a time. @default {8} */
  readonly jobs?: number;
  /** The environment of programs. Default: the process's own. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Opens the workspace of the nearest hsm.yaml upward.
 *
 * Takes the lock `.hsm/lock` (unless `readonly`), undoes what a crashed run left, and traps INT, TERM and HUP until it is
 * disposed of.
 * When it makes `.hsm/` it adds that folder, and the others that are nobody else's, to .gitignore.
 *
 * @example
 * ```ts
 * import { clone, inject, map, openWorkspace, sync } from "@hsm/hsm";
 *
 * await using workspace = await openWorkspace();
 * const { checkouts } = await clone(workspace, { packages: ["my-plugin"], yes: true });
 * const { sources } = await map(workspace, { checkouts });
 * await inject(workspace, { sources });
 * await sync(workspace);
 * ```
 *
 * @throws {HsmError} `workspace-not-found`, `manifest-invalid`, `workspace-locked`, `rollback-failed`
 */
export async function openWorkspace(given: OpenWorkspaceOptions = {}): Promise<Workspace> {
  // A git hook runs with variables that bind every git to the app's own repository.
  const env = withoutRepository(given.env ?? Deno.env.toObject());
  const options = { ...given, env };
  const root = findRoot(options.directory ?? Deno.cwd());
  const adapter = uvAdapter(env);
  const parse = manifestParser(root, env);
  const crashed = hasJournal(root);
  // What is wrong with the manifest is said before anything is made in the root.
  const loaded = crashed ? undefined : await readManifest(root, parse);

  await using held = new AsyncDisposableStack();
  const onRepeat = () => options.reporter?.info("Ending already: what runs ends first");
  const trap = held.use(trapSignals({ onRepeat }));
  const signal = AbortSignal.any([trap.signal, ...(options.signal ? [options.signal] : [])]);
  if (options.readonly) {
    if (crashed) await recoverUnlessRunning(root, adapter, options, signal);
    const current = await readManifest(root, parse, loaded);
    const release = held.move();
    return assemble(root, current, parse, adapter, options, signal, () => release.disposeAsync());
  }
  held.use(await lock(root, options, signal));
  await undoCrash(root, adapter, signal, options.reporter);
  // Another run may have changed it while this one waited for the lock.
  const current = await readManifest(root, parse, loaded);
  if (!options.locked) {
    const { packagesDir, packages } = current.manifest;
    await ensureIgnored(root, packagesDir, packages.map((it) => it.path));
    await ensureSchema(root, current.shared.text);
  }
  const release = held.move();
  return assemble(root, current, parse, adapter, options, signal, () => release.disposeAsync());
}

function lock(root: string, options: OpenWorkspaceOptions, signal: AbortSignal): Promise<Lock> {
  return acquireLock(root, {
    command: options.command ?? "script",
    wait: options.wait ?? false,
    signal,
    onWait: (holder) =>
      options.reporter?.info(
        holder === null
          ? "Waiting for another hsm in this workspace"
          : `Waiting for \`${holder.command}\` (process ${holder.pid}, since ${holder.since})`,
      ),
  });
}

/** Who only looks does not wait: a journal whose HSM still runs is no crash. */
async function recoverUnlessRunning(
  root: string,
  adapter: Adapter,
  options: OpenWorkspaceOptions,
  signal: AbortSignal,
): Promise<void> {
  try {
    await using _ = await lock(root, { ...options, wait: false }, signal);
    await undoCrash(root, adapter, signal, options.reporter);
  } catch (error) {
    if (!(error instanceof HsmError) || error.code !== "workspace-locked") throw error;
  }
}

async function undoCrash(
  root: string,
  adapter: Adapter,
  signal: AbortSignal,
  reporter: Reporter = silentReporter(),
): Promise<void> {
  if (!hasJournal(root)) return;
  const { recover } = await import("../transaction/recover.ts");
  const { recovered, restored, command, since } = await recover(root, {
    files: await filesAtStake(root, adapter),
    signal,
    onWait: ({ pid, program }) =>
      reporter.info(
        pid === undefined
          ? `Waiting for ${program}, which a crashed run may have left; whether it runs cannot be told`
          : `Waiting for the end of ${program} (process ${pid}), which a crashed run left`,
      ),
  });
  if (!recovered) return;
  reporter.warn(
    `\`${command}\` of ${since} did not end well; ` +
      (restored.length > 0 ? `restored ${restored.join(", ")}` : "it had changed nothing"),
  );
}

function assemble(
  root: string,
  loaded: LoadedManifest,
  parse: ManifestParser,
  adapter: Adapter,
  options: OpenWorkspaceOptions & Pick<WorkspaceParts, "env">,
  signal: AbortSignal,
  release: () => Promise<void> = () => Promise.resolve(),
): Workspace {
  const { confirm } = options;
  return new Workspace({
    root,
    loaded,
    parse,
    adapter,
    command: options.command ?? "script",
    readonly: options.readonly ?? false,
    reporter: options.reporter ?? silentReporter(),
    signal,
    jobs: options.jobs ?? 8,
    env: options.env,
    confirm: confirm && ((question) => confirm(question, signal)),
    release,
  });
}
