/**
 * What a pyproject.toml says, as plain data.
 *
 * @module
 */

import { TomlError } from "smol-toml";
import { parseData } from "../toml/parse.ts";
import { invalidAt, syntaxError } from "../toml/syntax_error.ts";

/** An entry of a dependency group (PEP 735): a requirement, or another group. */
export type GroupEntry = string | { readonly includeGroup: string };

/** The facts of a project that HSM goes by. Tables have no prototype, so that every key is safe. */
export interface ProjectFacts {
  /** Whether there is a `[project]` table. */
  readonly hasProject: boolean;
  /** `project.name`, as written. */
  readonly name: string | undefined;
  /** `project.version`; undefined where it is dynamic. */
  readonly version: string | undefined;
  /** The fields that the build backend computes. */
  readonly dynamic: readonly string[];
  /** `project.requires-python`. */
  readonly requiresPython: string | undefined;
  /** `project.dependencies`. */
  readonly dependencies: readonly string[];
  /** `project.optional-dependencies`, by extra. */
  readonly optionalDependencies: Readonly<Record<string, readonly string[]>>;
  /** `[dependency-groups]` (PEP 735), by name. */
  readonly dependencyGroups: Readonly<Record<string, readonly GroupEntry[]>>;
  /** The dependency groups that uv installs by itself: `[tool.uv] default-groups`. @default {["dev"]} */
  readonly defaultGroups: readonly string[] | "all";
  /** `[tool.uv.sources]` as it stands. */
  readonly sources: Readonly<Record<string, unknown>>;
  /** `[tool.uv.workspace]`, without what HSM excluded itself; undefined where there is none. */
  readonly workspace:
    | { readonly members: readonly string[]; readonly exclude: readonly string[] }
    | undefined;
  /** `[tool.uv] constraint-dependencies`. */
  readonly constraintDependencies: readonly string[];
  /** `[tool.uv] override-dependencies`; entries that are tables are left out. */
  readonly overrideDependencies: readonly string[];
  /** The packages that HSM has added something for. */
  readonly ownPackages: readonly string[];
  /** Those of the constraints that HSM added. */
  readonly ownConstraints: readonly string[];
  /** The folders that HSM excluded from the workspace. */
  readonly ownExcludes: readonly string[];
  /** Those of the overrides that HSM added. */
  readonly ownOverrides: readonly string[];
}

/**
 * Reads the facts in a pyproject.toml (PEP 621, PEP 735, uv's settings). Pure.
 *
 * @param path The file, as messages name it.
 * @throws {HsmError} `pyproject-invalid` with line and column where it is no TOML, or a value is not of its type.
 */
export function readProject(text: string, path: string): ProjectFacts {
  const reader = new Reader(text.replace(/^\uFEFF/, ""), path);
  const uv = (key: string) => ["tool", "uv", key];
  const workspace = reader.table(uv("workspace"));
  const own = reader.texts(["tool", "hsm", "excludes"]);
  return {
    hasProject: reader.table(["project"]) !== undefined,
    name: reader.text(["project", "name"]),
    version: reader.text(["project", "version"]),
    dynamic: reader.texts(["project", "dynamic"]),
    requiresPython: reader.text(["project", "requires-python"]),
    dependencies: reader.texts(["project", "dependencies"]),
    optionalDependencies: reader.lists(
      ["project", "optional-dependencies"],
      (path) => reader.texts(path),
    ),
    dependencyGroups: reader.lists(["dependency-groups"], (path) => reader.group(path)),
    defaultGroups: reader.defaultGroups(),
    sources: reader.table(uv("sources")) ?? bare([]),
    workspace: workspace === undefined ? undefined : {
      members: reader.texts([...uv("workspace"), "members"]),
      exclude: reader.texts([...uv("workspace"), "exclude"]).filter((it) => !own.includes(it)),
    },
    constraintDependencies: reader.requirements(uv("constraint-dependencies")),
    overrideDependencies: reader.requirements(uv("override-dependencies")),
    ownPackages: Object.keys(reader.table(["tool", "hsm", "packages"]) ?? {}),
    ownExcludes: own,
    ownConstraints: reader.texts(["tool", "hsm", "constraints"]),
    ownOverrides: reader.texts(["tool", "hsm", "overrides"]),
  };
}

