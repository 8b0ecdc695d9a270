/**
 * The history: what the last transactions found, so that they can be undone.
 *
 * A committed transaction's journal becomes its entry by the very rename that commits it.
 *
 * @module
 */

import { join } from "@std/path";
import { attempt } from "../attempt.ts";
import { HsmError } from "../errors.ts";
import { ABSENT, hashOf } from "./content.ts";
import { type FileLayer, realFiles } from "../files/layer.ts";
import { ioError } from "../files/system_error.ts";
import { decode, encode, type JournalReading, type JournalRecord, Journals } from "./journal.ts";
import { MAX_NOTE_BYTES } from "../files/read_file.ts";

/** How many transactions are kept. */
export const HISTORY_LENGTH = 20;

/** The file with what the transaction left behind. */
const AFTER = "after.json";

/** An id: a number that counts up, whatever the clock does. */
const ID = /^[1-9]\d{0,11}$/;

/** Hashes by file. */
export type AfterHashes = Record<string, string>;

/** A committed transaction. */
export interface HistoryEntry {
  /** Its name; a number that counts up. */
  readonly id: string;
  /** The command. */
  readonly command: string;
  /** When it began, in ISO 8601. */
  readonly since: string;
  /** The files that it changed, relative to the root; all at stake when that is not known. */
  readonly files: readonly string[];
}

/** A file as a transaction found and left it. */
export interface HistoryFile {
  /** Its path relative to the root. */
  readonly file: string;
  /** Its bytes before; null: it was not there. */
  readonly before: Uint8Array | null;
  /** Its permission bits before. */
  readonly mode: number | null;
  /** Hash (SHA-256 in hex) of what the transaction left, `absent` for no file; null when not known. */
  readonly after: string | null;
}

/** A committed transaction with its files. */
export interface HistoryDetails extends Omit<HistoryEntry, "files"> {
  /** The files that it changed; all at stake when that is not known. */
  readonly files: readonly HistoryFile[];
}

/**
 * Lists the committed transactions that are kept, the latest first. Entries that did not come about in this
 * folder, or are damaged, are left out.
 */
export function listHistory(root: string, layer: FileLayer = realFiles()): readonly HistoryEntry[] {
  const journals = new Journals(root, layer);
  return ownEntries(journals).reverse().map(({ id, record }) => {
    const after = readAfter(journals, id);
    const files = record.files.filter((entry) =>
      after?.[entry.file] !== (entry.before?.hash ?? ABSENT)
    );
    const { command, since } = record;
    return { id, command, since, files: files.map(({ file }) => file) };
  });
}

/** The latest committed transaction that a newer HSM made: it can neither be undone here nor passed over. */
export function latestNewer(
  root: string,
  layer: FileLayer = realFiles(),
): { readonly id: string; readonly format: number } | undefined {
  const newer = entries(new Journals(root, layer)).flatMap(({ id, read }) =>
    read.kind === "newer" ? [{ id, format: read.format }] : []
  );
  return newer.at(-1);
}

/**
 * Reads a committed transaction with the originals of the files that it changed.
 *
 * @throws {HsmError} `usage` when there is none of that name; `io` when an original is damaged.
 */
export async function readHistory(
  root: string,
  id: string,
  layer: FileLayer = realFiles(),
): Promise<HistoryDetails> {
  const entry = listHistory(root, layer).find((entry) => entry.id === id);
  const journals = new Journals(root, layer);
  const read = entry && journals.read(id);
  if (!entry || read?.kind !== "own") {
    throw new HsmError("usage", `Cannot read the history: there is no transaction ${id}`);
  }
  const { record } = read;
  const folder = journals.path(id);
  const after = readAfter(journals, id);
  const files: HistoryFile[] = [];
  for (const { file, before } of record.files) {
    if (!entry.files.includes(file)) continue;
    const bytes = before && layer.read(join(folder, before.image));
    if (before !== null && await hashOf(bytes) !== before.hash) {
      throw ioError("read the history", folder, new Error(`${before.image} is damaged`));
    }
    files.push({ file, before: bytes, mode: before?.mode ?? null, after: after?.[file] ?? null });
  }
  return { id, command: record.command, since: record.since, files };
}

