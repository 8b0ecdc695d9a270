/**
 * Where a distribution says that its requirements come from: `[tool.uv.sources]`, its own and those of the root of the
 * uv workspace that it is a member of.
 *
 * Measured with uv 0.13.9: the nearest pyproject.toml above decides, so far as the repository goes. Where it is the root of
 * a workspace with this member, its sources count too, and the member's own win. A file without `[project]`, or with
 * `managed = false`, has no sources for uv.
 *
 * @module
 */

import { normalizeName } from "../../names.ts";
import type { MetadataFile } from "../../project/metadata_file.ts";
import { type MetadataReader, readMetadataFile } from "../../project/metadata_reader.ts";
import type { SourceEntry } from "../../reconcile/model.ts";
import { isTable } from "../../table.ts";
import { SOURCES } from "./tables.ts";
import { isWorkspaceMember } from "./workspace.ts";

/** The root of a uv workspace. */
interface Root {
  readonly reader: MetadataReader;
  /** Its folder, seen from the member's. */
  readonly folder: string;
}

/**
 * Reads a distribution's sources.
 *
 * @param file Its pyproject.toml, and the one above it.
 * @param reader Takes what is wrong with either.
 */
export function readSources(file: MetadataFile, reader: MetadataReader): readonly SourceEntry[] {
  const { workspace: own, managed } = reader.table("tool", "uv");
  if (managed === false) return [];
  const root = own === undefined ? findRoot(file, reader) : undefined;
  const workspace = root?.folder ?? ".";
  const indexes = new Map([
    ...(root === undefined ? [] : readIndexes(root.reader, workspace)),
    ...readIndexes(reader, "."),
  ]);
  const entries = readEntries(reader, { folder: ".", workspace, indexes });
  if (root === undefined) return entries;
  const names = new Set(entries.map((it) => normalizeName(it.name)));
  const shared = readEntries(root.reader, { folder: workspace, workspace, indexes });
  reader.problems.push(...root.reader.problems);
  return [...entries, ...shared.filter((it) => !names.has(normalizeName(it.name)))];
}

/** The root of the workspace that it is a member of, if it is of one. */
function findRoot({ component, above }: MetadataFile, member: MetadataReader): Root | undefined {
  if (above === undefined) return undefined;
  const { reader, problem } = readMetadataFile({ component, ...above });
  if (reader === undefined) {
    member.problems.push(problem);
    return undefined;
  }
  const list = (key: string) => reader.strings("tool", "uv", "workspace", key);
  const isMember = isTable(reader.table("tool", "uv")["workspace"]) &&
    isWorkspaceMember({ members: list("members"), exclude: list("exclude") }, above.path);
  if (isMember) return { reader, folder: above.path.split("/").map(() => "..").join("/") };
  member.problems.push(...reader.problems);
  return undefined;
}

function readEntries(
  reader: MetadataReader,
  { folder, workspace, indexes }: Pick<SourceEntry, "folder" | "workspace"> & {
    readonly indexes: ReadonlyMap<string, string>;
  },
): readonly SourceEntry[] {
  return Object.entries(reader.table(...SOURCES)).map(([name, value]) => ({
    name,
    file: reader.file,
    get line() {
      return reader.line([...SOURCES, name]);
    },
    folder,
    workspace,
    choices: [value].flat().filter(isTable).map((it) => {
      const { index } = it;
      const url = typeof index === "string" ? indexes.get(index) : undefined;
      return url === undefined ? it : { ...it, index: url };
    }),
    text: `${name} = ${inline(value)}`,
  }));
}

/** The URLs of `[[tool.uv.index]]`, by name. */
function readIndexes(
  reader: MetadataReader,
  folder: string,
): readonly (readonly [string, string])[] {
  return reader.list(["tool", "uv", "index"]).filter(isTable).flatMap(({ name, url }) => {
    if (typeof name !== "string" || typeof url !== "string") return [];
    return [[name, /^[a-z][a-z0-9+.-]*:/i.test(url) ? url : `${folder}/${url}`]];
  });
}

/** A value as TOML writes it in one line. */
function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  if (!isTable(value)) return JSON.stringify(value) ?? "";
  return `{ ${Object.entries(value).map(([key, it]) => `${key} = ${inline(it)}`).join(", ")} }`;
}
