/**
 * The transaction: all that one command changes in the app's files happens whole, or not at all.
 *
 * @module
 */

import { dirname, resolve } from "@std/path";
import { attempt } from "../attempt.ts";
import { HsmError } from "../errors.ts";
import {
  createLike,
  type FileContent,
  hashOf,
  leadsOut,
  readContent,
  refuseLinkOut,
  resolveTarget,
  sameBytes,
  stakeName,
} from "./content.ts";
import { shortPath } from "../platform/paths.ts";
import { type FileLayer, realFiles } from "../files/layer.ts";
import { ioError } from "../files/system_error.ts";
import { type AfterHashes, newId, pruneHistory, writeAfter } from "./history.ts";
import {
  encode,
  type FileRecord,
  type JournalRecord,
  Journals,
  OPEN,
  type StakeContent,
} from "./journal.ts";
import { executableOf } from "../platform/process.ts";
import { type ReadRepository, rollBack, temporaryPath } from "./restore.ts";
import type { RepositoryState } from "../git/repository_state.ts";
import { findUnfinished } from "./unfinished.ts";

/** How a transaction is begun. */
export interface TransactionOptions {
  /** The root, whose `.hsm/journal` holds the originals. */
  readonly root: string;
  /** The files at stake, relative to the root or absolute; they need not exist. */
  readonly files: readonly string[];
  /** The command, for messages and the history. */
  readonly command: string;
  /**
   * The file layer.
   * @default {realFiles()}
   */
  readonly layer?: FileLayer;
  /**
   * The clock.
   * @default {() => new Date()}
   */
  readonly now?: () => Date;
}

/** How a file is written. */
export interface WriteOptions {
  /**
   * What must be on disk now: the bytes from which `content` was made; null: no file.
   * @default what the transaction itself knows: the original, or its own last write
   */
  readonly expected?: Uint8Array | string | null;
  /**
   * The permission bits of a file that is not there.
   * @default what the umask gives
   */
  readonly mode?: number | null;
}

/** A program that may change files at stake. */
export interface RunProgramOptions {
  /** The files at stake that it may change. */
  readonly files: readonly string[];
  /** Its name, for messages. */
  readonly program: string;
  /**
   * The folder that it works in, absolute.
   * @default the root
   */
  readonly folder?: string;
  /**
   * What files are called that it has begun beside those, and that it renames or removes before it ends by itself: a
   * rollback removes what is left of them.
   * @default it begins none
   */
  readonly unfinished?: RegExp;
  /**
   * Whether a file with other bytes than before it ran (null: no file) is its work, and not somebody else's who wrote
   * meanwhile: theirs is neither written over nor taken back.
   * @default always
   */
  readonly isWork?: (file: string, bytes: Uint8Array | null) => Promise<boolean>;
}

/** What a rollback did. */
export interface RollbackResult {
  /** The files brought back, relative to the root. */
  readonly restored: readonly string[];
}

interface Stake {
  readonly file: string;
  readonly target: string;
  readonly before: FileContent | null;
  /** What is there, as far as the transaction knows. */
  known: Uint8Array | null;
}

/**
 * The changes of one command to the app's files. Take the lock and recover first.
 *
 * @example
 * ```ts
 * import { Transaction } from "./transaction.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const root = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${root}/pyproject.toml`, "[project]\n");
 * try {
 *   await using transaction = await Transaction.begin({
 *     root,
 *     files: ["pyproject.toml", "uv.lock"],
 *     command: "hsm inject",
 *   });
 *   await transaction.write("pyproject.toml", "[project]\nname = 'app'\n");
 *   // Leaving the block without `transaction.commit()` rolls back.
 * } finally {
 *   assertEquals(await Deno.readTextFile(`${root}/pyproject.toml`), "[project]\n");
 *   await Deno.remove(root, { recursive: true });
 * }
 * ```
 */
