/**
 * Reading what the check needs of the app's pyproject.toml.
 *
 * @module
 */

import { normalizeName } from "../names.ts";
import { isTable, type Table, type TableReader } from "./metadata_tables.ts";
import type { App } from "./model.ts";
import type { Problem } from "./problem.ts";
import { type MetadataFile, readProject, readToml } from "./read_metadata.ts";

/** What {@linkcode readApp} gives. */
export interface AppResult {
  /** The app; undefined where its file is broken. */
  readonly app: App | undefined;
  /** What is wrong with the file; a whole app carries the same. */
  readonly problems: readonly Problem[];
}

/**
 * Reads the app's metadata, dependency groups (PEP 735) and `[tool.uv]` settings. The groups that are asked for are
 * uv's default ones: `default-groups`, else `dev`.
 *
 * @example
 * ```ts
 * import { readApp } from "@hsm/hsm";
 * import { assertEquals } from "@std/assert";
 *
 * const text = '[project]\nname = "app"\n[dependency-groups]\ndev = ["pytest"]\n';
 * const { app } = readApp({ component: "app", file: "pyproject.toml", text });
 * assertEquals(app?.groups, ["dev"]);
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
  const dependencyGroups = readGroups(root, reader);
  const app: App = {
    ...metadata,
    file: file.file,
    dependencyGroups,
    groups: defaultGroups(uv, dependencyGroups, reader),
    extras: [],
    environments: readEnvironments(uv, reader),
    overrides: reader.texts(uv, "tool.uv", "override-dependencies"),
    constraints: reader.texts(uv, "tool.uv", "constraint-dependencies"),
    problems: reader.problems,
  };
  return { app, problems: reader.problems };
}

function readEnvironments(uv: Table, reader: TableReader): readonly string[] {
  const { environments } = uv;
  return typeof environments === "string"
    ? [environments]
    : reader.texts(uv, "tool.uv", "environments");
}

function defaultGroups(
  uv: Table,
  groups: Readonly<Record<string, unknown>>,
  reader: TableReader,
): readonly string[] {
  if (uv["default-groups"] === "all") return Object.keys(groups);
  if (uv["default-groups"] === undefined) return Object.hasOwn(groups, "dev") ? ["dev"] : [];
  return reader.texts(uv, "tool.uv", "default-groups").map(normalizeName);
}

/** A requirement of a group, and its line. */
interface GroupItem {
  readonly text: string;
  readonly line: number | undefined;
}

/** The groups by normalized name, `include-group` replaced by what it includes. */
function readGroups(root: Table, reader: TableReader): Readonly<Record<string, readonly string[]>> {
  const table = reader.table(root, "dependency-groups");
  const raw = new Map<string, readonly unknown[]>();
  for (const group of Object.keys(table)) {
    const name = normalizeName(group);
    raw.set(name, reader.list(table, "dependency-groups", group, `dependency-groups.${name}`));
  }
  const expanded = [...raw.keys()].map((name) => [name, expand(name, raw, [], reader)] as const);
  const groups: Record<string, readonly string[]> = {};
  for (const [name, items] of expanded) {
    groups[name] = items.map((item) => item.text);
    for (const index of raw.get(name)!.keys()) delete reader.lines[lineKey(name, index)];
    for (const [index, { line }] of items.entries()) {
      if (line !== undefined) reader.lines[lineKey(name, index)] = line;
    }
  }
  return groups;
}

function expand(
  name: string,
  raw: ReadonlyMap<string, readonly unknown[]>,
  path: readonly string[],
  reader: TableReader,
): readonly GroupItem[] {
  const isTop = path.length === 0;
  return (raw.get(name) ?? []).flatMap((item, index) => {
    const line = reader.lines[lineKey(name, index)];
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

function lineKey(group: string, index: number): string {
  return `dependency-groups.${group}.${index}`;
}
