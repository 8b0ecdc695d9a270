/**
 * An app with its manifest, as one run works on it: what is staged, what is written, and how it all goes back.
 *
 * @module
 */

import type { AdapterContext } from "../adapters/adapter.ts";
import type { StandIn } from "../adapters/stand_in.ts";
import { HsmError } from "../errors.ts";
import type { Manifest } from "../manifest/model.ts";
import type { Shell } from "../process/shell.ts";
import type { Reporter } from "../report.ts";
import type { Transaction } from "../transaction/transaction.ts";
import { filesAtStake, lockFilesIn } from "./at_stake.ts";
import { eventReporter } from "../events/reporter.ts";
import { isFile } from "../files/is_there.ts";
import { type AppFile, Files, type FilesParts } from "./files.ts";
import type { EnvironmentChange, RestoredEnvironment } from "./restore_environment.ts";
import { type Around, Scripts } from "./scripts.ts";

/** What a workspace is made of; {@linkcode openWorkspace} puts it together. */
export interface WorkspaceParts extends FilesParts {
  /** The command line of this run, for the journal, the history and hints. */
  readonly command: string;
  /** The options that this command line could have had; a script has none. */
  readonly flags: readonly string[];
  /** Whether nothing may be changed. */
  readonly readonly: boolean;
  /** Whether leaving it says what goes back. */
  readonly tellsRestored: boolean;
  /** Called last when the workspace is disposed of: lets go of the lock and the signals. */
  readonly release: () => Promise<void>;
}

/**
 * An open workspace: an app with its manifest, as one run works on it. Every task takes one; {@linkcode openWorkspace}
 * makes it. Disposing of it undoes what was not committed and lets go of the lock.
 *
 * A task that changes the manifest changes it in memory, and {@linkcode Workspace.manifest} says so at once. With the
 * first byte that is written a transaction begins: pyproject.toml, the lock file, hsm.yaml and hsm.local.yaml, and the
 * environment once something is installed. It ends whole, by {@linkcode Workspace.commit} (`sync` and `install` do it
 * themselves), or not at all.
 *
 * @example
 * ```ts
 * import { openWorkspace } from "@hsm/hsm";
 *
 * await using workspace = await openWorkspace();
 * const $ = await workspace.shell();
 * const [first] = workspace.manifest.packages.filter((it) => it.mode === "dev");
 * if (first !== undefined) console.log(await $`git -C ${first.path} log -1 --oneline`.text());
 * ```
 */
export class Workspace extends Files implements AsyncDisposable {
  readonly #parts: WorkspaceParts;
  readonly #scripts: Scripts;
  #transaction: Transaction | undefined;
  #beginning: Promise<Transaction> | undefined;
  /** The transaction that is undone together with those that follow; undefined: each is undone by itself. */
  #together: { first: string | undefined } | undefined;
  /** What was done to the environment since the last commit. */
  #environment: EnvironmentChange = {};
  #last: RestoredEnvironment = { restored: [], notRestored: [] };
  #left: readonly string[] = [];
  #leaving: Promise<void> | undefined;
  /**
   * Whether `inject()` has put sources here that nobody has installed yet: then `sync()` does what it did in 0.1.
   *
   * @internal
   */
  hasInjected = false;
  /**
   * The packages whose mode this run has switched, by name: whoever did that tells what it comes to.
   *
   * @internal
   */
  readonly switched: Set<string> = new Set();

  /** The app's folder, absolute. */
  declare readonly root: string;
  /** The environment of programs. */
  declare readonly env: Readonly<Record<string, string>>;
  /** How many programs run at a time. */
  declare readonly jobs: number;
  /** Ends the run: by a signal, or as `openWorkspace({ signal })` says. */
  declare readonly signal: AbortSignal;

  /**
   * Use {@linkcode openWorkspace}.
   *
   * @internal
   */
  constructor(parts: WorkspaceParts) {
    super(parts);
    this.#parts = parts;
    this.#scripts = new Scripts(parts.context, this.#runOfScript);
  }

  /** What hsm.yaml and hsm.local.yaml say together, with what this run has changed of it. */
  override get manifest(): Manifest {
    return super.manifest;
  }

  /**
   * The command line of this run with one more option, to suggest to a person; where it has none such, the option of a task.
   *
   * @internal
   */
  commandWith(option: string): string {
    const { command, flags } = this.#parts;
    if (!flags.includes(option)) {
      const name = option.slice(2).replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
      return `${name}: true`;
    }
    return command.replace(/^\S+ \S+/, `$& ${option}`);
  }

  /** Whether this run has written or staged anything that is not committed. */
  get isChanged(): boolean {
    return this.#transaction !== undefined || this.hasStaged;
  }

