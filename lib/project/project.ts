/**
 * What a `[project]` table says (PEP 621).
 *
 * @module
 */

import { bareTable } from "../table.ts";
import type { Document } from "./document.ts";

/** A `[project]` table. */
export interface Project {
  /** `project.name`, as written. */
  readonly name: string | undefined;
  /** `project.version`; undefined where it is dynamic. */
  readonly version: string | undefined;
  /** `project.requires-python`. */
  readonly requiresPython: string | undefined;
  /** `project.dependencies`. */
  readonly dependencies: readonly string[];
  /** `project.optional-dependencies`, by extra. The table has no prototype, so that every key is safe. */
  readonly optionalDependencies: Readonly<Record<string, readonly string[]>>;
  /** The fields that the build backend computes. */
  readonly dynamic: readonly string[];
}

/** Reads the `[project]` table of a file. */
export function readProject(document: Document): Project {
  const extras = ["project", "optional-dependencies"];
  return {
    name: document.string("project", "name"),
    version: document.string("project", "version"),
    requiresPython: document.string("project", "requires-python"),
    optionalDependencies: bareTable(
      Object.keys(document.table(...extras))
        .map((extra) => [extra, document.strings(...extras, extra)] as const),
    ),
    dependencies: document.strings("project", "dependencies"),
    dynamic: document.strings("project", "dynamic"),
  };
}