/**
 * Makes one entry of two committed transactions that follow each other: undoing it takes both back. Where a file was not
 * found as the first one left it, somebody else has changed it in between, and they stay two.
 *
 * @param first The earlier one; undefined: there is none yet.
 * @param id The later one; one that changed nothing has no entry.
 * @returns The one that the next transaction is to be joined with.
 */
export function joinHistory(
  root: string,
  first: string | undefined,
  id: string,
  layer: FileLayer = realFiles(),
): string | undefined {
  const journals = new Journals(root, layer);
  const after = readAfter(journals, id);
  if (after === null) return first;
  const read = journals.read(id);
  const found = read.kind === "own" ? read.record.files : [];
  const left = readAfter(journals, first ?? id);
  const follows = found.every((it) => left?.[it.file] === (it.before?.hash ?? ABSENT));
  if (first === undefined || !follows) return id;
  // Cut off in between there are two entries, of which the later one can still be undone.
  attempt(() => {
    writeAfter(journals, first, after);
    journals.remove(id);
  });
  return first;
}

/** The hash that the latest transaction left of a file at stake; undefined where that is not known. */
export function lastHashOf(
  root: string,
  file: string,
  layer: FileLayer = realFiles(),
): string | undefined {
  const journals = new Journals(root, layer);
  const last = entries(journals).at(-1);
  return last?.read.kind === "own" ? readAfter(journals, last.id)?.[file] : undefined;
}

/**
 * The id of a transaction that begins now: more than the latest one's, and no name that is taken, be it in the history or
 * for the files that are written to beside others.
 */
export function newId(journals: Journals): string {
  const { layer, root } = journals;
  const names = [
    ...layer.list(journals.path()),
    ...layer.list(root).flatMap((name) => /^\.hsm-(\d+)-/.exec(name)?.[1] ?? []),
  ];
  const taken = new Set(names);
  let id = Number(entries(journals).at(-1)?.id ?? 0) + 1;
  while (taken.has(`${id}`)) id++;
  return `${id}`;
}

/** Notes in a journal what its transaction leaves behind. Only undo reads it, so it need not wait for the disk. */
export function writeAfter(journals: Journals, name: string, after: AfterHashes): void {
  const { layer } = journals;
  const path = journals.path(name, AFTER);
  layer.unlink(path);
  layer.create(path, encode(JSON.stringify(after)), 0o600);
}

/** Removes the oldest entries beyond {@linkcode HISTORY_LENGTH}; what did not come about here counts for none, and stays. */
export function pruneHistory(journals: Journals): void {
  for (const { id } of ownEntries(journals).slice(0, -HISTORY_LENGTH)) journals.remove(id);
}

function readAfter(journals: Journals, name: string): AfterHashes | null {
  const bytes = attempt(() => journals.layer.read(journals.path(name, AFTER), MAX_NOTE_BYTES));
  return bytes ? attempt(() => JSON.parse(decode(bytes)) as AfterHashes) ?? null : null;
}

/** The entries that came about here, the oldest first. */
function ownEntries(
  journals: Journals,
): { readonly id: string; readonly record: JournalRecord }[] {
  return entries(journals).flatMap(({ id, read }) =>
    read.kind === "own" ? [{ id, record: read.record }] : []
  );
}

/** The same with those of a newer HSM, which stay as they are. */
function entries(journals: Journals): { readonly id: string; readonly read: JournalReading }[] {
  return journals.layer.list(journals.path()).filter((name) => ID.test(name)).sort((a, b) =>
    Number(a) - Number(b)
  ).flatMap((id) => {
    try {
      const read = journals.read(id);
      return read.kind === "own" || read.kind === "newer" ? [{ id, read }] : [];
    } catch (error) {
      // Another user's run has left it, and what cannot be read cannot be undone.
      if (error instanceof Deno.errors.PermissionDenied) return [];
      throw error;
    }
  });
}