  /**
   * Whether that may be anything that the package manager goes by: what a script's own programs did nobody knows.
   *
   * @internal
   */
  get isManagerChanged(): boolean {
    const changed = [...this.#transaction?.changed ?? [], ...this.staged.map((it) => it.file)];
    const files = new Set(["pyproject.toml", ...this.edited, ...lockFilesIn(this)]);
    return this.#environment.before !== undefined || changed.some((it) => files.has(it));
  }

  /** The files that the last rollback brought back, relative to the root, and the environment where it was changed. */
  get restored(): readonly string[] {
    return this.#last.restored;
  }

  /** The environment where the last rollback could not bring it back. */
  get notRestored(): readonly string[] {
    return this.#last.notRestored;
  }

  /** What went back, or was never written, when the workspace was left: nobody had committed it. */
  get left(): readonly string[] {
    return this.#left;
  }

  /** Tells in words what a script has to say; like all that happens, it is an event for who listens to those. */
  get reporter(): Reporter {
    return eventReporter(this.tell);
  }

  /**
   * What the package manager runs in.
   *
   * @internal
   */
  get adapterContext(): AdapterContext {
    const { root, env, signal, tell, manifest: { environment } } = this;
    return { root, env, signal, tell, environment };
  }

  /**
   * dax's `$`, in the root, with the package manager that HSM itself uses. What programs print is told, unless
   * a command captures it; what they change in the app's files and environment goes back with the rest.
   */
  shell(): Promise<Shell> {
    return this.#scripts.shell();
  }

  /**
   * Writes what is staged, in the open transaction or a new one.
   *
   * @returns The files that changed.
   * @throws {HsmError} `file-changed` where somebody else changed a file since it was read; `io`
   */
  async flush(): Promise<readonly string[]> {
    const { staged } = this;
    if (staged.length > 0) await this.putAtStake(staged.map(({ file }) => file));
    for (const it of staged) {
      const transaction = await this.transaction();
      await transaction.write(it.file, it.after ?? null, { expected: it.before ?? null });
      this.written(it);
    }
    this.unstage();
    return this.#tellWritten(staged.map(({ file }) => file));
  }

  #tellWritten(files: readonly AppFile[]): readonly AppFile[] {
    if (files.length > 0) this.tell({ kind: "written", files });
    return files;
  }

  /**
   * Gives files at stake other bytes, in the open transaction or a new one, and reads the manifest again.
   *
   * @param files By path, relative to the root; null: no file.
   * @param modes The permission bits of those that are not there now, where they are known.
   * @throws {HsmError} `file-changed`, `manifest-invalid`, `io`
   *
   * @internal
   */
  async replaceFiles(
    files: ReadonlyMap<string, Uint8Array | null>,
    modes: ReadonlyMap<string, number | null> = new Map(),
  ): Promise<void> {
    const transaction = await this.putAtStake([...files.keys()]);
    for (const [file, bytes] of files) {
      await transaction.write(file, bytes, { mode: modes.get(file) ?? null });
    }
    this.#tellWritten([...files.keys()]);
    this.forget();
    await this.readAgain();
  }

  /**
   * The open transaction, or a new one: from here on a crash is undone by the next run.
   *
   * @internal
   */
  async transaction(): Promise<Transaction> {
    this.signal.throwIfAborted();
    if (this.#parts.readonly) {
      throw new HsmError("internal", "Cannot write: the workspace was opened to be read only");
    }
    if (this.#transaction !== undefined) return this.#transaction;
    // A script may start several programs at once.
    this.#beginning ??= this.#begin().finally(() => this.#beginning = undefined);
    return this.#transaction = await this.#beginning;
  }

  /**
   * The open transaction, or a new one, in which these files go back as well: with another package manager, or once the
   * app's files say something else, they are others than when it began.
   *
   * @internal
   */
  async putAtStake(files: readonly string[]): Promise<Transaction> {
    const transaction = await this.transaction();
    await transaction.add(files);
    return transaction;
  }

  async #begin(): Promise<Transaction> {
    const { Transaction } = await import("../transaction/transaction.ts");
    return await Transaction.begin({
      root: this.root,
      files: await filesAtStake(this),
      command: this.#parts.command,
      layer: this.layer,
    });
  }

