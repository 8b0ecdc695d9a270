/**
 * Reading what the check needs of the app's pyproject.toml.
 *
 * @module
 */

import { normalizeName } from "../names.ts";
import { isTable, type Table, type TableReader } from "./metadata_tables.ts";
import type { App, StatedMetadata } from "../reconcile/model.ts";
import type { Problem } from "../reconcile/problem.ts";
import { type MetadataFile, readProject, readToml } from "./read_metadata.ts";

/** What {@linkcode readApp} gives. */
export interface AppResult {
  /** The app; undefined where its file is broken. */
  readonly app: App | undefined;
  /** What is wrong with the file; a whole app carries the same. */
  readonly problems: readonly Problem[];
}

/**
 * Reads the app's metadata, dependency groups (PEP 735) and `[tool.uv]` settings.
 *
 * Only the user's own word counts: what `[tool.hsm]` records as added by HSM is left out, since the manifest may ask
 * for something else by now.
 *
 * @example
 * ```ts
 * import { readApp } from "@hsm/hsm";
 * import { assertEquals } from "@std/assert";
 *
 * const text = '[project]\nname = "app"\n[dependency-groups]\ndev = ["pytest"]\n';
 * const { app } = readApp({ component: "app", file: "pyproject.toml", text });
 * assertEquals(app?.dependencyGroups, { dev: ["pytest"] });
 * ```
 *
 * @param file The app's pyproject.toml.
 * @returns The app, and everything that is wrong with the file.
 */
export function readApp(file: MetadataFile): AppResult {
  const { root, reader } = readToml(file);
  if (root === undefined) return { app: undefined, problems: reader.problems };
  const metadata = readProject(root, reader);
  const uv = reader.table(root, "tool", "uv");
  const own = readOwn(reader.table(root, "tool", "hsm"));
  const dependencyGroups = readGroups(root, reader, own);
  const users = (list: readonly string[], key: string) =>
    list.filter((it) => !own.list(key).includes(it));
  const app: App = {
    ...metadata,
    dependencies: withoutOwn(metadata.dependencies, reader, own),
    file: file.file,
    dependencyGroups,
    groupPythons: readGroupPythons(root, reader),
    conflicts: readConflicts(uv, metadata.name, reader),
    injected: own.injected,
    environments: readEnvironments(uv, reader),
    excluded: reader.texts(uv, "tool.uv", "exclude-dependencies").map(normalizeName),
    stated: readStated(uv, reader),
    overrides: users(reader.texts(uv, "tool.uv", "override-dependencies"), "overrides"),
    constraints: users(reader.texts(uv, "tool.uv", "constraint-dependencies"), "constraints"),
    problems: reader.problems,
  };
  return { app, problems: reader.problems };
}

/** What HSM added. */
interface Own {
  /** A list of entries. */
  readonly list: (key: string) => readonly unknown[];
  /** The requirements in a group, normalized; undefined: in project.dependencies. */
  readonly requirements: (group: string | undefined) => readonly string[];
  /** The packages that it added a requirement for, normalized, and the groups: `""` is project.dependencies. */
  readonly injected: Readonly<Record<string, string>>;
}

/** Reads HSM's record; whatever is wrong with it is told when something is injected. */
function readOwn(table: Table): Own {
  const { packages } = table;
  const entries = Object.entries(isTable(packages) ? packages : {});
  const records = entries.flatMap(([, it]) => isTable(it) ? [it] : []);
  return {
    injected: Object.fromEntries(entries.flatMap(([name, it]) => {
      if (!isTable(it) || typeof it["requirement"] !== "string") return [];
      const { group } = it;
      return [[normalizeName(name), typeof group === "string" ? normalizeName(group) : ""]];
    })),
    list: (key) => Array.isArray(table[key]) ? table[key] : [],
    requirements: (wanted) =>
      records.flatMap(({ requirement, group }) => {
        const name = typeof group === "string" ? normalizeName(group) : undefined;
        return typeof requirement === "string" && name === wanted ? [requirement] : [];
      }),
  };
}

/** The places in a list of those entries that are HSM's. */
function ownPlaces(list: readonly unknown[], own: readonly string[]): ReadonlySet<number> {
  return new Set(own.map((text) => list.indexOf(text)));
}

function withoutOwn(list: readonly string[], reader: TableReader, own: Own): readonly string[] {
  const places = ownPlaces(list, own.requirements(undefined));
  const items = list.map((text, at) => ({ text, line: reader.lines[`dependencies.${at}`] }));
  return replaceItems(
    reader,
    "dependencies",
    list.length,
    items.filter((_, at) => !places.has(at)),
  );
}

/** Notes other items, and their lines, in a list's place. */
function replaceItems(
  reader: TableReader,
  path: string,
  length: number,
  items: readonly GroupItem[],
): readonly string[] {
  for (let at = 0; at < length; at++) delete reader.lines[`${path}.${at}`];
  for (const [at, { line }] of items.entries()) {
    if (line !== undefined) reader.lines[`${path}.${at}`] = line;
  }
  return items.map((item) => item.text);
}

