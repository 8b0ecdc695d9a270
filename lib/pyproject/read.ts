/**
 * What a pyproject.toml says, as plain data.
 *
 * @module
 */

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
  /** The packages that HSM has added something for. */
  readonly ownPackages: readonly string[];
}

/**
 * Reads the facts in a pyproject.toml (PEP 621, PEP 735). Pure.
 *
 * @param path The file, as messages name it.
 * @throws {HsmError} `pyproject-invalid` with line and column where it is no TOML, or a value is not of its type.
 */
export function readProject(text: string, path: string): ProjectFacts {
  return factsOf(readStrictly(text, path));
}

/** {@linkcode readProject} of a file that is open. */
export function factsOf(document: StrictDocument): ProjectFacts {
  return {
    ...readProjectTable(document),
    hasProject: document.value(["project"]) !== undefined,
    dependencyGroups: bareTable(
      Object.keys(document.table("dependency-groups")).map((it) => [it, groupOf(document, it)]),
    ),
    ownPackages: Object.keys(document.table("tool", "hsm", "packages")),
  };
}

function groupOf(document: StrictDocument, name: string): readonly GroupEntry[] {
  const path = ["dependency-groups", name];
  return document.list(path, "requirements").map((item) => {
    if (typeof item === "string") return item;
    const includeGroup = isTable(item) ? item["include-group"] : undefined;
    return typeof includeGroup === "string" ? { includeGroup } : document.wrong(path, "groups");
  });
}