  /**
   * Runs a program that may write the lock file. In an open transaction that file goes back with the others.
   *
   * @param program Its name, for messages.
   * @param run Starts it, tells its process id, and resolves when it has ended.
   *
   * @internal
   */
  async guard<T>(
    program: string,
    run: (onStart: (pid: number) => void) => Promise<T>,
  ): Promise<T> {
    if (this.#transaction === undefined) return await run(() => {});
    const files = lockFilesIn(this);
    const transaction = await this.putAtStake(files);
    const { unfinished } = this.adapter;
    return await transaction.runProgram({ program, files, unfinished }, run);
  }

  /** A script's own program may write any of the app's files, as `uv add` does, and install what it likes. */
  readonly #runOfScript: Around = async (program, run) => {
    // git does nothing to the environment, and where nothing has begun it looks more often than it writes.
    const isGit = program === "git";
    if (this.#parts.readonly || (isGit && !this.isChanged)) return await run(() => {});
    await this.flush();
    if (!isGit) await (this.#environment.before ??= this.adapter.snapshot(this.adapterContext));
    const files = await filesAtStake(this);
    const transaction = await this.putAtStake(files);
    const { unfinished } = this.adapter;
    const result = await transaction.runProgram({ program, files, unfinished }, run)
      .finally(() => this.forgetRead());
    await this.readAgain();
    return result;
  };

  /**
   * Notes which checkouts stand in for something, so that they do again after a rollback, and returns them.
   *
   * @internal
   */
  async noteStandIns(): Promise<readonly StandIn[]> {
    return this.#environment.standIns ??= await this.adapter.standIns(this.adapterContext);
  }

  /**
   * Notes that the environment is about to be changed, so that a rollback brings it back with the same arguments.
   *
   * @internal
   */
  installing(args: readonly string[]): void {
    this.#environment.install = { args, isDone: false };
  }

  /**
   * Notes that the environment was changed.
   *
   * @internal
   */
  installed(args: readonly string[]): void {
    this.#environment.install = { args, isDone: true };
  }

  /**
   * Writes what is staged, and makes all changes permanent in one step.
   *
   * @throws {HsmError} `usage` while a program of a script runs, of whose writes nobody could tell; what `flush` throws
   */
  async commit(): Promise<void> {
    this.#scripts.refuseRunning();
    await this.flush();
    const transaction = this.#transaction;
    const files = transaction?.changed ?? [];
    await transaction?.commit();
    await this.#joinHistory(transaction?.id);
    this.#transaction = undefined;
    this.#environment = {};
    this.hasInjected = false;
    this.settle();
    if (transaction) {
      this.tell({ kind: "committed", transaction: this.#together?.first ?? transaction.id, files });
    }
  }

  /**
   * Makes one step for `hsm undo` of all that is committed until the result is disposed of.
   *
   * @internal
   */
  undoneTogether(): Disposable {
    this.#together = { first: undefined };
    return { [Symbol.dispose]: () => this.#together = undefined };
  }

  async #joinHistory(id: string | undefined): Promise<void> {
    if (this.#together === undefined || id === undefined) return;
    const { joinHistory } = await import("../transaction/history.ts");
    this.#together.first = joinHistory(this.root, this.#together.first, id, this.layer);
  }

  /**
   * Forgets what is staged, and brings back every file, and the environment where it was changed.
   *
   * @returns The names of the files that were brought back, and that of the environment.
   * @throws {HsmError} `rollback-failed`
   */
  async rollback(): Promise<readonly string[]> {
    await this.#scripts.ended();
    const [transaction, change] = [this.#transaction, this.#environment];
    this.#transaction = undefined;
    this.hasInjected = false;
    this.forget();
    if (!transaction?.isOpen) return [];
    this.#environment = {};
    this.#last = { ...await transaction.rollback(), notRestored: [] };
    if (change.install !== undefined || change.before !== undefined) {
      const { restoreEnvironment } = await import("./restore_environment.ts");
      const { restored, notRestored } = await restoreEnvironment(this, change);
      this.#last = { restored: [...this.restored, ...restored], notRestored };
    }
    this.tell({ kind: "rolled-back", ...this.#last });
    return this.restored;
  }

  /**
   * Whether the package manager has written a lock file yet.
   *
   * @internal
   */
  get hasLockFile(): boolean {
    return this.lockFiles.some(isFile);
  }

  /** Ends a script's programs, rolls back what was not committed, says so, and lets go of the lock; once. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#leaving ??= this.#leave();
  }

  async #leave(): Promise<void> {
    await this.#scripts.end();
    const staged = this.staged.map(({ file }) => file);
    try {
      const restored = new Set([...staged, ...await this.rollback()]);
      if (restored.size === 0 || this.#parts.readonly) return;
      this.#left = [...restored];
      if (!this.#parts.tellsRestored) return;
      this.tell({ kind: "warned", message: describeLeft(this.#left) });
    } finally {
      await this.#parts.release();
    }
  }
}

/** What is said of what nobody has committed. */
export function describeLeft(files: readonly string[]): string {
  return `left without \`commit()\`: as before ${files.length === 1 ? "is" : "are"} ${
    files.join(", ")
  }`;
}
