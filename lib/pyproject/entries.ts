/**
 * Entries in the lists of `[tool.uv]`: constraints, overrides, and what the workspace leaves out.
 *
 * @module
 */

import type { ArrayEdits } from "./array_edits.ts";
import { type Change, requirementName } from "./plan.ts";

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
  const keyOf = what === "exclude" ? folderKey : (text: string) => requirementName(text) ?? text;
  const nameOf = what === "exclude" ? (text: string) => text : keyOf;
  const present = arrays.entries(path);
  const own = new Map<string, number>();
  const claimed = new Set<number>();
  for (const entry of owned) {
    const place = present.findIndex((text, at) => text === entry && !claimed.has(at));
    if (place < 0 || own.has(keyOf(entry))) continue;
    own.set(keyOf(entry), place);
    claimed.add(place);
  }
  const users = new Set(
    present.flatMap((text, at) => text === undefined || claimed.has(at) ? [] : [keyOf(text)]),
  );
  const after: string[] = [];
  const changes: Change[] = [];
  const seen = new Set<string>();
  for (const entry of wanted) {
    const key = keyOf(entry);
    if (seen.has(key)) continue;
    seen.add(key);
    const change = { package: nameOf(entry), what, to: entry };
    const place = own.get(key);
    if (place !== undefined) {
      after.push(entry);
      const from = present[place]!;
      if (from === entry) continue;
      arrays.replace(path, place, entry);
      changes.push({ ...change, action: "replace", from });
    } else if (!users.has(key)) {
      after.push(entry);
      arrays.append(path, entry);
      changes.push({ ...change, action: "add" });
    }
  }
  for (const [key, place] of own) {
    if (seen.has(key)) continue;
    const from = present[place]!;
    arrays.remove(path, place);
    changes.push({ package: nameOf(from), what, action: "remove", from });
  }
  return { owned: after, changes };
}

function folderKey(text: string): string {
  return text.replace(/^(?:\.\/+)+/, "").replace(/\/+$/, "");
}
