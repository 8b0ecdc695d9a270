/**
 * An app with its manifest, as one run works on it: what is staged, what is written, and how it all goes back.
 *
 * @module
 */

import { resolve } from "@std/path";
import type { AdapterContext, AppFiles, CompleteAdapter } from "../adapters/adapter.ts";
import { relativePath } from "../platform/paths.ts";
import { type CheckoutFiles, filesOf } from "./checkout_files.ts";
import { isThere } from "../is_there.ts";
import { HsmError, type HsmErrorCode } from "../errors.ts";
import { type Context, createContext } from "../context.ts";
import { Questions } from "../process/questions.ts";
import type { ManifestEdit } from "../manifest/edit.ts";
import type { Manifest } from "../manifest/model.ts";
import type { ManifestParser } from "../manifest/parser.ts";
import { namesSchema, SCHEMA_LINE } from "../manifest/schema_line.ts";
import type { ProjectFacts } from "../pyproject/read.ts";
import { findMissingRules, GITIGNORE, rulesAtStake, withMissingRules } from "./ignored.ts";
import { refuseOutside, withoutQuotes } from "./links_out.ts";
import { type LoadedManifest, readManifest } from "./read_manifest.ts";
import { readText } from "../read_text.ts";
import { searchAtStake } from "./search_file.ts";
import type { Install } from "./restore_environment.ts";
import type { Reporter } from "../report.ts";
import { type Commands, createCommands } from "../process/commands.ts";
import { createShell, type Shell } from "../process/shell.ts";
import type { FileLayer } from "../transaction/files.ts";
import type { Transaction } from "../transaction/transaction.ts";

/** The files of the app that HSM edits, relative to the root: its own two, pyproject.toml, and those of the package manager. */
export type AppFile = string;

/** What a workspace is made of; {@linkcode openWorkspace} puts it together. */
export interface WorkspaceParts {
  /** The app's folder, absolute. */
  readonly root: string;
  /** The manifest and the files it was read from. */
  readonly loaded: LoadedManifest;
  /** Parses the manifest's files. */
  readonly parse: ManifestParser;
  /** The package manager. */
  readonly adapter: CompleteAdapter;
  /** The command line of this run, for the journal, the history and hints. */
  readonly command: string;
  /** Whether nothing may be changed. */
  readonly readonly: boolean;
  /** Whether git's rules stay as they are. */
  readonly locked: boolean;
  /** Where messages go. */
  readonly reporter: Reporter;
  /** Whether leaving it says what goes back. */
  readonly tellsRestored: boolean;
  /** Aborted when the run is to end. */
  readonly signal: AbortSignal;
  /** How many programs run at a time. */
  readonly jobs: number;
  /** The environment of programs, in which uv syncs this app, with its sources. */
  readonly env: Readonly<Record<string, string>>;
  /** The environment of programs that are the user's own business, as those of `hsm exec` are. */
  readonly ownEnv: Readonly<Record<string, string>>;
  /** What the app's files are written through. */
  readonly layer: FileLayer;
  /** Asks a person a yes-or-no question; undefined where nobody can answer. */
  readonly confirm: ((question: string) => Promise<boolean>) | undefined;
  /** Called last when the workspace is disposed of: lets go of the lock and the signals. */
  readonly release: () => Promise<void>;
}

/**
 * An open workspace. Disposing of it undoes what was not committed and lets go of the lock.
 *
 * @example
 * ```ts
 * import { openWorkspace } from "@hsm/hsm";
 *
 * await using workspace = await openWorkspace();
 * console.log(workspace.manifest.packages.map((it) => it.name));
 * ```
 */
export class Workspace implements AsyncDisposable {
  /** The app's folder, absolute. */
  readonly root: string;
  /** The package manager. */
  readonly adapter: CompleteAdapter;
  /** Where messages go. */
  readonly reporter: Reporter;
  /** Aborted when the run is to end, with an {@linkcode HsmError} that says why. */
  readonly signal: AbortSignal;
  /** How many programs run at a time. */
  readonly jobs: number;
  /** The environment of programs, in which uv syncs this app, with its sources. */
  readonly env: Readonly<Record<string, string>>;
  /** The environment of programs that are the user's own business, as those of `hsm exec` are. */
  readonly ownEnv: Readonly<Record<string, string>>;
  /** What the app's files are written through. */
  readonly layer: FileLayer;
  /** Asks a person a yes-or-no question; undefined where nobody can answer. */
  readonly confirm: ((question: string) => Promise<boolean>) | undefined;
  /** Whose turn it is on the terminal; undefined where nobody can answer. */
  readonly questions: Questions | undefined;
  /**
   * Runs programs for HSM itself; a script's own take {@linkcode shell}.
   *
   * @internal
   */
  readonly $: Commands;