function readEnvironments(uv: Table, reader: TableReader): readonly string[] {
  const { environments } = uv;
  return typeof environments === "string"
    ? [environments]
    : reader.texts(uv, "tool.uv", "environments");
}

function readStated(uv: Table, reader: TableReader): readonly StatedMetadata[] {
  const texts = (value: unknown) =>
    Array.isArray(value) ? value.filter((it) => typeof it === "string") : [];
  return reader.list(uv, "tool.uv", "dependency-metadata").flatMap((entry) => {
    if (!isTable(entry)) return [];
    const { name, version } = entry;
    const requiresPython = entry["requires-python"];
    if (typeof name !== "string") return [];
    return [{
      name,
      ...(typeof version === "string" ? { version } : {}),
      ...(typeof requiresPython === "string" ? { requiresPython } : {}),
      dependencies: texts(entry["requires-dist"]),
      optionalDependencies: Object.fromEntries(
        texts(entry["provides-extra"]).map((extra) => [extra, []]),
      ),
    }];
  });
}

/** The Python versions that uv takes a group for, where they are narrower than the app's. */
function readGroupPythons(root: Table, reader: TableReader): Readonly<Record<string, string>> {
  const table = reader.table(root, "tool", "uv", "dependency-groups");
  return Object.fromEntries(
    Object.entries(table).flatMap(([group, settings]) => {
      const python = isTable(settings) ? settings["requires-python"] : undefined;
      return typeof python === "string" ? [[normalizeName(group), python]] : [];
    }),
  );
}

/** The app's extras and groups that uv resolves apart from each other; what other projects keep apart is left to uv. */
function readConflicts(
  uv: Table,
  app: string | undefined,
  reader: TableReader,
): readonly (readonly string[])[] {
  const isOfApp = (it: unknown) =>
    it === undefined ||
    (typeof it === "string" && app !== undefined && normalizeName(it) === normalizeName(app));
  return reader.list(uv, "tool.uv", "conflicts").flatMap((set) => {
    const items = (Array.isArray(set) ? set : []).flatMap((item) => {
      if (!isTable(item) || !isOfApp(item["package"])) return [];
      const { extra, group } = item;
      if (typeof extra === "string") return [`extra:${normalizeName(extra)}`];
      return typeof group === "string" ? [`group:${normalizeName(group)}`] : [];
    });
    return items.length < 2 ? [] : [items];
  });
}

/** A group as it is written. */
interface RawGroup {
  readonly items: readonly unknown[];
  /** The places of those that HSM added. */
  readonly own: ReadonlySet<number>;
}

/** A requirement in a list, and its line. */
interface GroupItem {
  readonly text: string;
  readonly line: number | undefined;
}

/** The groups by normalized name, `include-group` replaced by what it includes. */
function readGroups(
  root: Table,
  reader: TableReader,
  own: Own,
): Readonly<Record<string, readonly string[]>> {
  const table = reader.table(root, "dependency-groups");
  const raw = new Map<string, RawGroup>();
  for (const group of Object.keys(table)) {
    const name = normalizeName(group);
    const items = reader.list(table, "dependency-groups", group, groupPath(name));
    raw.set(name, { items, own: ownPlaces(items, own.requirements(name)) });
  }
  const expanded = [...raw.keys()].map((name) => [name, expand(name, raw, [], reader)] as const);
  const groups: Record<string, readonly string[]> = {};
  for (const [name, items] of expanded) {
    groups[name] = replaceItems(reader, groupPath(name), raw.get(name)!.items.length, items);
  }
  return groups;
}

function expand(
  name: string,
  raw: ReadonlyMap<string, RawGroup>,
  path: readonly string[],
  reader: TableReader,
): readonly GroupItem[] {
  const isTop = path.length === 0;
  const { items, own } = raw.get(name)!;
  return items.flatMap((item, index) => {
    if (own.has(index)) return [];
    const line = reader.lines[`${groupPath(name)}.${index}`];
    if (typeof item === "string") return [{ text: item, line }];
    const included = isTable(item) ? item["include-group"] : undefined;
    if (typeof included !== "string") {
      const wanted = "requirements and { include-group = … }";
      if (isTop) reader.broken(`dependency-groups.${name} must hold ${wanted}`, `write ${wanted}`);
      return [];
    }
    const key = normalizeName(included);
    const way = [...path, name];
    if (!raw.has(key)) {
      const reason = `includes "${included}", which is no group`;
      if (isTop) reader.broken(`dependency-groups.${name} ${reason}`, "remove the include-group");
      return [];
    }
    if (way.includes(key)) {
      if (key === way[0]) {
        reader.broken(`dependency-groups.${key} includes itself`, "remove an include-group");
      }
      return [];
    }
    return expand(key, raw, way, reader);
  });
}

function groupPath(group: string): string {
  return `dependency-groups.${group}`;
}
