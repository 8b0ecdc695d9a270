/**
 * Reading a distribution's metadata out of its pyproject.toml or setup.cfg, without running anything.
 *
 * @module
 */

import { given } from "../given.ts";
import type { ComponentMetadata, MetadataField, SourceEntry } from "../reconcile/model.ts";
import { IS_PROGRAM } from "../reconcile/problem.ts";
import { isTable, textsOf } from "../table.ts";
import type { MetadataFile, MetadataResult } from "./metadata_file.ts";
import { type MetadataReader, readMetadataFile } from "./metadata_reader.ts";
import { readPoetry } from "./poetry.ts";
import { readProject } from "./project.ts";
import { FIELDS, readSetupCfg, type SetupPy } from "./setup_cfg.ts";

/** Reads where a package manager has a distribution's requirements come from. */
export type SourcesReader = (file: MetadataFile, reader: MetadataReader) => readonly SourceEntry[];

/**
 * Reads a distribution's metadata: `[project]` (PEP 621) or Poetry's tables in a pyproject.toml, or a setup.cfg.
 *
 * A setup.py is a program; it is not run, and its metadata stays unchecked.
 *
 * @param file The file.
 * @param setupPy What kind of setup.py lies beside a setup.cfg.
 * @param readSources Reads the sources of a distribution that has a `[project]` table.
 * @returns The metadata, and everything that is wrong with the file.
 */
export function readMetadata(
  file: MetadataFile,
  setupPy: SetupPy,
  readSources: SourcesReader,
): MetadataResult {
  if (file.file.endsWith("setup.py")) {
    return { metadata: undefined, unchecked: IS_PROGRAM, problems: [] };
  }
  if (file.file.endsWith("setup.cfg")) return readSetupCfg(file, setupPy);
  const { reader, problem } = readMetadataFile(file);
  if (reader === undefined) return { metadata: undefined, problems: [problem] };
  const { problems } = reader;
  const backend = backendOf(reader);
  const hasPoetry = isTable(reader.table("tool")["poetry"]);
  if (reader.value(["project"]) === undefined) {
    if (hasPoetry && backend === "poetry") {
      return { metadata: readPoetry(undefined, reader), problems };
    }
    const unchecked = hasPoetry && backend === "setuptools"
      ? `${file.file} has no [build-system] that builds its [tool.poetry]`
      : `${file.file} has no [project] table`;
    return { metadata: undefined, unchecked, problems, isAll: backend === undefined };
  }
  const project = metadataOf(reader, readSources(file, reader));
  if (backend === "poetry" && !isStatic(project, reader)) {
    return { metadata: readPoetry(project, reader), problems };
  }
  if (backend !== "setuptools") return { metadata: project, problems };
  // What setuptools itself computes is in no setup.cfg.
  const computed = reader.table("tool", "setuptools", "dynamic");
  const open = OPEN_FIELDS.filter((it) => project.dynamic.includes(it));
  const fromSetupCfg = open.filter((it) => computed[it] === undefined);
  const unread = open.map((it) => [it, placesIn(computed[it])] as const)
    .filter(([, places]) => places.length > 0);
  const metadata = unread.length === 0
    ? project
    : { ...project, unread: Object.fromEntries(unread) };
  return { metadata, problems, fromSetupCfg };
}

/** What a `[project]` table says, as metadata. */
export function metadataOf(
  reader: MetadataReader,
  sources: readonly SourceEntry[],
): ComponentMetadata {
  const { name, version, requiresPython, ...lists } = readProject(reader);
  return { ...given({ name, version, requiresPython }), ...lists, sources, lines: reader.lines };
}

/** The files and attributes in an entry of `[tool.setuptools.dynamic]`; extras have a table each. */
function placesIn(value: unknown): readonly string[] {
  if (!isTable(value)) return [];
  return Object.entries(value).flatMap(([key, it]) => {
    if (isTable(it)) return placesIn(it);
    return key === "file" || key === "attr" ? textsOf([it].flat()) : [];
  });
}

/** What a `[project]` table may leave to others. */
const OPEN_FIELDS: readonly MetadataField[] = FIELDS.filter((it) => it !== "name");

/**
 * Whether uv goes by a `[project]` table that Poetry builds, without having it built: nothing in it is dynamic but the
 * version, and its dependencies do not stand in Poetry's table instead.
 */
function isStatic({ dynamic }: ComponentMetadata, reader: MetadataReader): boolean {
  const isOpen = dynamic.some((it) => OPEN_FIELDS.includes(it as MetadataField));
  const { dependencies } = reader.table("project");
  const { poetry } = reader.table("tool");
  return !isOpen && (dependencies !== undefined || poetry === undefined);
}

/** The builders whose own tables and files HSM reads; undefined: another one. */
type BuildBackend = "setuptools" | "poetry" | undefined;

/** The builder that a pyproject.toml names. */
function backendOf(reader: MetadataReader): BuildBackend {
  const { "build-backend": backend } = reader.table("build-system");
  // Without one setuptools builds (PEP 517), whatever tables of others there are.
  if (typeof backend !== "string") return "setuptools";
  if (/^(?:setuptools|pbr)\b/.test(backend)) return "setuptools";
  return /^poetry\b|^poetry_/.test(backend) ? "poetry" : undefined;
}
