/**
 * Reading a distribution's metadata out of its pyproject.toml or setup.cfg, without running anything.
 *
 * @module
 */

import { TomlError } from "smol-toml";
import { describeConflict, findConflicts, settleHint } from "../text/conflict.ts";
import { parseData } from "../toml/parse.ts";
import { isTable, type Table, TableReader } from "./metadata_tables.ts";
import type { ComponentMetadata } from "./model.ts";
import type { Problem } from "./problem.ts";
import { pythonOfPoetry } from "./poetry.ts";
import { isMaybeMember, readSources, type RootAbove } from "./read_sources.ts";
import { readSetupCfg } from "./setup_cfg.ts";
import { TomlLines } from "./toml_lines.ts";

/** A file with metadata. */
export interface MetadataFile {
  /** The component that it is of, for messages. */
  readonly component: string;
  /** The file, as messages name it; by its last part it is known for what it is. */
  readonly file: string;
  /** Its text. */
  readonly text: string;
  /** The nearest pyproject.toml above it in its repository, if any: the sources of a uv workspace's root count for members. */
  readonly above?: {
    /** The file, as messages name it. */
    readonly file: string;
    /** Its text. */
    readonly text: string;
    /** The distribution's folder, seen from that file's, with `/`. */
    readonly path: string;
  };
}

/** What {@linkcode readMetadata} gives. */
export interface MetadataResult {
  /** The metadata; undefined where there is none to be had. */
  readonly metadata: ComponentMetadata | undefined;
  /** Why there is none, where nothing is wrong: look into another file, or leave it unchecked. */
  readonly unchecked?: string;
  /** What is wrong with the file. */
  readonly problems: readonly Problem[];
}

/**
 * Reads a distribution's metadata: `[project]` (PEP 621) or Poetry's table in a pyproject.toml, or a setup.cfg.
 *
 * A setup.py is a program; it is not run, and its metadata stays unchecked.
 *
 * @example
 * ```ts
 * import { readMetadata } from "@hsm/hsm";
 * import { assertEquals } from "@std/assert";
 *
 * const { metadata } = readMetadata({
 *   component: "plug-a",
 *   file: "packages/plug-a/pyproject.toml",
 *   text: '[project]\nname = "plug-a"\nversion = "1.2.0"\ndependencies = ["idna>=3"]\n',
 * });
 * assertEquals(metadata?.version, "1.2.0");
 * assertEquals(metadata?.dependencies, ["idna>=3"]);
 * ```
 *
 * @param file The file.
 * @returns The metadata, and everything that is wrong with the file.
 */
export function readMetadata(file: MetadataFile): MetadataResult {
  if (file.file.endsWith("setup.py")) {
    return {
      metadata: undefined,
      unchecked: "setup.py is a program, and checking runs none",
      problems: [],
    };
  }
  if (file.file.endsWith("setup.cfg")) return readSetupCfg(file);
  const { root, reader } = readToml(file);
  if (root === undefined) return { metadata: undefined, problems: reader.problems };
  const isPoetry = root["project"] === undefined && isTable(reader.table(root, "tool")["poetry"]);
  if (root["project"] === undefined && !isPoetry) {
    return {
      metadata: undefined,
      unchecked: `${file.file} has no [project] table`,
      problems: reader.problems,
    };
  }
  if (isPoetry) return { metadata: readPoetry(root, reader), problems: reader.problems };
  const above = isMaybeMember(root, reader) ? readAbove(file) : undefined;
  const metadata = readProject(root, reader, above?.root && { ...above, root: above.root });
  return { metadata, problems: [...reader.problems, ...above?.reader.problems ?? []] };
}

function readAbove({ component, above }: MetadataFile) {
  if (above === undefined) return undefined;
  const { file, text, path } = above;
  return { ...readToml({ component, file, text }), path };
}

/**
 * Parses a TOML file.
 *
 * @param file The file.
 * @returns Its root table, undefined where it is broken, and the reader that has the problems.
 */
export function readToml(file: MetadataFile): { root: Table | undefined; reader: TableReader } {
  const text = file.text.replace(/^\uFEFF/, "");
  const reader = new TableReader(file.component, file.file, new TomlLines(text));
  try {
    return { root: parseData(text), reader };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [conflict] = findConflicts(text);
    if (conflict !== undefined) {
      reader.broken(describeConflict(conflict), settleHint("it"), conflict[0]);
      return { root: undefined, reader };
    }
    const [first = ""] = error.message.replace(/^Invalid TOML document: /, "").split("\n");
    reader.broken(`not valid TOML: ${first}`, `correct line ${error.line}`, error.line);
    return { root: undefined, reader };
  }
}

/**
 * Reads the `[project]` table (PEP 621).
 *
 * @param root The file's root table.
 * @param reader Takes the problems and lines.
 * @param above The pyproject.toml above it.
 */
export function readProject(
  root: Table,
  reader: TableReader,
  above?: RootAbove,
): ComponentMetadata {
  const project = reader.table(root, "project");
  const name = reader.text(project, "project", "name");
  const version = reader.text(project, "project", "version");
  const requiresPython = reader.text(project, "project", "requires-python");
  const optional = reader.table(root, "project", "optional-dependencies");
  const optionalDependencies: Record<string, readonly string[]> = {};
  for (const extra of Object.keys(optional)) {
    const path = `optional-dependencies.${extra}`;
    const list = reader.texts(optional, "project.optional-dependencies", extra, path);
    optionalDependencies[extra] = list;
  }
  return {
    ...(name === undefined ? {} : { name }),
    ...(version === undefined ? {} : { version }),
    ...(requiresPython === undefined ? {} : { requiresPython }),
    dependencies: reader.texts(project, "project", "dependencies"),
    optionalDependencies,
    dynamic: reader.texts(project, "project", "dynamic"),
    sources: readSources(root, reader, above),
    lines: reader.lines,
  };
}

/** Poetry's own table: its requirements are written in another language and stay unchecked. */
function readPoetry(root: Table, reader: TableReader): ComponentMetadata {
  const poetry = reader.table(root, "tool", "poetry");
  const name = reader.text(poetry, "tool.poetry", "name");
  const version = reader.text(poetry, "tool.poetry", "version");
  const python = reader.table(root, "tool", "poetry", "dependencies")["python"];
  const requiresPython = typeof python === "string" ? pythonOfPoetry(python) : undefined;
  // A version of "0" is what poetry-dynamic-versioning replaces.
  const isPlaceholder = isTable(reader.table(root, "tool")["poetry-dynamic-versioning"]);
  return {
    ...(name === undefined ? {} : { name }),
    ...(version === undefined || isPlaceholder ? {} : { version }),
    ...(requiresPython === undefined ? {} : { requiresPython }),
    dependencies: [],
    optionalDependencies: {},
    dynamic: [
      ...(isPlaceholder ? ["version"] : []),
      ...(python !== undefined && requiresPython === undefined ? ["requires-python"] : []),
      "dependencies",
      "optional-dependencies",
    ],
    // uv applies them to nothing without a [project] table.
    sources: [],
    lines: reader.lines,
  };
}