  readonly #parts: WorkspaceParts;
  #manifest: Manifest;
  /** The manifest that a rollback goes back to. */
  #committed: Manifest;
  #shell: Promise<Shell> | undefined;
  #transaction: Transaction | undefined;
  #beginning: Promise<Transaction> | undefined;
  /** The transaction that is undone together with those that follow; undefined: each is undone by itself. */
  #together: { first: string | undefined } | undefined;
  #install: Install | undefined;
  /** What was installed before a script's own programs ran; undefined where none has run. */
  #before: Promise<string | undefined> | undefined;
  /** The programs of a script that run, by what ends with them. */
  readonly #programs = new Map<Promise<unknown>, string>();
  /** Ends them. */
  readonly #leaving = new AbortController();
  #restored: readonly string[] = [];
  #notRestored: readonly string[] = [];
  #project: { readonly text: string; readonly facts: ProjectFacts } | undefined;
  /** What this run has read from disk, so that nobody's edit in between is overwritten. */
  readonly #read = new Map<string, string | undefined>();
  readonly #staged = new Map<string, string | undefined>();

  /** Use {@linkcode openWorkspace}. */
  constructor(parts: WorkspaceParts) {
    this.#parts = parts;
    this.root = parts.root;
    this.adapter = parts.adapter;
    this.reporter = parts.reporter;
    this.signal = parts.signal;
    this.jobs = parts.jobs;
    this.env = parts.env;
    this.ownEnv = parts.ownEnv;
    this.layer = parts.layer;
    const { confirm } = parts;
    const questions = confirm && new Questions();
    this.confirm = confirm && ((question) => questions!.inTurn(() => confirm(question)));
    this.questions = questions;
    this.$ = createCommands(this);
    this.#read.set("hsm.yaml", parts.loaded.shared.text);
    this.#read.set("hsm.local.yaml", parts.loaded.local?.text);
    this.#manifest = parts.loaded.manifest;
    this.#committed = parts.loaded.manifest;
  }

  /** The manifest, with staged edits. */
  get manifest(): Manifest {
    return this.#manifest;
  }

  /** The command line of this run with one more option, to suggest to a person; in a script, the option of a task. */
  commandWith(option: string): string {
    const { command } = this.#parts;
    if (!command.startsWith("hsm ")) {
      const name = option.slice(2).replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
      return `${name}: true`;
    }
    return command.replace(/^(hsm \S+|\S+)/, `$1 ${option}`);
  }

  /** Whether this run has written or staged anything that is not committed. */
  get isChanged(): boolean {
    return this.#transaction !== undefined || this.#staged.size > 0;
  }

  /** The files that the last rollback brought back, relative to the root, and the environment where it was changed. */
  get restored(): readonly string[] {
    return this.#restored;
  }

  /** The environment where the last rollback could not bring it back. */
  get notRestored(): readonly string[] {
    return this.#notRestored;
  }

  /** What the package manager runs in. */
  get adapterContext(): AdapterContext {
    return { root: this.root, env: this.env, signal: this.signal, reporter: this.reporter };
  }

  /**
   * dax's `$`, in the root, with the package manager that HSM itself uses. What programs print goes to the reporter, unless
   * a command captures it; what they change in the app's files and environment goes back with the rest.
   */
  shell(): Promise<Shell> {
    return this.#shell ??= createShell({
      cwd: this.root,
      env: this.env,
      signal: AbortSignal.any([this.signal, this.#leaving.signal]),
      programs: { [this.adapter.name]: this.adapter.program },
      show: (text) => this.reporter.output(text),
      around: (name, run) => this.#guardScript(name, run),
      reporter: this.reporter,
      shareTerminal: () => this.reporter.suspend(),
    });
  }

