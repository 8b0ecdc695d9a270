/**
 * The journal: what a transaction must put back, on disk before anything is changed.
 *
 * ```
 * .hsm/journal/new/    being written; nothing was changed yet, so it may be thrown away
 * .hsm/journal/open/   the open transaction: record.json, log, and the originals, one file each
 * .hsm/journal/old/    closed without a trace, on its way out
 * .hsm/journal/ID/     committed, kept for `hsm undo`
 * .hsm/journal/foreign-N/  lay where the open one would, and did not come about here: set aside, not obeyed
 * ```
 * Each step from one to the next is one rename inside one folder, so a journal is open or it is not.
 *
 * Anybody can commit a `.hsm/` to a repository. So nothing in it is believed but what names the very folder that it was
 * written into, nothing is written through a link, and what lies in the way of HSM's own folders goes.
 *
 * @module
 */

import { basename, join } from "@std/path";
import { attempt } from "../attempt.ts";
import { HsmError } from "../errors.ts";
import { describeNewer, formatOf, FORMATS, newerFormat, UPDATE_HSM } from "../files/format.ts";
import type { RepositoryState } from "../git/repository_state.ts";
import { isTable } from "../table.ts";
import { createLike, type FileContent, hashOf } from "./content.ts";
import { MAX_NOTE_BYTES } from "../files/read_file.ts";
import { type FileFacts, type FileLayer, realFiles } from "../files/layer.ts";
import { makeStateFolder, STATE_FOLDER } from "../files/state_folder.ts";
import { ioError } from "../files/system_error.ts";

/** The name of the open transaction's folder. */
export const OPEN = "open";

/** What an open journal of a run that is gone means. */
export const HALF_DONE: string = "a command was killed, and its changes are half done";

const NEW = "new";
const OLD = "old";
const RECORD = "record.json";
const LOG = "log";

/** What a file was before the transaction. */
export interface FileBefore {
  /** The file's name in the journal's folder. */
  readonly image: string;
  /** The SHA-256 of its bytes, in hex. */
  readonly hash: string;
  /** Its permission bits. */
  readonly mode: number | null;
  /** Its owner. */
  readonly uid: number | null;
  /** Its group. */
  readonly gid: number | null;
}

/** A file at stake. */
export interface FileRecord {
  /** Its path relative to the root, with `/`. */
  readonly file: string;
  /** Where the links led: relative to the root when inside, else absolute. */
  readonly target: string;
  /** What it was; null: it was not there. */
  readonly before: FileBefore | null;
}

/** What a journal says about its transaction; written once, before anything is changed. */
export interface JournalRecord {
  /** The format. */
  readonly version: number;
  /** The transaction's name: a number that counts up. */
  readonly id: string;
  /** The command, for messages. */
  readonly command: string;
  /** When it began, in ISO 8601. */
  readonly since: string;
  /** The folder that it was written into: a journal that came by copy or by git is not obeyed. */
  readonly folder: string;
  /** The files at stake. */
  readonly files: readonly FileRecord[];
}

/** What happened since, one line each. */
export type JournalEvent =
  /** This content is about to be written. */
  | { readonly event: "write"; readonly file: string; readonly hash: string }
  /** A program is about to be started that may change these files. */
  | {
    readonly event: "starting";
    readonly files: readonly string[];
    readonly program: string;
    /** The HSM that starts it. */
    readonly starter: number;
    /** Where it works, if that is not the root. */
    readonly folder?: string | undefined;
    /**
     * What files are called that it has begun beside these, as a regular expression, and those of such names that lie
     * there already, relative to the root: they are somebody else's.
     */
    readonly unfinished?: { readonly name: string; readonly there: readonly string[] } | undefined;
  }
  /** It runs. */
  | {
    readonly event: "started";
    readonly pid: number;
    readonly executable: string | null;
    /** When it had just been started, in ISO 8601: what began later is another process. HSM 0.1.0 does not say it. */
    readonly at?: string;
  }
  /** It has ended, and left the files like this; null: what is there is somebody else's. */
  | { readonly event: "ended"; readonly hashes: Readonly<Record<string, string | null>> }
  /** With the app's repository there, a rollback makes the files these. */
  | {
    readonly event: "repository";
    readonly state: RepositoryState;
    readonly files: readonly FileRecord[];
  };

/** What lies where a journal would. */
export type JournalReading =
  | { readonly kind: "none" }
  /** One that came about here. */
  | { readonly kind: "own"; readonly record: JournalRecord }
  /** One that came about here, by a newer HSM: nobody else may touch it. */
  | { readonly kind: "newer"; readonly path: string; readonly format: number }
  | ForeignJournal;

/** What did not come about here, and is not obeyed. */
export interface ForeignJournal {
  readonly kind: "foreign";
  /** Where it lies. */
  readonly path: string;
  /** Why it is not obeyed. */
  readonly reason: string;
}