type Table = Readonly<Record<string, unknown>>;

class Reader {
  readonly #text: string;
  readonly #path: string;
  readonly #root: Table;

  constructor(text: string, path: string) {
    this.#text = text;
    this.#path = path;
    try {
      this.#root = bareTable(parseData(text));
    } catch (error) {
      throw error instanceof TomlError ? syntaxError(path, text, error) : error;
    }
  }

  table(path: readonly string[]): Table | undefined {
    const value = this.#at(path);
    if (value === undefined || isTable(value)) return value;
    throw this.#wrong(path, "a table");
  }

  text(path: readonly string[]): string | undefined {
    const value = this.#at(path);
    if (value === undefined || typeof value === "string") return value;
    throw this.#wrong(path, "a string");
  }

  texts(path: readonly string[]): readonly string[] {
    const value = this.#at(path) ?? [];
    if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
    throw this.#wrong(path, "an array of strings");
  }

  /** A list that may hold tables beside strings, which uv allows in places; the strings count. */
  requirements(path: readonly string[]): readonly string[] {
    const value = this.#at(path) ?? [];
    if (!Array.isArray(value)) throw this.#wrong(path, "an array of requirements");
    return value.filter((item) => typeof item === "string");
  }

  defaultGroups(): readonly string[] | "all" {
    const path = ["tool", "uv", "default-groups"];
    const value = this.#at(path);
    return value === undefined ? ["dev"] : value === "all" ? "all" : this.texts(path);
  }

  lists<T>(path: readonly string[], read: (path: readonly string[]) => T): Record<string, T> {
    const names = Object.keys(this.table(path) ?? {});
    return bare(names.map((name) => [name, read([...path, name])]));
  }

  group(path: readonly string[]): readonly GroupEntry[] {
    const value = this.#at(path);
    if (!Array.isArray(value)) throw this.#wrong(path, "an array of requirements");
    return value.map((item) => {
      if (typeof item === "string") return item;
      const includeGroup = isTable(item) ? item["include-group"] : undefined;
      if (typeof includeGroup === "string") return { includeGroup };
      throw this.#wrong(path, "an array of requirements and { include-group = … } tables");
    });
  }

  #at(path: readonly string[]): unknown {
    let value: unknown = this.#root;
    for (const [depth, key] of path.entries()) {
      if (value === undefined) return undefined;
      if (!isTable(value)) throw this.#wrong(path.slice(0, depth), "a table");
      value = value[key];
    }
    return value;
  }

  #wrong(path: readonly string[], expected: string): Error {
    const message = `${path.join(".")} must be ${expected}`;
    return invalidAt(this.#path, this.#text, findKey(this.#text, path), message);
  }
}

/** Where a key stands, for a message: the key itself, else the nearest one that leads to it. */
function findKey(text: string, path: readonly string[]): number {
  let best = 0;
  let depth = 0;
  let header: string[] = [];
  let start = 0;
  for (const line of text.split("\n")) {
    const at = start + line.search(/\S/);
    start += line.length + 1;
    const [, brackets, inner] = /^\s*(\[{1,2})([^\]]*)\]/.exec(line) ?? [];
    const key = /^\s*([^=#[\]{}]+?)\s*=/.exec(line)?.[1];
    if (brackets !== undefined) header = splitKey(inner!);
    else if (key === undefined) continue;
    const keys = brackets === undefined ? [...header, ...splitKey(key!)] : header;
    if (keys.length <= depth || !keys.every((part, place) => part === path[place])) continue;
    depth = keys.length;
    best = at;
  }
  return best;
}

function splitKey(key: string): string[] {
  const parts = key.match(/"[^"]*"|'[^']*'|[^.\s]+/g) ?? [];
  return parts.map((part) => part.replace(/^(["'])(.*)\1$/, "$2"));
}

function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !(value instanceof Date);
}

/** An object without a prototype. */
function bare<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  const table: Record<string, T> = Object.create(null);
  for (const [key, value] of entries) table[key] = value;
  return table;
}

function bareTable(table: Table): Table {
  return bare(Object.entries(table).map(([key, value]) => [key, bareValue(value)]));
}

function bareValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bareValue);
  return isTable(value) ? bareTable(value) : value;
}
