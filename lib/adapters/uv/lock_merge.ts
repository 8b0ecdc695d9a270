/**
 * What counts of a uv.lock where two versions of it are merged. Pure.
 *
 * @module
 */

import { normalizeName } from "../../names.ts";
import { listOf, tableOf, textOf } from "../../table.ts";
import type { MergedLock } from "../adapter.ts";
import { type LockEntry, mergeLocks } from "../merge_locks.ts";
import { readEntries } from "./lock.ts";

/** Puts the versions that were chosen in `mine` into `theirs`; nobody has chosen those of `managed`. */
export function mergeUvLocks(
  texts: Readonly<Record<"base" | "mine" | "theirs", string>>,
  managed: ReadonlySet<string>,
): MergedLock {
  return mergeLocks(texts, managed, readUvEntries);
}

const LOCAL = ["virtual", "editable", "directory"];

function readUvEntries(text: string): readonly LockEntry[] | undefined {
  return readEntries(text)?.map((it): LockEntry => {
    const source = tableOf(it["source"]);
    // The metadata say what was asked for, which need not be locked.
    const needs = [
      ...listOf(it["dependencies"]),
      ...["optional-dependencies", "dev-dependencies"].flatMap((key) =>
        Object.values(tableOf(it[key])).flatMap(listOf)
      ),
    ];
    return {
      name: nameOf(it),
      version: it["version"],
      source,
      isLocal: LOCAL.some((kind) => Object.hasOwn(source, kind)),
      needs: needs.map((need) => [nameOf(need), tableOf(need)["version"]]),
    };
  });
}

function nameOf(table: unknown): string {
  return normalizeName(textOf(tableOf(table)["name"]) ?? "");
}