/**
 * Looks for an open transaction in the root: one that runs now, or one that crashed. Touches nothing.
 *
 * @throws {HsmError} `io` when the disk refuses.
 */
export function lookForJournal(root: string, layer: FileLayer = realFiles()): JournalReading {
  const journals = new Journals(root, layer);
  try {
    for (const path of [join(root, STATE_FOLDER), journals.path()]) {
      const kind = layer.facts(path)?.kind;
      if (kind === undefined) return { kind: "none" };
      if (kind !== "folder") return { kind: "foreign", path, reason: whatItIs(kind) };
    }
    return journals.read(OPEN);
  } catch (error) {
    throw ioError("look for a journal", root, error);
  }
}

/** Whether a transaction that came about here is open in the root. */
export function hasJournal(root: string): boolean {
  const { kind } = lookForJournal(root);
  return kind === "own" || kind === "newer";
}

function whatItIs(kind: FileFacts["kind"]): string {
  return kind === "link" ? "it is a link" : "it is no folder";
}

/** A file at stake, and what it holds. */
export interface StakeContent {
  readonly file: string;
  readonly target: string;
  readonly content: FileContent | null;
}

/** The journals of one root: the open one, and those that are kept. */
export class Journals {
  /** The root, without links. */
  readonly root: string;
  /** The calls to the file system. */
  readonly layer: FileLayer;

  /** Touches nothing yet. */
  constructor(root: string, layer: FileLayer) {
    this.root = root;
    this.layer = layer;
  }

  /** The path of the folder that holds the journals, or of one in it. */
  path(...names: readonly string[]): string {
    return join(this.root, STATE_FOLDER, "journal", ...names);
  }

  /** Makes the folder that holds the journals where it is missing; it is the user's alone. */
  makeFolder(): void {
    const { layer, root } = this;
    makeStateFolder(layer, root);
    const kind = layer.facts(this.path())?.kind;
    if (kind === "folder") return;
    // A link goes itself, not what it leads to.
    if (kind !== undefined) layer.unlink(this.path());
    layer.makeFolder(this.path(), 0o700);
    layer.syncFolder(join(root, STATE_FOLDER));
  }

  /** Writes a journal into the folder for them and opens it: from the last step on, a crash is repaired by recovery. */
  async open(
    about: Pick<JournalRecord, "id" | "command" | "since">,
    contents: readonly StakeContent[],
  ): Promise<JournalRecord> {
    const { layer } = this;
    const folder = this.path(NEW);
    this.remove(NEW);
    layer.makeFolder(folder, 0o700);
    const files = await this.#writeImages(NEW, "", contents);
    const identity = layer.facts(folder)?.identity ?? "";
    const record = { version: FORMATS.journal, ...about, folder: identity, files };
    this.#writeRecord(join(folder, RECORD), record);
    layer.create(join(folder, LOG), new Uint8Array(), 0o600);
    layer.syncFolder(folder);
    layer.rename(folder, this.path(OPEN));
    try {
      layer.syncFolder(this.path());
    } catch (error) {
      // Nothing was changed yet, so it need not stay; should it stay, recovery finds nothing to do.
      attempt(() => this.discard());
      throw error;
    }
    return record;
  }

  /** Puts what files hold now into the open journal, beside what they held when it was opened. */
  async addImages(contents: readonly StakeContent[]): Promise<readonly FileRecord[]> {
    const folder = this.path(OPEN);
    // A name of their own for each time, however often.
    const prefix = `${this.layer.list(folder).length}-`;
    const files = await this.#writeImages(OPEN, prefix, contents);
    this.layer.syncFolder(folder);
    return files;
  }

  /** Puts more files among those that the open journal's transaction found; that is on the disk when it resolves. */
  async addFiles(
    record: JournalRecord,
    contents: readonly StakeContent[],
  ): Promise<JournalRecord> {
    const longer = { ...record, files: [...record.files, ...await this.addImages(contents)] };
    this.rewriteRecord(longer);
    this.layer.syncFolder(this.path(OPEN));
    return longer;
  }

  /** Makes other files those that the open journal's transaction found, for who undoes it some day. */
  rewriteRecord(record: JournalRecord): void {
    const path = this.path(OPEN, RECORD);
    this.layer.unlink(`${path}.new`);
    this.#writeRecord(`${path}.new`, record);
    this.layer.rename(`${path}.new`, path);
  }

  /** Reads a journal. Whether it came about here is told by the folder that it names: nobody else can have written that. */
  read(name: string): JournalReading {
    const path = this.path(name);
    const facts = this.layer.facts(path);
    if (facts === null) return { kind: "none" };
    const foreign = (reason: string) => ({ kind: "foreign", path, reason }) as const;
    if (facts.kind !== "folder") return foreign(whatItIs(facts.kind));
    const record = readRecord(this.layer, join(path, RECORD));
    const format = newerFormat("journal", record?.version);
    if (record === undefined || (format === undefined && !Array.isArray(record.files))) {
      return foreign("it is damaged");
    }
    if (record.folder !== facts.identity) {
      return foreign(
        "it did not come about here (was the folder copied, moved, or committed to git?)",
      );
    }
    return format === undefined ? { kind: "own", record } : { kind: "newer", path, format };
  }

