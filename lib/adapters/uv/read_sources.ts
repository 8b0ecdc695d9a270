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

import { isAbsolute, join } from "@std/path";
import { given } from "../../given.ts";
import { normalizeName } from "../../names.ts";
import type { MetadataFile } from "../../project/metadata_file.ts";
import { type MetadataReader, readMetadataFile } from "../../project/metadata_reader.ts";
import type { SourceEntry, StatedSource } from "../../reconcile/model.ts";
import { isTable, type Table, textOf } from "../../table.ts";
import { SOURCES } from "./tables.ts";
import { isWorkspaceMember } from "./workspace.ts";

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

/** The root of the workspace that it is a member of, if it is of one, and its folder, seen from the member's. */
function findRoot(
  { component, above }: MetadataFile,
  member: MetadataReader,
): { readonly reader: MetadataReader; readonly folder: string } | undefined {
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

/** What the tables of a file go by. */
interface Scope {
  /** The folder of the file, seen from the distribution's: `.`, `../..`. */
  readonly folder: string;
  /** The folder of the root of its uv workspace, seen from there. */
  readonly workspace: string;
  /** The URLs of indexes, by name. */
  readonly indexes: ReadonlyMap<string, string>;
}

function readEntries(reader: MetadataReader, scope: Scope): readonly SourceEntry[] {
  return Object.entries(reader.table(...SOURCES)).map(([name, value]) => ({
    name,
    file: reader.file,
    get line() {
      return reader.line([...SOURCES, name]);
    },
    choices: [value].flat().filter(isTable).map((it) => {
      const [marker, extra, group] = ["marker", "extra", "group"].map((key) => textOf(it[key]));
      const from = statedBy(it, scope);
      return {
        from,
        ...given({
          marker,
          extra: extra && normalizeName(extra),
          group: group && normalizeName(group),
        }),
      };
    }),
    text: `${name} = ${inline(value)}`,
  }));
}

/** The place that a table names; undefined where it names none that can be told. */
function statedBy(table: Table, { folder, workspace, indexes }: Scope): StatedSource | undefined {
  const text = (key: string) => textOf(table[key]);
  const [index, url, git, path] = ["index", "url", "git", "path"].map(text);
  if (index !== undefined) return { kind: "index", url: indexes.get(index) ?? index };
  if (url !== undefined) return { kind: "url", url };
  if (git !== undefined) {
    const [tag, rev, branch, subdirectory] = ["tag", "rev", "branch", "subdirectory"].map(text);
    return { kind: "git", git, ...given({ tag, rev, branch, subdirectory }) };
  }
  const { editable } = table;
  if (table["workspace"] === true) {
    return {
      kind: "path",
      path: workspace,
      isEditable: editable !== false,
      within: "uv workspace",
    };
  }
  if (path === undefined) return undefined;
  const place = isAbsolute(path) ? path : join(folder, path);
  return { kind: "path", path: place, isEditable: editable === true };
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
