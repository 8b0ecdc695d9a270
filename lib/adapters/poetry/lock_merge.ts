/**
 * What counts of a poetry.lock where two versions of it are merged. Pure.
 *
 * @module
 */

import { normalizeName } from "../../names.ts";
import { tableOf, textOf } from "../../table.ts";
import type { MergedLock } from "../adapter.ts";
import { type LockEntry, mergeLocks } from "../merge_locks.ts";
import { readEntries } from "./lock.ts";

/** Puts the versions that were chosen in `mine` into `theirs`; nobody has chosen those of `managed`. */
export function mergePoetryLocks(
  texts: Readonly<Record<"base" | "mine" | "theirs", string>>,
  managed: ReadonlySet<string>,
): MergedLock {
  return mergeLocks(texts, managed, readPoetryEntries);
}

function readPoetryEntries(text: string): readonly LockEntry[] | undefined {
  const tables = readEntries(text);
  const names = new Set(tables?.map(nameOf));
  return tables?.map((it): LockEntry => {
    const source = tableOf(it["source"]);
    return {
      name: nameOf(it),
      version: it["version"],
      source,
      isLocal: source["type"] === "directory",
      // What an extra or another system needs need not be locked.
      needs: Object.keys(tableOf(it["dependencies"])).map(normalizeName)
        .filter((name) => names.has(name)).map((name) => [name, undefined]),
    };
  });
}

function nameOf(table: unknown): string {
  return normalizeName(textOf(tableOf(table)["name"]) ?? "");
}
