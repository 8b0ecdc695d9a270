/**
 * Dependency groups (PEP 735).
 *
 * @module
 */

import { normalizeName } from "../names.ts";
import { tableOf, textOf } from "../table.ts";
import type { Document } from "./document.ts";
import type { MetadataReader } from "./metadata_reader.ts";
import { type Item, noteItems, type Own, ownPlaces } from "./own.ts";

/** An entry of a group: a requirement, or another group; neither where it is nothing that may stand there. */
interface Entry extends Pick<Item, "path"> {
  readonly text?: string;
  /** The group, as it is named there. */
  readonly includes?: string | undefined;
}

/** The groups as they are written, by their names. */
export function readEntries(document: Document): ReadonlyMap<string, readonly Entry[]> {
  return new Map(
    Object.keys(document.table("dependency-groups")).map((group) => {
      const whole = ["dependency-groups", group];
      const entries = document.list(whole, "requirements").map((item, index): Entry => {
        const path = [...whole, index];
        if (typeof item === "string") return { path, text: item };
        const includes = textOf(tableOf(item)["include-group"]);
        if (includes === undefined) document.wrong(whole, "groups");
        return { path, includes };
      });
      return [group, entries];
    }),
  );
}

/** The groups by normalized name, `include-group` replaced by what it includes, and what HSM added left out. */
export function readGroups(
  reader: MetadataReader,
  own: Own,
): Readonly<Record<string, readonly string[]>> {
  const groups = new Map(
    [...readEntries(reader)].map(([name, entries]) => [normalizeName(name), entries]),
  );
  const expand = (name: string, way: readonly string[]): readonly Item[] => {
    const entries = groups.get(name)!;
    const added = ownPlaces(entries.map((it) => it.text), own.requirements(name));
    return entries.flatMap(({ path, text, includes }, index) => {
      if (text !== undefined) return added.has(index) ? [] : [{ text, path }];
      if (includes === undefined) return [];
      const key = normalizeName(includes);
      if (!groups.has(key)) {
        const reason = `includes "${includes}", which is no group`;
        reader.broken(`dependency-groups.${name} ${reason}`, "remove the include-group");
        return [];
      }
      const longer = [...way, name];
      if (!longer.includes(key)) return expand(key, longer);
      if (key === longer[0]) {
        reader.broken(`dependency-groups.${key} includes itself`, "remove an include-group");
      }
      return [];
    });
  };
  return Object.fromEntries(
    [...groups].map(([name, { length }]) =>
      [name, noteItems(reader, `dependency-groups.${name}`, length, expand(name, []))] as const
    ),
  );
}
