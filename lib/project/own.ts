/**
 * What HSM has added to a pyproject.toml, as far as its record in `[tool.hsm]` says so; whatever is wrong with that is told
 * when something is injected.
 *
 * @module
 */

import { normalizeName } from "../names.ts";
import { listOf, tableOf } from "../table.ts";
import type { Path } from "../toml/places.ts";
import type { MetadataReader } from "./metadata_reader.ts";

/** A requirement in a list, and where it stands. */
export interface Item {
  readonly text: string;
  readonly path: Path;
}

/** What HSM added. */
export interface Own {
  /** The entries of a list of settings. */
  readonly list: (key: string) => readonly unknown[];
  /** The requirements in a group, normalized; undefined: in project.dependencies. */
  readonly requirements: (group: string | undefined) => readonly string[];
  /** The packages that it added a requirement for, normalized, and the groups: `""` is project.dependencies. */
  readonly injected: Readonly<Record<string, string>>;
}

/** Reads HSM's record. */
export function readOwn(reader: MetadataReader): Own {
  const table = reader.table("tool", "hsm");
  const added = Object.entries(tableOf(table["packages"])).flatMap(([name, it]) => {
    const { requirement, group } = tableOf(it);
    if (typeof requirement !== "string") return [];
    const key = typeof group === "string" ? normalizeName(group) : undefined;
    return [{ name: normalizeName(name), requirement, group: key }];
  });
  return {
    injected: Object.fromEntries(added.map(({ name, group = "" }) => [name, group])),
    list: (key) => listOf(table[key]),
    requirements: (wanted) => added.filter((it) => it.group === wanted).map((it) => it.requirement),
  };
}

/** The places in a list of those entries that are HSM's. */
export function ownPlaces(list: readonly unknown[], own: readonly unknown[]): ReadonlySet<number> {
  return new Set(own.map((text) => list.indexOf(text)));
}

/** The texts of a list, and their lines by a name, but for those that HSM added. */
export function withoutOwn(
  reader: MetadataReader,
  path: readonly string[],
  own: readonly unknown[],
  name: string = path.at(-1)!,
): readonly string[] {
  const list = reader.strings(...path);
  const places = ownPlaces(list, own);
  const items = list.map((text, at) => ({ text, path: [...path, at] }));
  return noteItems(reader, name, list.length, items.filter((_, at) => !places.has(at)));
}

/** Notes other items, and their lines, in a list's place. */
export function noteItems(
  reader: MetadataReader,
  name: string,
  length: number,
  items: readonly Item[],
): readonly string[] {
  for (let at = 0; at < length; at++) delete reader.lines[`${name}.${at}`];
  for (const [at, { path }] of items.entries()) reader.note(`${name}.${at}`, path);
  return items.map((item) => item.text);
}
