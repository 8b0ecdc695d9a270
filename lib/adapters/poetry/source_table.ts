/**
 * A source as Poetry reads it.
 *
 * @module
 */

import { given } from "../../given.ts";
import type { Source } from "../../source.ts";
import { isTable, textOf } from "../../table.ts";
import type { Use } from "../adapter.ts";

type Value = string | boolean | readonly string[];

/** A source as Poetry reads it; what is required with extras is to be had with the same extras there. */
export function sourceTable(
  source: Source,
  extras: readonly string[] = [],
): Readonly<Record<string, Value>> {
  const asked: Readonly<Record<string, Value>> = extras.length === 0 ? {} : { extras };
  if (source.kind === "path") return { path: source.path, develop: true, ...asked };
  const { git, tag, rev, branch, subdirectory } = source;
  return { git, ...given({ tag, rev, branch, subdirectory }), ...asked };
}

/** Where a dependency of Poetry's leads, whatever else it says; undefined: it does not say. */
export function useOf(value: unknown): Use | undefined {
  if (Array.isArray(value)) {
    const uses = value.map(useOf).filter((it) => it !== undefined);
    return uses.length === 0 ? undefined : { kind: "foreign", isSeveral: true };
  }
  if (!isTable(value)) return undefined;
  const text = (key: string) => textOf(value[key]);
  const git = text("git");
  if (git !== undefined) {
    const [tag, rev, branch, subdirectory] = ["tag", "rev", "branch", "subdirectory"].map(text);
    return { kind: "git", git, ...given({ tag, rev, branch, subdirectory }) };
  }
  const path = text("path");
  if (path !== undefined) return { kind: "path", path, editable: value["develop"] === true };
  const isElsewhere = text("url") !== undefined || text("file") !== undefined;
  return isElsewhere ? { kind: "foreign", isSeveral: false } : undefined;
}

/** Whether a dependency is had from the wanted source, whatever its extras are. */
export function isFrom(value: unknown, wanted: Source): boolean {
  if (!isTable(value)) return false;
  const { extras: _, ...rest } = value;
  const table = sourceTable(wanted);
  const keys = Object.keys(rest);
  return keys.length === Object.keys(table).length && keys.every((it) => rest[it] === table[it]);
}
