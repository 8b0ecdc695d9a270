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

import { isWorkspaceMember } from "../adapters/uv/workspace.ts";
import { normalizeName } from "../names.ts";
import { isTable, type Table, type TableReader } from "./metadata_tables.ts";
import type { SourceEntry } from "../reconcile/model.ts";

/** The pyproject.toml above a distribution, parsed. */
export interface RootAbove {
  /** Its root table. */
  readonly root: Table;
  /** Takes what is wrong with it. */
  readonly reader: TableReader;
  /** The distribution's folder, seen from it, with `/`. */
  readonly path: string;
}

/** Whether uv looks above a file with a `[project]` table for the root of a workspace. */
export function isMaybeMember(root: Table, reader: TableReader): boolean {
  const { workspace, managed } = reader.table(root, "tool", "uv");
  return workspace === undefined && managed !== false;
}

/**
 * Reads a distribution's sources.
 *
 * @param root The root table of its pyproject.toml.
 * @param reader Takes what is wrong with it.
 * @param above The pyproject.toml above it.
 */
export function readSources(
  root: Table,
  reader: TableReader,
  above?: RootAbove,
): readonly SourceEntry[] {
  if (reader.table(root, "tool", "uv")["managed"] === false) return [];
  const member = above !== undefined && isMember(above) ? above : undefined;
  const workspace = member === undefined ? "." : member.path.split("/").map(() => "..").join("/");
  const indexes = new Map([
    ...(member === undefined ? [] : readIndexes(member.root, member.reader, workspace)),
    ...readIndexes(root, reader, "."),
  ]);
  const own = readEntries(root, reader, { folder: ".", workspace, indexes });
  if (member === undefined) return own;
  const names = new Set(own.map((it) => normalizeName(it.name)));
  const shared = readEntries(member.root, member.reader, { folder: workspace, workspace, indexes });
  return [...own, ...shared.filter((it) => !names.has(normalizeName(it.name)))];
}

function isMember({ root, reader, path }: RootAbove): boolean {
  const workspace = reader.table(root, "tool", "uv")["workspace"];
  if (!isTable(workspace)) return false;
  const list = (key: string) =>
    reader.texts(workspace, "tool.uv.workspace", key, `workspace.${key}`);
  return isWorkspaceMember({ members: list("members"), exclude: list("exclude") }, path);
}

function readEntries(
  root: Table,
  reader: TableReader,
  { folder, workspace, indexes }: Pick<SourceEntry, "folder" | "workspace"> & {
    readonly indexes: ReadonlyMap<string, string>;
  },
): readonly SourceEntry[] {
  return Object.entries(reader.table(root, "tool", "uv", "sources")).map(([name, value]) => {
    const line = reader.lineOf("tool.uv.sources", name);
    const choices = [value].flat().filter(isTable).map((it) => {
      const { index } = it;
      const url = typeof index === "string" ? indexes.get(index) : undefined;
      return url === undefined ? it : { ...it, index: url };
    });
    return {
      name,
      file: reader.file,
      ...(line === undefined ? {} : { line }),
      folder,
      workspace,
      choices,
      text: `${name} = ${inline(value)}`,
    };
  });
}

/** The URLs of `[[tool.uv.index]]`, by name. */
function readIndexes(
  root: Table,
  reader: TableReader,
  folder: string,
): readonly (readonly [string, string])[] {
  const list = reader.list(reader.table(root, "tool", "uv"), "tool.uv", "index");
  return list.filter(isTable).flatMap(({ name, url }) => {
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
