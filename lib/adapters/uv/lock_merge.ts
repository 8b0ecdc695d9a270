/**
 * Merging two versions of a uv.lock. It is made anew anyway, from what pyproject.toml says: what counts in it are the versions
 * that were chosen of what comes from elsewhere. Pure.
 *
 * @module
 */

import { normalizeName } from "../../names.ts";
import { listOf, type Table, tableOf, textOf } from "../../table.ts";
import type { MergedLock } from "../adapter.ts";
import { readEntries } from "./lock.ts";

/** What a lock file has under one name: several versions where markers tell them apart. */
interface Entry {
  readonly text: string;
  /** Which versions, and from where. */
  readonly choice: string;
  readonly versions: readonly unknown[];
  /** Whether it lies in the workspace, so that its own metadata tell its version. */
  readonly isLocal: boolean;
  readonly needs: readonly (readonly [name: string, version: unknown])[];
}

type Entries = ReadonlyMap<string, Entry>;

/**
 * Puts the versions that were chosen in `mine` into `theirs`.
 *
 * @param managed The packages that HSM has locked as the manifest says, by normalized name: nobody has chosen those.
 * @returns `theirs` with them, and the packages of which both have chosen a version, each its own: those are as in `theirs`.
 */
export function mergeUvLocks(
  { base, mine, theirs }: Readonly<Record<"base" | "mine" | "theirs", string>>,
  managed: ReadonlySet<string>,
): MergedLock {
  const [before, own, others] = [base, mine, theirs].map(entriesOf);
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
  const [head = ""] = blocksOf(theirs);
  const end = head.includes("\r\n") ? "\r\n" : "\n";
  const texts = [head, ...[...merged.values()].map((it) => it.text)];
  return { text: texts.map((it) => it.trimEnd()).join(end + end) + end, conflicts };
}

/** The text before the first package, and that of each. */
function blocksOf(text: string): readonly string[] {
  return text.split(/^(?=\[\[package\]\])/m);
}

/** What it has, by name; undefined where it cannot be read. */
function entriesOf(text: string): Entries | undefined {
  const tables = readEntries(text);
  const blocks = blocksOf(text).slice(1);
  if (tables?.length !== blocks.length) return undefined;
  const byName = Map.groupBy(blocks.keys(), (at) => nameOf(tables[at]));
  return new Map([...byName].map(([name, places]) => [
    name,
    entryOf(places.map((at) => tables[at]!), places.map((at) => blocks[at]!)),
  ]));
}

function entryOf(tables: readonly Table[], blocks: readonly string[]): Entry {
  const versions = tables.map((it) => it["version"]);
  const sources = tables.map((it) => tableOf(it["source"]));
  // The metadata say what was asked for, which need not be locked.
  const needs = tables.flatMap((it) => [
    ...listOf(it["dependencies"]),
    ...["optional-dependencies", "dev-dependencies"].flatMap((key) =>
      Object.values(tableOf(it[key])).flatMap(listOf)
    ),
  ]);
  return {
    text: blocks.join(""),
    choice: JSON.stringify([versions, sources], (_, it) => typeof it === "bigint" ? `${it}` : it),
    versions,
    isLocal: sources.some((it) => LOCAL.some((kind) => Object.hasOwn(it, kind))),
    needs: needs.map((it) => [nameOf(it), tableOf(it)["version"]]),
  };
}

const LOCAL = ["virtual", "editable", "directory"];

function nameOf(table: unknown): string {
  return normalizeName(textOf(tableOf(table)["name"]) ?? "");
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
