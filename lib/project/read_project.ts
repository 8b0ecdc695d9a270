/**
 * What a pyproject.toml says, as plain data.
 *
 * @module
 */

import { refuseNewerRecord } from "../files/format.ts";
import { readEntries } from "./groups.ts";
import { type Project, readProject as readProjectTable } from "./project.ts";
import { readStrictly, type StrictDocument } from "./strict_document.ts";
import { bareTable } from "../table.ts";

/** The facts of a project that HSM goes by. Tables have no prototype, so that every key is safe. */
export interface ProjectFacts extends Project {
  /** Whether there is a `[project]` table. */
  readonly hasProject: boolean;
  /** The requirements that stand in each group of `[dependency-groups]` (PEP 735), by name; those that it includes do not. */
  readonly dependencyGroups: Readonly<Record<string, readonly string[]>>;
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

/**
 * {@linkcode readProject} of an app, in whose file is a record of HSM's: where a newer one has written it, nobody here knows
 * what of the file is HSM's.
 *
 * @throws {HsmError} `pyproject-invalid`; `newer-format`
 */
export function readAppProject(text: string, path: string): ProjectFacts {
  return factsOf(openApp(text, path));
}

/** Opens the file that {@linkcode readAppProject} reads. */
export function openApp(text: string, path: string): StrictDocument {
  const document = readStrictly(text, path);
  refuseNewerRecord(document.value(["tool", "hsm", "version"]), path);
  return document;
}

/** {@linkcode readProject} of a file that is open. */
export function factsOf(document: StrictDocument): ProjectFacts {
  return {
    ...readProjectTable(document),
    hasProject: document.value(["project"]) !== undefined,
    dependencyGroups: bareTable(
      [...readEntries(document)].map(([name, entries]) =>
        [name, entries.flatMap((it) => it.text ?? [])] as const
      ),
    ),
    ownPackages: Object.keys(document.table("tool", "hsm", "packages")),
  };
}
