/**
 * What a pyproject.toml says to uv.
 *
 * @module
 */

import { factsOf, type ProjectFacts } from "../../project/read_project.ts";
import { readStrictly, type StrictDocument } from "../../project/strict_document.ts";
import { bareTable } from "../../table.ts";

/** The facts of a project, with uv's tables, and what HSM added to those. */
export interface UvProject extends ProjectFacts {
  /** `[tool.uv.sources]` as it stands. */
  readonly sources: Readonly<Record<string, unknown>>;
  /** `[tool.uv.workspace]`, without what HSM excluded itself; undefined where there is none. */
  readonly workspace:
    | { readonly members: readonly string[]; readonly exclude: readonly string[] }
    | undefined;
  /** Those of the constraints that HSM added. */
  readonly ownConstraints: readonly string[];
  /** The folders that HSM excluded from the workspace. */
  readonly ownExcludes: readonly string[];
  /** Those of the overrides that HSM added. */
  readonly ownOverrides: readonly string[];
}

/**
 * Reads the facts in a pyproject.toml, uv's settings among them. Pure.
 *
 * @param path The file, as messages name it.
 * @throws {HsmError} `pyproject-invalid` with line and column where it is no TOML, or a value is not of its type.
 */
export function readUvProject(text: string, path: string): UvProject {
  return uvFactsOf(readStrictly(text, path));
}

/** {@linkcode readUvProject} of a file that is open. */
export function uvFactsOf(document: StrictDocument): UvProject {
  const uv = (key: string) => ["tool", "uv", key];
  const own = (key: string) => document.strings("tool", "hsm", key);
  const members = document.strings(...uv("workspace"), "members");
  const exclude = document.strings(...uv("workspace"), "exclude");
  const ownExcludes = own("excludes");
  const facts = factsOf(document);
  return {
    ...facts,
    // The record says whose it is, where it is another one's.
    ownPackages: document.string("tool", "hsm", "adapter") === undefined ? facts.ownPackages : [],
    sources: bareTable(Object.entries(document.table(...uv("sources")))),
    workspace: document.value(uv("workspace")) === undefined
      ? undefined
      : { members, exclude: exclude.filter((it) => !ownExcludes.includes(it)) },
    ownExcludes,
    ownConstraints: own("constraints"),
    ownOverrides: own("overrides"),
  };
}
