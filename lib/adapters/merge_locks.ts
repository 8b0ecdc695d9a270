/**
 * Merging two versions of a lock file. It is made anew anyway, from what the app's files say: what counts in it are the versions
 * that were chosen of what comes from elsewhere. Pure.
 *
 * @module
 */

import type { MergedLock } from "./adapter.ts";

/** One `[[package]]` of a lock file. */
export interface LockEntry {
  /** Its normalized name. */
  readonly name: string;
  /** Its version, as it was parsed. */
  readonly version: unknown;
  /** Where it comes from, as it was parsed. */
  readonly source: unknown;
  /** Whether it lies in the workspace, so that its own metadata tell its version. */
  readonly isLocal: boolean;
  /** What has to be in the same lock file; undefined: any version of it. */
  readonly needs: readonly (readonly [name: string, version: unknown])[];
}

/** Reads the packages of a lock file, in order; undefined: it is none. */
export type ReadEntries = (text: string) => readonly LockEntry[] | undefined;

/** What a lock file has under one name: several versions where markers tell them apart. */
interface Entry {
  readonly text: string;
  /** Which versions, and from where. */
  readonly choice: string;
  readonly versions: readonly unknown[];
  readonly isLocal: boolean;
  readonly needs: LockEntry["needs"];
}

type Entries = ReadonlyMap<string, Entry>;

/**
 * Puts the versions that were chosen in `mine` into `theirs`.
 *
 * @param managed The packages that HSM has locked as the manifest says, by normalized name: nobody has chosen those.
 * @returns `theirs` with them, and the packages of which both have chosen a version, each its own: those are as in `theirs`.
 */
export function mergeLocks(
  { base, mine, theirs }: Readonly<Record<"base" | "mine" | "theirs", string>>,
  managed: ReadonlySet<string>,
  read: ReadEntries,
): MergedLock {
  const [before, own, others] = [base, mine, theirs].map((it) => entriesOf(it, read));
  if (before === undefined || own === undefined || others === undefined) {
    return { text: theirs, conflicts: [] };
  }
  const conflicts: string[] = [];
  const merged = new Map(others);
  for (const [name, entry] of own) {
    const [was, theirs] = [before.get(name)?.choice, others.get(name)?.choice];
    if (entry.choice === was || entry.choice === theirs || managed.has(name)) continue;
    if (entry.isLocal || (theirs === undefined && was !== undefined)) continue;
    if (theirs === was) merged.set(name, entry);
    else conflicts.push(name);
  }
  complete(merged, own);
  const taken = [...merged].filter(([name, entry]) => others.get(name) !== entry);
  if (taken.length === 0) return { text: theirs, conflicts };
  // Half of the one and half of the other could not even be read.
  if (!isClosed(merged)) {
    return { text: theirs, conflicts: [...conflicts, ...taken.map(([name]) => name)].sort() };
  }
  const { head, tail } = partsOf(theirs);
  const end = head.includes("\r\n") ? "\r\n" : "\n";
  const texts = [head, ...[...merged.values()].map((it) => it.text), tail];
  return {
    text: texts.map((it) => it.trimEnd()).filter((it) => it !== "").join(end + end) + end,
    conflicts,
  };
}

/** The text before the first package, that of each, and what comes after the last. */
function partsOf(text: string): { head: string; blocks: readonly string[]; tail: string } {
  const [head = "", ...blocks] = text.split(/^(?=\[\[package\]\])/m);
  const [last = "", ...rest] = (blocks.pop() ?? "").split(/^(?=\[(?!\[?package[.\]]))/m);
  return { head, blocks: last === "" ? blocks : [...blocks, last], tail: rest.join("") };
}

/** What it has, by name; undefined where it cannot be read. */
function entriesOf(text: string, read: ReadEntries): Entries | undefined {
  const entries = read(text);
  const { blocks } = partsOf(text);
  if (entries?.length !== blocks.length) return undefined;
  const byName = Map.groupBy(blocks.keys(), (at) => entries[at]!.name);
  return new Map([...byName].map(([name, places]) => [
    name,
    entryOf(places.map((at) => entries[at]!), places.map((at) => blocks[at]!)),
  ]));
}

function entryOf(entries: readonly LockEntry[], blocks: readonly string[]): Entry {
  const versions = entries.map((it) => it.version);
  const chosen = [versions, entries.map((it) => it.source)];
  return {
    text: blocks.join(""),
    choice: JSON.stringify(chosen, (_, it) => typeof it === "bigint" ? `${it}` : it),
    versions,
    isLocal: entries.some((it) => it.isLocal),
    needs: entries.flatMap((it) => it.needs),
  };
}

/** Adds what the packages that were taken over need, and their own lock file did not have. */
function complete(merged: Map<string, Entry>, own: Entries): void {
  for (const [, { needs }] of merged) {
    for (const [name] of needs) {
      const entry = own.get(name);
      // What is added is gone through as well.
      if (!merged.has(name) && entry !== undefined) merged.set(name, entry);
    }
  }
}

function isClosed(merged: Entries): boolean {
  return [...merged.values()].every(({ needs }) =>
    needs.every(([name, version]) => {
      const versions = merged.get(name)?.versions;
      return versions !== undefined && (version === undefined || versions.includes(version));
    })
  );
}
