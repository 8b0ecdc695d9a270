/**
 * Reading a distribution's metadata out of its pyproject.toml or setup.cfg, without running anything.
 *
 * @module
 */

import { TomlError } from "smol-toml";
import { describeConflict, findConflicts, settleHint } from "../text/conflict.ts";
import { parseData } from "../toml/parse.ts";
import { backendOf } from "./build_backend.ts";
import { isTable, type Table, TableReader } from "./metadata_tables.ts";
import type { ComponentMetadata, MetadataField } from "../reconcile/model.ts";
import type { Problem } from "../reconcile/problem.ts";
import { readPoetry } from "./poetry.ts";
import { isMaybeMember, readSources, type RootAbove } from "./read_sources.ts";
import { readSetupCfg, type SetupPy } from "./setup_cfg.ts";
import { TomlLines } from "../reconcile/toml_lines.ts";
import { IS_PROGRAM } from "./unreadable.ts";

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
  /** Whether no other file beside it is metadata of the distribution. */
  readonly isAll?: boolean;
  /** The fields of a pyproject.toml that setuptools takes from a setup.cfg beside it. */
  readonly fromSetupCfg?: readonly MetadataField[];
}

/**
 * Reads a distribution's metadata: `[project]` (PEP 621) or Poetry's tables in a pyproject.toml, or a setup.cfg.
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
 * @param setupPy What kind of setup.py lies beside a setup.cfg.
 * @returns The metadata, and everything that is wrong with the file.
 */
export function readMetadata(file: MetadataFile, setupPy: SetupPy = "none"): MetadataResult {
  if (file.file.endsWith("setup.py")) {
    return {
      metadata: undefined,
      unchecked: IS_PROGRAM,
      problems: [],
    };
  }
  if (file.file.endsWith("setup.cfg")) return readSetupCfg(file, setupPy);
  const { root, reader } = readToml(file);
  const { problems } = reader;
  if (root === undefined) return { metadata: undefined, problems };
  const backend = backendOf(root, reader);
  if (root["project"] === undefined) {
    const isPoetry = backend === "poetry" && isTable(reader.table(root, "tool")["poetry"]);
    if (isPoetry) return { metadata: readPoetry(root, undefined, reader), problems };
    const isTool = isTable(reader.table(root, "tool")["poetry"]) && backend === "setuptools";
    const unchecked = isTool
      ? `${file.file} has no [build-system] that builds its [tool.poetry]`
      : `${file.file} has no [project] table`;
    return { metadata: undefined, unchecked, problems, isAll: backend === undefined };
  }
  const above = isMaybeMember(root, reader) ? readAbove(file) : undefined;
  const project = readProject(root, reader, above?.root && { ...above, root: above.root });
  problems.push(...above?.reader.problems ?? []);
  if (backend === "poetry" && !isStatic(root, project, reader)) {
    return { metadata: readPoetry(root, project, reader), problems };
  }
  if (backend !== "setuptools") return { metadata: project, problems };
  // What setuptools itself computes is in no setup.cfg.
  const computed = reader.table(root, "tool", "setuptools", "dynamic");
  const fromSetupCfg = SETUP_CFG_FIELDS.filter((it) =>
    project.dynamic.includes(it) && computed[it] === undefined
  );
  const unread = SETUP_CFG_FIELDS.filter((it) => project.dynamic.includes(it))
    .map((it) => [it, placesIn(computed[it])] as const)
    .filter(([, places]) => places.length > 0);
  const metadata = unread.length === 0
    ? project
    : { ...project, unread: Object.fromEntries(unread) };
  return { metadata, problems, fromSetupCfg };
}

/** The files and attributes in an entry of `[tool.setuptools.dynamic]`; extras have a table each. */
function placesIn(value: unknown): readonly string[] {
  if (!isTable(value)) return [];
  return Object.entries(value).flatMap(([key, it]) => {
    if (isTable(it)) return placesIn(it);
    const places = key === "file" || key === "attr" ? [it].flat() : [];
    return places.filter((place) => typeof place === "string");
  });
}

function readAbove({ component, above }: MetadataFile) {
  if (above === undefined) return undefined;
  const { file, text, path } = above;
  return { ...readToml({ component, file, text }), path };
}

const SETUP_CFG_FIELDS: readonly MetadataField[] = [
  "version",
  "requires-python",
  "dependencies",
  "optional-dependencies",
];

/**
 * Whether uv goes by a `[project]` table that Poetry builds, without having it built: nothing in it is dynamic but the
 * version, and its dependencies do not stand in Poetry's table instead.
 */
function isStatic(root: Table, { dynamic }: ComponentMetadata, reader: TableReader): boolean {
  const isOpen = dynamic.some((it) => SETUP_CFG_FIELDS.includes(it as MetadataField));
  const { dependencies } = reader.table(root, "project");
  const { poetry } = reader.table(root, "tool");
  return !isOpen && (dependencies !== undefined || poetry === undefined);
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