  /** Appends an event to the open journal's log; `waits`: until it is on the disk. */
  append(event: JournalEvent, { waits = false } = {}): void {
    const log = this.path(OPEN, LOG);
    // The line break comes first: what a failed call left of a line does not spoil the next one.
    this.layer.append(log, encode(`\n${JSON.stringify(event)}`));
    if (waits) this.layer.sync(log);
  }

  /** Reads the open journal's log; a line that was not completed, or is no event, says nothing. */
  events(): readonly JournalEvent[] {
    const bytes = this.layer.read(this.path(OPEN, LOG));
    if (bytes === null) return [];
    return decode(bytes).split("\n").flatMap((line) => {
      const event: unknown = attempt(() => JSON.parse(line));
      return isTable(event) ? [event as unknown as JournalEvent] : [];
    });
  }

  /** Closes the open journal without keeping it. What cannot be removed then is left for the next command. */
  discard(): void {
    this.remove(OLD);
    this.layer.rename(this.path(OPEN), this.path(OLD));
    this.layer.syncFolder(this.path());
    attempt(() => this.remove(OLD));
  }

  /** Removes what killed commands left of journals that are not open. It harms nobody, and the next command tries again. */
  removeStrays(): void {
    for (const name of [NEW, OLD]) attempt(() => this.remove(name));
  }

  /**
   * Sets aside what lies where the open journal would, under the first free name in the folder that holds the journals.
   *
   * @returns Where it lies now.
   */
  setAside(): string {
    const taken = new Set(this.layer.list(this.path()));
    let number = 1;
    while (taken.has(`foreign-${number}`)) number++;
    const path = this.path(`foreign-${number}`);
    this.layer.rename(this.path(OPEN), path);
    this.layer.syncFolder(this.path());
    return path;
  }

  /** Removes a journal's folder and all that is in it; a link is removed itself, not what it leads to. */
  remove(...names: readonly string[]): void {
    const { layer } = this;
    const path = this.path(...names);
    const kind = layer.facts(path)?.kind;
    if (kind === undefined) return;
    if (kind !== "folder") return layer.unlink(path);
    // The record goes first: what is left is no journal any more.
    const inside = layer.list(path).toSorted((a, b) => Number(b === RECORD) - Number(a === RECORD));
    for (const name of inside) this.remove(...names, name);
    layer.removeFolder(path);
  }

  /** Puts what files hold into a journal's folder; the folder itself is not waited for. */
  async #writeImages(
    journal: string,
    prefix: string,
    contents: readonly StakeContent[],
  ): Promise<FileRecord[]> {
    const files: FileRecord[] = [];
    for (const [i, { file, target, content }] of contents.entries()) {
      if (content === null) {
        files.push({ file, target, before: null });
        continue;
      }
      const image = `${prefix}${i}-${basename(file)}`;
      const { mode, uid, gid } = content.facts;
      const hash = await hashOf(content.bytes);
      files.push({ file, target, before: { image, hash, mode, uid, gid } });
      createLike(this.layer, this.path(journal, image), content.bytes, content.facts);
    }
    return files;
  }

  #writeRecord(path: string, record: JournalRecord): void {
    this.layer.create(path, encode(`${JSON.stringify(record, null, 2)}\n`), 0o600);
    this.layer.sync(path);
  }
}

/** The record in a file, of which format and folder are known; undefined where it is none. */
function readRecord(layer: FileLayer, path: string): JournalRecord | undefined {
  try {
    if (layer.facts(path)?.kind !== "file") return undefined;
    const record = JSON.parse(decode(layer.read(path, MAX_NOTE_BYTES) ?? new Uint8Array()));
    const isRecord = typeof record?.version === "number" && formatOf(record.version) !== undefined;
    return isRecord ? record : undefined;
  } catch (error) {
    // What the disk refuses is not damaged, and another time it is there.
    if (error instanceof SyntaxError || error instanceof HsmError) return undefined;
    throw error;
  }
}

/** The error that a newer HSM has to recover from what lies open. */
export function newerJournal(path: string, format: number): HsmError {
  return new HsmError(
    "rollback-failed",
    `Cannot recover from ${path}: it ${describeNewer(format)}`,
    {
      hint:
        `${UPDATE_HSM}, or compare your files with the originals in ${path}, then remove that folder`,
      details: { path, format },
    },
  );
}

/** Text as UTF-8. */
export function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** UTF-8 as text. */
export function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
