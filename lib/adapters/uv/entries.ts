/**
 * Entries in the lists of `[tool.uv]`: constraints, overrides, and what the workspace leaves out.
 *
 * @module
 */

import type { ArrayEdits } from "../../project/array_edits.ts";
import { requirementName } from "../../names.ts";
import type { Change } from "../../change.ts";

/** A list that HSM adds entries to. */
export interface EntryList {
  readonly what: "constraint" | "override" | "exclude";
  readonly path: readonly string[];
}

/**
 * Brings the entries that are HSM's own to what is wanted. What the user wrote for the same package or folder stands.
 *
 * @param owned The entries that HSM added before.
 * @returns The entries that are HSM's now, and the changes.
 */
export function updateEntries(
  arrays: ArrayEdits,
  { what, path }: EntryList,
  owned: readonly string[],
  wanted: readonly string[],
): { readonly owned: string[]; readonly changes: readonly Change[] } {
  const isFolder = what === "exclude";
  const keyOf = isFolder ? folderKey : (text: string) => requirementName(text) ?? text;
  const nameOf = isFolder ? (text: string) => text : keyOf;
  const { entries: present, removed, replaced, appended } = arrays.open(path);
  const own = new Map<string, number[]>();
  const claimed = new Set<number>();
  for (const entry of owned) {
    const place = present.findIndex((text, at) => text === entry && !claimed.has(at));
    if (place < 0) continue;
    own.set(keyOf(entry), [...own.get(keyOf(entry)) ?? [], place]);
    claimed.add(place);
  }
  const users = new Set(
    present.flatMap((text, at) => text === undefined || claimed.has(at) ? [] : [keyOf(text)]),
  );
  // A package may have several entries, each under a marker of its own; a folder has one.
  const byKey = Map.groupBy(
    new Map(wanted.map((entry) => [isFolder ? folderKey(entry) : entry, entry])).values(),
    keyOf,
  );
  const after: string[] = [];
  const changes: Change[] = [];
  for (const [key, entries] of byKey) {
    const places = own.get(key) ?? [];
    own.delete(key);
    if (places.length === 0 && users.has(key)) continue;
    after.push(...entries);
    const change = { package: nameOf(entries[0]!), what };
    const stale = places.filter((place) => !entries.includes(present[place]!));
    for (const to of entries.filter((it) => !places.some((place) => present[place] === it))) {
      const place = stale.shift();
      if (place === undefined) {
        appended.push(to);
        changes.push({ ...change, action: "add", to });
      } else {
        replaced.set(place, to);
        changes.push({ ...change, action: "replace", from: present[place]!, to });
      }
    }
    if (stale.length > 0) own.set(key, stale);
  }
  for (const place of [...own.values()].flat()) {
    const from = present[place]!;
    removed.add(place);
    changes.push({ package: nameOf(from), what, action: "remove", from });
  }
  return { owned: after, changes };
}

function folderKey(text: string): string {
  return text.replace(/^(?:\.\/+)+/, "").replace(/\/+$/, "");
}