export class Transaction implements AsyncDisposable {
  readonly #journals: Journals;
  readonly #layer: FileLayer;
  #record: JournalRecord;
  readonly #stakes: Map<string, Stake>;
  /** Folders whose entries must be on the disk before the commit. */
  readonly #folders = new Set<string>();
  /** How to find out where the app's repository is, and what the files are to be there; undefined: it stays there. */
  #repository: {
    readonly read: ReadRepository;
    readonly state: RepositoryState;
    readonly files: readonly FileRecord[];
    readonly first: boolean;
  } | undefined;
  /** What the files were where the repository was first. */
  #firstFiles: readonly FileRecord[];
  #open = true;

  private constructor(journals: Journals, record: JournalRecord, stakes: readonly Stake[]) {
    this.#journals = journals;
    this.#layer = journals.layer;
    this.#record = record;
    this.#firstFiles = record.files;
    this.#stakes = new Map(stakes.map((stake) => [stake.file, stake]));
  }

  /**
   * Puts the bytes, mode and absence of every file at stake into `.hsm/journal`, on the disk.
   *
   * @returns The open transaction; a crash from here on is repaired by `recover()`.
   * @throws {HsmError} `io` when the disk refuses; nothing was changed then.
   */
  static async begin(options: TransactionOptions): Promise<Transaction> {
    const { layer = realFiles(), now = () => new Date() } = options;
    let journals = new Journals(options.root, layer);
    try {
      const root = layer.realPath(options.root);
      journals = new Journals(root, layer);
      journals.makeFolder();
      if (layer.facts(journals.path(OPEN)) !== null) {
        throw new HsmError("internal", "Cannot begin a transaction: another one is open", {
          hint: "recover first",
        });
      }
      const stakes = options.files.map((path) => newStake(layer, root, path));
      const since = now().toISOString();
      const about = { id: newId(journals), command: options.command, since };
      const contents = contentsOf(root, stakes, ({ before }) => before);
      return new Transaction(journals, await journals.open(about, contents), stakes);
    } catch (error) {
      // Nothing was changed yet, so whatever was written of the journal may go.
      journals.removeStrays();
      throw ioError("begin a transaction", journals.root, error);
    }
  }

  /** The root, without links. */
  get root(): string {
    return this.#journals.root;
  }

  /** The transaction's name, under which the history keeps it. */
  get id(): string {
    return this.#record.id;
  }

  /** When it began, in ISO 8601. */
  get since(): string {
    return this.#record.since;
  }

  /** Whether it can still be rolled back: not after its end, nor after a commit that may not last. */
  get isOpen(): boolean {
    return this.#open;
  }

  /** The files that it has changed, as far as it knows, relative to the root. */
  get changed(): readonly string[] {
    return [...this.#stakes.values()]
      .filter(({ before, known }) => !sameBytes(before?.bytes ?? null, known))
      .map(({ file }) => file);
  }

  /**
   * Puts more files at stake, as they are now: on the disk, beside the others. Those that are at stake stay as they were found.
   *
   * @throws {HsmError} `io`
   */
  async add(files: readonly string[]): Promise<void> {
    this.#mustBeOpen();
    try {
      const stakes = files.map((path) => newStake(this.#layer, this.root, path))
        .filter(({ file }) => !this.#stakes.has(file));
      if (stakes.length === 0) return;
      const known = this.#record.files.length;
      const contents = contentsOf(this.root, stakes, ({ before }) => before);
      this.#record = await this.#journals.addFiles(this.#record, contents);
      for (const stake of stakes) this.#stakes.set(stake.file, stake);
      // They belong to where the repository is now.
      const added = this.#record.files.slice(known);
      if (this.#repository?.first ?? true) this.#firstFiles = [...this.#firstFiles, ...added];
      if (this.#repository === undefined) return;
      const { state } = this.#repository;
      const all = [...this.#repository.files, ...added];
      this.#journals.append({ event: "repository", state, files: all }, { waits: true });
      this.#repository = { ...this.#repository, files: all };
    } catch (error) {
      throw ioError("begin a transaction", this.root, error);
    }
  }

  /** The bytes of a file at stake before the transaction; null: it was not there. */
  original(file: string): Uint8Array | null {
    return this.#stake(file).before?.bytes ?? null;
  }

  /**
   * Writes a file at stake in one step: another process sees the old content or the new one, whole.
   *
   * Follows links inside the root, keeps mode and owner; null deletes the file. A file that would not change is not written.
   *
   * @throws {HsmError} `outside-root` when a link leads out of the root; `file-changed` when somebody else changed it since it was read; `io` when the disk
   * refuses. The file is as it was then.
   */
  async write(
    file: string,
    content: Uint8Array | string | null,
    options: WriteOptions = {},
  ): Promise<void> {
    const stake = this.#stake(file);
    refuseLinkOut(this.root, stake.file, stake.target);
    const bytes = toBytes(content);
    const expected = options.expected === undefined ? stake.known : toBytes(options.expected);
    const layer = this.#layer;
    const temporary = temporaryPath(this.id, stake.target);
    const hash = await hashOf(bytes);
    try {
      const current = this.#readUnchanged(stake, expected);
      if (sameBytes(current?.bytes ?? null, bytes)) return;
      // It must be known as our own before it can be seen.
      this.#journals.append({ event: "write", file: stake.file, hash }, { waits: true });
      if (bytes === null) {
        layer.unlink(stake.target);
      } else {
        const like = (current ?? stake.before)?.facts ?? modeAlone(options.mode);
        layer.unlink(temporary);
        createLike(layer, temporary, bytes, like);
        this.#readUnchanged(stake, expected);
        layer.rename(temporary, stake.target);
      }
    } catch (error) {
      attempt(() => layer.unlink(temporary));
      throw ioError(`write ${stake.file}`, stake.target, error);
    }
    stake.known = bytes;
    this.#folders.add(dirname(stake.target));
  }

  /**
   * Runs a program that may change files at stake on its own, such as uv its uv.lock.
   *
   * What it leaves counts as the transaction's own work. Should HSM be killed meanwhile, recovery waits until
   * the program has ended too.
   *
   * @param run Starts the program, says its process id at once, and resolves or rejects when it has ended.
   */
  async runProgram<T>(
    options: RunProgramOptions,
    run: (started: (pid: number) => void) => Promise<T>,
  ): Promise<T> {
    const { program, folder, isWork = () => Promise.resolve(true) } = options;
    const stakes = options.files.map((file) => this.#stake(file));
    const files = stakes.map((stake) => stake.file);
    // Whatever the program is, it would follow them.
    for (const { file, target } of stakes) refuseLinkOut(this.root, file, target);
    const about = { files, program, starter: Deno.pid, folder };
    this.#note(`run ${program}`, () => {
      const unfinished = options.unfinished && {
        name: options.unfinished.source,
        there: findUnfinished(this.#journals, files, options.unfinished),
      };
      this.#journals.append({ event: "starting", ...about, unfinished }, { waits: true });
    });
    const started = (pid: number): void => {
      // The system's clock, whatever the transaction's: the system is asked when a process began.
      const note = { pid, executable: executableOf(pid), at: new Date().toISOString() };
      // The program runs already; a full disk here must not leave it alone.
      attempt(() => this.#journals.append({ event: "started", ...note }));
    };
    let result: T;
    try {
      result = await run(started);
    } catch (error) {
      // The program's error is the one to tell; without this note the rollback takes whatever is there.
      await this.#programEnded(program, stakes, isWork).catch(() => {});
      throw error;
    }
    await this.#programEnded(program, stakes, isWork);
    return result;
  }

  /**
   * Notes where the app's repository is, on the disk, because it is about to be moved, or has just been. From then on a
   * rollback, or the recovery after a crash, first looks where it is: the files become what they were when it was noted
   * there; and where it is nowhere that was noted, they are left alone.
   *
   * @param state Where it is.
   * @param options `read` finds that out later. `first`: the files belong to it as the transaction found them.
   */
  async noteRepository(
    state: RepositoryState,
    { read, first }: { readonly read: ReadRepository; readonly first: boolean },
  ): Promise<void> {
    this.#mustBeOpen();
    try {
      const files = first ? this.#firstFiles : await this.#journals.addImages(
        contentsOf(
          this.root,
          this.#stakes.values(),
          ({ target }) => readContent(this.#layer, target),
        ),
      );
      this.#journals.append({ event: "repository", state, files }, { waits: true });
      this.#repository = { read, state, files, first };
    } catch (error) {
      throw ioError("note where the app's repository is", this.root, error);
    }
  }

  /**
   * Makes the changes last. The commit point is one rename; the originals are kept for the history.
   *
   * @throws {HsmError} `io` when the disk refuses; the transaction is still open then. `rollback-failed` when
   * the disk refuses after the commit point and the way back as well: the changes stand, but may not last.
   */
  async commit(): Promise<void> {
    this.#mustBeOpen();
    const layer = this.#layer;
    const journals = this.#journals;
    const [open, kept] = [journals.path(OPEN), journals.path(this.id)];
    const after: AfterHashes = {};
    for (const stake of this.#stakes.values()) after[stake.file] = await hashOf(stake.known);
    this.#note("commit", () => {
      for (const folder of this.#folders) layer.syncFolder(folder);
      if (this.changed.length === 0) return journals.discard();
      // To undo it later is to go back to what belongs to where the repository is.
      if (this.#repository !== undefined && this.#repository.files !== this.#record.files) {
        journals.rewriteRecord({ ...this.#record, files: this.#repository.files });
      }
      writeAfter(journals, OPEN, after);
      layer.rename(open, kept);
      try {
        layer.syncFolder(journals.path());
      } catch (error) {
        this.#uncommit(kept, open, error);
      }
    });
    this.#open = false;
    attempt(() => pruneHistory(journals));
  }

  /**
   * Brings every file that the transaction changed back: bytes, mode, absence.
   *
   * @throws {HsmError} `rollback-failed` when somebody else changed a file meanwhile (theirs stays, the
   * original lies beside it) or the disk refuses (the journal stays; the next command tries again).
   */
  async rollback(): Promise<RollbackResult> {
    this.#mustBeOpen();
    this.#open = false;
    try {
      const read = this.#repository?.read;
      const { restored } = await rollBack(this.#journals, this.#record, read);
      return { restored };
    } catch (error) {
      if (error instanceof HsmError) throw error;
      throw new HsmError(
        "rollback-failed",
        `Cannot roll back: ${ioError("read the journal", this.root, error).message}`,
        { cause: error, hint: "run any hsm command: it tries again" },
      );
    }
  }

  /** Rolls back what was not committed. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#open) await this.rollback();
  }

  #stake(file: string): Stake {
    this.#mustBeOpen();
    const stake = this.#stakes.get(file) ??
      this.#stakes.get(stakeName(this.#layer, this.root, file));
    if (stake === undefined) {
      throw new HsmError(
        "internal",
        `Cannot write ${file}: it is not at stake in this transaction`,
      );
    }
    return stake;
  }

  #mustBeOpen(): void {
    if (!this.#open) {
      throw new HsmError("internal", "Cannot use the transaction: it is closed");
    }
  }

  #readUnchanged(stake: Stake, expected: Uint8Array | null): FileContent | null {
    const current = readContent(this.#layer, stake.target);
    const moved = resolveTarget(this.#layer, resolve(this.root, stake.file)) !== stake.target;
    if (!moved && sameBytes(current?.bytes ?? null, expected)) return current;
    throw new HsmError("file-changed", `Cannot write ${stake.file}: it was changed meanwhile`, {
      hint: "look at what was changed, then run the command again",
      details: { path: stake.target },
    });
  }

  async #programEnded(
    program: string,
    stakes: readonly Stake[],
    isWork: NonNullable<RunProgramOptions["isWork"]>,
  ): Promise<void> {
    const hashes: Record<string, string | null> = {};
    for (const stake of stakes) {
      const path = stake.target;
      const bytes = this.#note(`read ${stake.file}`, () => this.#layer.read(path));
      if (!sameBytes(bytes, stake.known)) {
        if (!await isWork(stake.file, bytes)) {
          hashes[stake.file] = null;
          continue;
        }
        // The program may not have waited for the disk; the commit relies on it.
        this.#note(`write ${stake.file}`, () => bytes && this.#layer.sync(path));
        this.#folders.add(dirname(path));
        stake.known = bytes;
      }
      hashes[stake.file] = await hashOf(bytes);
    }
    this.#note(`run ${program}`, () => this.#journals.append({ event: "ended", hashes }));
  }

  /** The commit may not last: back before the commit point, so that all can be rolled back. */
  #uncommit(kept: string, open: string, cause: unknown): void {
    try {
      this.#layer.rename(kept, open);
    } catch {
      this.#open = false;
      const { message } = ioError("make the changes last", kept, cause);
      throw new HsmError("rollback-failed", message, {
        cause,
        hint: "the new files are in place; look after the disk, then run the command again",
      });
    }
    throw cause;
  }

  #note<T>(action: string, call: () => T): T {
    try {
      return call();
    } catch (error) {
      throw ioError(action, this.root, error);
    }
  }
}

/** A file as it is now. */
function newStake(layer: FileLayer, root: string, path: string): Stake {
  const file = stakeName(layer, root, path);
  const target = resolveTarget(layer, resolve(root, file));
  // What is never written is never brought back, and may be a secret that has no place in the journal.
  const before = leadsOut(root, file, target) ? null : readContent(layer, target);
  return { file, target, before, known: before?.bytes ?? null };
}

function contentsOf(
  root: string,
  stakes: Iterable<Stake>,
  content: (stake: Stake) => FileContent | null,
): readonly StakeContent[] {
  return [...stakes].filter(({ file, target }) => !leadsOut(root, file, target)).map((stake) => ({
    file: stake.file,
    target: shortPath(root, stake.target),
    content: content(stake),
  }));
}

/** The model of a file of which no more is known. */
function modeAlone(mode: number | null = null): Parameters<typeof createLike>[3] {
  return mode === null ? null : { mode, uid: null, gid: null };
}

function toBytes(content: Uint8Array | string | null): Uint8Array | null {
  return typeof content === "string" ? encode(content) : content;
}
