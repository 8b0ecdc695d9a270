/**
 * Dependency groups (PEP 735).
 *
 * @module
 */

import { normalizeName } from "../names.ts";
import { isTable } from "../table.ts";
import type { MetadataReader } from "./metadata_reader.ts";
import { type Item, noteItems, type Own, ownPlaces } from "./own.ts";

/** A group as it is written. */
interface RawGroup {
  readonly items: readonly unknown[];
  /** The keys that lead to it. */
  readonly path: readonly string[];
  /** The places of those that HSM added. */
  readonly own: ReadonlySet<number>;
}

/** The groups by normalized name, `include-group` replaced by what it includes, and what HSM added left out. */
export function readGroups(
  reader: MetadataReader,
  own: Own,
): Readonly<Record<string, readonly string[]>> {
  const raw = new Map<string, RawGroup>();
  for (const group of Object.keys(reader.table("dependency-groups"))) {
    const name = normalizeName(group);
    const path = ["dependency-groups", group];
    const items = reader.list(path);
    raw.set(name, { items, path, own: ownPlaces(items, own.requirements(name)) });
  }
  const groups = [...raw].map(([name, { items }]) => {
    const all = expand(name, raw, [], reader);
    return [name, noteItems(reader, `dependency-groups.${name}`, items.length, all)] as const;
  });
  return Object.fromEntries(groups);
}

function expand(
  name: string,
  raw: ReadonlyMap<string, RawGroup>,
  way: readonly string[],
  reader: MetadataReader,
): readonly Item[] {
  const isTop = way.length === 0;
  const { items, path, own } = raw.get(name)!;
  return items.flatMap((item, index) => {
    if (own.has(index)) return [];
    if (typeof item === "string") return [{ text: item, path: [...path, index] }];
    const included = isTable(item) ? item["include-group"] : undefined;
    if (typeof included !== "string") {
      const wanted = "requirements and { include-group = … }";
      if (isTop) reader.broken(`dependency-groups.${name} must hold ${wanted}`, `write ${wanted}`);
      return [];
    }
    const key = normalizeName(included);
    if (!raw.has(key)) {
      const reason = `includes "${included}", which is no group`;
      if (isTop) reader.broken(`dependency-groups.${name} ${reason}`, "remove the include-group");
      return [];
    }
    const longer = [...way, name];
    if (!longer.includes(key)) return expand(key, raw, longer, reader);
    if (key === longer[0]) {
      reader.broken(`dependency-groups.${key} includes itself`, "remove an include-group");
    }
    return [];
  });
}
