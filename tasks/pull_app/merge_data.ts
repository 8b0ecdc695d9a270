/**
 * What a file is to say after two sides have changed it: the judge of a text that was merged line by line. Pure.
 *
 * @module
 */

import { isTable, tableOf } from "../../lib/table.ts";
import { requirementName } from "../../lib/names.ts";

/** Two versions of data, and what both come from. */
interface Versions {
  readonly base: unknown;
  readonly mine: unknown;
  readonly theirs: unknown;
}

/** That both sides have changed the same, each in its own way. */
const CONFLICT = Symbol("conflict");

/** Whether data says what both sides meant; the order in lists does not count. */
export function saysBoth(merged: unknown, versions: Versions): boolean {
  const wanted = merge(versions);
  return wanted !== CONFLICT && isSame(merged, wanted);
}

/**
 * What the first side has done to a list, as far as the second one has not done it as well.
 *
 * @returns undefined where both have changed the same entry, or added the same requirement, each in its own way.
 */
export function changeOfList(
  { base, mine, theirs }: Record<"base" | "mine" | "theirs", readonly unknown[]>,
): Readonly<Record<"removed" | "added", readonly unknown[]>> | undefined {
  const [removed, removedByThem] = [without(base, mine), without(base, theirs)];
  const [added, addedByThem] = [without(mine, base), without(theirs, base)];
  if (without(removed, removedByThem).length < removed.length) return undefined;
  const own = without(added, addedByThem);
  const names = new Set(without(addedByThem, added).map(nameIn));
  return own.some((it) => names.has(nameIn(it))) ? undefined : { removed, added: own };
}

function merge({ base, mine, theirs }: Versions): unknown {
  if (isSame(mine, theirs) || isSame(base, theirs)) return mine;
  if (isSame(base, mine)) return theirs;
  if (Array.isArray(mine) && Array.isArray(theirs)) {
    const change = changeOfList({ base: Array.isArray(base) ? base : [], mine, theirs });
    return change ? [...without(theirs, change.removed), ...change.added] : CONFLICT;
  }
  if (!isTable(mine) || !isTable(theirs)) return CONFLICT;
  const before = tableOf(base);
  const merged: [string, unknown][] = [];
  for (const key of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
    const value = merge({ base: before[key], mine: mine[key], theirs: theirs[key] });
    if (value === CONFLICT) return CONFLICT;
    if (value !== undefined) merged.push([key, value]);
  }
  return Object.fromEntries(merged);
}

function nameIn(entry: unknown): string {
  return (typeof entry === "string" ? requirementName(entry) : undefined) ?? canonical(entry);
}

/** The entries of a list that another one has not, as often as it has fewer of them. */
function without(list: readonly unknown[], other: readonly unknown[]): readonly unknown[] {
  const left = other.map(canonical);
  return list.filter((it) => {
    const at = left.indexOf(canonical(it));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

function isSame(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).sort().join()}]`;
  if (isTable(value)) {
    const keys = Object.keys(value).sort();
    return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join()}}`;
  }
  return typeof value === "string" ? JSON.stringify(value) : `${typeof value} ${value}`;
}