  /** The text of a file as staged, else as on disk; undefined where there is none. */
  read(file: AppFile): Promise<string | undefined> {
    return this.#text(file, isManifest(file) ? "manifest-invalid" : "pyproject-invalid");
  }

  async #text(file: string, code: HsmErrorCode): Promise<string | undefined> {
    if (this.#staged.has(file)) return this.#staged.get(file);
    if (!this.#read.has(file)) {
      this.#read.set(file, await readText(resolve(this.root, file), file, code));
    }
    return this.#read.get(file);
  }

  /** The text of the app's pyproject.toml, as staged, else as on disk. */
  async pyproject(): Promise<string> {
    const text = await this.read("pyproject.toml");
    if (text !== undefined) return text;
    const { initCommand: make } = this.adapter;
    const first = make === undefined ? "" : `run \`${make}\` there, or `;
    throw new HsmError(
      "pyproject-invalid",
      `Cannot find pyproject.toml in ${this.root}, beside hsm.yaml`,
      { hint: `${first}move hsm.yaml into the app's folder` },
    );
  }

  /** What hsm.yaml says by itself, as staged, else as on disk. */
  async sharedManifest(): Promise<Manifest> {
    const text = await this.read("hsm.yaml") ?? "";
    return await this.#parts.parse({ shared: { path: "hsm.yaml", text } });
  }

  /** The app's folder as the package manager's adapter sees it; `checkouts`: what reads the checkouts' files. */
  filesFor(checkouts: CheckoutFiles = filesOf(this)): AppFiles {
    const own = new Set(["pyproject.toml", ...this.adapter.edited]);
    return {
      pyproject: () => this.pyproject(),
      read: (file) => own.has(file) ? this.read(file) : checkouts.text(file),
      has: (path) => isThere(this.root, path),
    };
  }

  /** Those of the texts that a file does not have, as staged, else as on disk. */
  async changedBy(
    texts: ReadonlyMap<string, string | undefined>,
  ): Promise<
    readonly {
      readonly file: string;
      readonly before: string | undefined;
      readonly after: string | undefined;
    }[]
  > {
    const changed = [];
    for (const [file, after] of texts) {
      const before = await this.read(file);
      if (before !== after) changed.push({ file, before, after });
    }
    return changed;
  }

  /** What the app's pyproject.toml says, as staged, else as on disk. */
  async project(): Promise<ProjectFacts> {
    const text = await this.pyproject();
    if (this.#project?.text !== text) {
      const { readProject } = await import("../pyproject/read.ts");
      this.#project = { text, facts: readProject(text, "pyproject.toml") };
    }
    return this.#project.facts;
  }

  /**
   * Sets a file's text in memory; undefined takes the file away. {@linkcode flush} writes it.
   *
   * @throws {HsmError} `outside-root` where it is a link that leads out of the root
   */
  async stage(file: AppFile, text: string | undefined): Promise<void> {
    refuseOutside(this.root, file);
    await this.read(file);
    this.#staged.set(file, text);
  }

  /** Stages edits of hsm.yaml (`shared`) or hsm.local.yaml; {@linkcode manifest} has them at once. */
  async editManifest(
    edits: readonly ManifestEdit[],
    options: { readonly shared: boolean },
  ): Promise<void> {
    const file = options.shared ? "hsm.yaml" : "hsm.local.yaml";
    let before = await this.read(file) ?? "";
    // What hsm.yaml does for editors a personal file of HSM's own making does, too.
    const isNew = !options.shared && before === "";
    if (isNew && namesSchema(await this.read("hsm.yaml"))) before = `${SCHEMA_LINE}\n`;
    const { editManifest } = await import("../manifest/edit.ts");
    let after: string;
    try {
      after = editManifest({ path: file, text: before }, edits);
    } catch (thrown) {
      throw withoutQuotes(this.root, [file], thrown);
    }
    if (after === before) return;
    refuseOutside(this.root, file);
    this.#manifest = await this.#stagedManifest({ [file]: after });
    await this.stage(file, after === "" ? undefined : after);
  }

