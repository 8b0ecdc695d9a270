/**
 * What a pyproject.toml says, as plain data.
 *
 * @module
 */

import type { Document } from "../project/document.ts";
import { type Project, readProject as readProjectTable } from "../project/project.ts";
import { readStrictly, type StrictDocument } from "../project/strict_document.ts";
import { bareTable, isTable } from "../table.ts";

/** An entry of a dependency group (PEP 735): a requirement, or another group. */
export type GroupEntry = string | { readonly includeGroup: string };

/** The facts of a project that HSM goes by. Tables have no prototype, so that every key is safe. */
export interface ProjectFacts extends Project {
  /** Whether there is a `[project]` table. */
  readonly hasProject: boolean;
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
  const document = readStrictly(text, path);
  const uv = (key: string) => ["tool", "uv", key];
  const own = document.strings("tool", "hsm", "excludes");
  // uv allows tables in these lists.
  const requirements = (key: string) =>
    document.list(uv(key), "requirements").filter((item) => typeof item === "string");
  const members = document.strings(...uv("workspace"), "members");
  const exclude = document.strings(...uv("workspace"), "exclude");
  return {
    ...readProjectTable(document),
    hasProject: document.value(["project"]) !== undefined,
    dependencyGroups: bareTable(
      Object.keys(document.table("dependency-groups")).map((it) => [it, groupOf(document, it)]),
    ),
    defaultGroups: defaultGroups(document),
    sources: bareTable(Object.entries(document.table(...uv("sources")))),
    workspace: document.value(uv("workspace")) === undefined
      ? undefined
      : { members, exclude: exclude.filter((it) => !own.includes(it)) },
    constraintDependencies: requirements("constraint-dependencies"),
    overrideDependencies: requirements("override-dependencies"),
    ownPackages: Object.keys(document.table("tool", "hsm", "packages")),
    ownExcludes: own,
    ownConstraints: document.strings("tool", "hsm", "constraints"),
    ownOverrides: document.strings("tool", "hsm", "overrides"),
  };
}

function defaultGroups(document: Document): readonly string[] | "all" {
  const path = ["tool", "uv", "default-groups"];
  const value = document.value(path);
  return value === undefined ? ["dev"] : value === "all" ? "all" : document.strings(...path);
}

function groupOf(document: StrictDocument, name: string): readonly GroupEntry[] {
  const path = ["dependency-groups", name];
  return document.list(path, "requirements").map((item) => {
    if (typeof item === "string") return item;
    const includeGroup = isTable(item) ? item["include-group"] : undefined;
    return typeof includeGroup === "string" ? { includeGroup } : document.wrong(path, "groups");
  });
}