  /** The manifest as staged, else as on disk; `texts`: with other texts of its files. */
  async #stagedManifest(texts: Readonly<Record<string, string>> = {}): Promise<Manifest> {
    const shared = texts["hsm.yaml"] ?? await this.read("hsm.yaml") ?? "";
    const local = texts["hsm.local.yaml"] ?? await this.read("hsm.local.yaml");
    return await this.#parts.parse({
      shared: { path: "hsm.yaml", text: shared },
      ...(local === undefined ? {} : { local: { path: "hsm.local.yaml", text: local } }),
    });
  }

  /**
   * Stages the rules that keep git from checkouts and personal settings, as far as they are missing: in .gitignore, or in
   * git's own `info/exclude` where that is a link.
   */
  async ignore(): Promise<void> {
    if (this.#parts.locked) return;
    const { packagesDir, packages } = this.#manifest;
    const rules = await findMissingRules(
      { ...createContext(this.adapterContext), read: (file) => this.#text(file, "io") },
      { packagesDir, checkouts: packages.filter((it) => it.mode === "dev").map((it) => it.path) },
    );
    if (rules.missing.length === 0) return;
    this.#staged.set(rules.file, withMissingRules(rules));
    if (rules.file === GITIGNORE) return;
    this.reporter.warn(
      `${GITIGNORE} is a link, which git does not read: ${
        rules.missing.join(", ")
      } goes into ${rules.file}`,
    );
  }

  /**
   * Writes what is staged, in the open transaction or a new one.
   *
   * @returns The files that changed.
   * @throws {HsmError} `file-changed` where somebody else changed a file since it was read; `io`
   */
  async flush(): Promise<readonly string[]> {
    const changed = this.#changes();
    for (const [file, text] of changed) {
      const transaction = await this.transaction();
      await transaction.write(file, text ?? null, {
        expected: this.#read.get(file) ?? null,
      });
      this.#read.set(file, text);
    }
    this.#staged.clear();
    return changed.map(([file]) => file);
  }

  /**
   * Gives files at stake other bytes, in the open transaction or a new one, and reads the manifest again.
   *
   * @param files By path, relative to the root; null: no file.
   * @throws {HsmError} `file-changed`, `manifest-invalid`, `io`
   */
  async replaceFiles(files: ReadonlyMap<string, Uint8Array | null>): Promise<void> {
    const transaction = await this.transaction();
    for (const [file, bytes] of files) await transaction.write(file, bytes);
    this.#staged.clear();
    this.#read.clear();
    await this.#readManifest();
  }

  async #readManifest(): Promise<void> {
    const loaded = await readManifest(this.root, this.#parts.parse);
    const texts = { "hsm.yaml": loaded.shared.text, "hsm.local.yaml": loaded.local?.text } as const;
    const isStaged = (file: string) => this.#staged.has(file);
    for (const [file, text] of Object.entries(texts)) {
      if (!isStaged(file)) this.#read.set(file, text);
    }
    this.#manifest = Object.keys(texts).some(isStaged)
      ? await this.#stagedManifest()
      : loaded.manifest;
  }

  /** The open transaction, or a new one: from here on a crash is undone by the next run. */
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
   */
  async guard<T>(
    program: string,
    run: (onStart: (pid: number) => void) => Promise<T>,
  ): Promise<T> {
    const transaction = this.#transaction;
    if (transaction === undefined) return await run(() => {});
    return await transaction.runProgram({ program, files: await this.#lockFiles() }, run);
  }

  /** Runs a script's own program, which is known until it has ended. */
  async #guardScript<T>(
    program: string,
    run: (onStart: (pid: number) => void) => Promise<T>,
  ): Promise<T> {
    const running = this.#runOfScript(program, run);
    const ended = running.catch(() => {});
    this.#programs.set(ended, program);
    return await running.finally(() => this.#programs.delete(ended));
  }

  /** A script's own program may write any of the app's files, as `uv add` does, and install what it likes. */
  async #runOfScript<T>(
    program: string,
    run: (onStart: (pid: number) => void) => Promise<T>,
  ): Promise<T> {
    // git does nothing to the environment, and where nothing has begun it looks more often than it writes.
    const isGit = program === "git";
    if (this.#parts.readonly || (isGit && !this.isChanged)) return await run(() => {});
    await this.flush();
    const transaction = await this.transaction();
    if (!isGit) await (this.#before ??= this.adapter.snapshot(this.adapterContext));
    const files = await filesAtStake(this);
    const result = await transaction.runProgram({ program, files }, run).finally(() => {
      // What was staged meanwhile comes from what was read before: whether that is still so, its write looks.
      for (const file of this.#read.keys()) if (!this.#staged.has(file)) this.#read.delete(file);
    });
    await this.#readManifest();
    return result;
  }

  async #lockFiles(): Promise<readonly string[]> {
    const files = await this.adapter.lockFiles(this.root);
    return files.map((file) => relativePath(this.root, file));
  }

  /** Notes that the environment is about to be changed, so that a rollback brings it back with the same arguments. */
  installing(args: readonly string[]): void {
    this.#install = { args, isDone: false };
  }

  /** Notes that the environment was changed. */
  installed(args: readonly string[]): void {
    this.#install = { args, isDone: true };
  }

  /**
   * Writes what is staged, and makes all changes permanent in one step.
   *
   * @throws {HsmError} `usage` while a program of a script runs, of whose writes nobody could tell; what `flush` throws
   */
  async commit(): Promise<void> {
    const [program] = this.#programs.values();
    if (program !== undefined) {
      throw new HsmError("usage", `Cannot commit: \`${program}\` still runs`, {
        hint: "wait for all that `$` has started",
      });
    }
    await this.flush();
    await this.#transaction?.commit();
    await this.#joinHistory(this.#transaction?.id);
    this.#transaction = undefined;
    this.#install = undefined;
    this.#before = undefined;
    this.#committed = this.#manifest;
  }

  /** Makes one step for `hsm undo` of all that is committed until the result is disposed of. */
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
    // What they still write would come after it.
    await Promise.all(this.#programs.keys());
    const transaction = this.#transaction;
    this.#transaction = undefined;
    this.#staged.clear();
    this.#read.clear();
    this.#manifest = this.#committed;
    if (!transaction?.isOpen) return [];
    const [install, before] = [this.#install, this.#before];
    this.#install = undefined;
    this.#before = undefined;
    ({ restored: this.#restored } = await transaction.rollback());
    if (install === undefined && before === undefined) return this.#restored;
    const { restoreEnvironment } = await import("./restore_environment.ts");
    const { restored, notRestored } = await restoreEnvironment(this, { install, before });
    this.#restored = [...this.#restored, ...restored];
    this.#notRestored = notRestored;
    return this.#restored;
  }

  /** Whether the package manager has written a lock file yet. */
  async hasLockFile(): Promise<boolean> {
    for (const file of await this.adapter.lockFiles(this.root)) {
      if (await Deno.stat(file).then(() => true, () => false)) return true;
    }
    return false;
  }

  /** Ends a script's programs, rolls back what was not committed, says so, and lets go of the lock. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#leaving.abort(new HsmError("interrupted", "Cannot go on: the workspace was left"));
    await Promise.all(this.#programs.keys());
    const staged = this.#changes().map(([file]) => file);
    try {
      const restored = new Set([...staged, ...await this.rollback()]);
      if (restored.size === 0 || !this.#parts.tellsRestored || this.#parts.readonly) return;
      this.reporter.warn(
        `left without \`commit()\`: as before ${restored.size === 1 ? "is" : "are"} ${
          [...restored].join(", ")
        }`,
      );
    } finally {
      await this.#parts.release();
    }
  }

  /** What is staged and not on the disk. */
  #changes(): readonly (readonly [string, string | undefined])[] {
    return [...this.#staged].filter(([file, text]) => text !== this.#read.get(file));
  }
}

/** The files that a transaction puts back, relative to the root. */
export async function filesAtStake(
  context: Context & Pick<Workspace, "root" | "adapter">,
): Promise<readonly string[]> {
  const { root, adapter } = context;
  const locks = await adapter.lockFiles(root);
  return [
    ...new Set(["pyproject.toml", ...adapter.edited]),
    "hsm.yaml",
    "hsm.local.yaml",
    ...await rulesAtStake(context),
    ...searchAtStake(root),
    ...locks.map((file) => relativePath(root, file)),
  ];
}

function isManifest(file: string): boolean {
  return file === "hsm.yaml" || file === "hsm.local.yaml";
}
