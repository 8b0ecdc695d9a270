/**
 * What uv.lock says of the packages.
 *
 * @module
 */

import { attempt } from "../../attempt.ts";
import { given } from "../../given.ts";
import { parseData } from "../../toml/parse.ts";
import { normalizeName } from "../../names.ts";
import { AskedExtras, packageLine } from "../lock_text.ts";
import type { LockedPackage, LockedSource, Need } from "../reader.ts";
import { listOf, type Table, tableOf, textOf } from "../../table.ts";

/**
 * Reads the packages of a uv.lock (version 1). Pure.
 *
 * @returns All of them, one that comes from several places several times; undefined where the text is no such file.
 */
export function readLock(text: string): readonly LockedPackage[] | undefined {
  const entries = readEntries(text)?.filter((it) => typeof it["name"] === "string");
  if (entries === undefined) return undefined;
  const extras = new AskedExtras();
  return entries.map((entry): LockedPackage => {
    const key = keyOf(entry);
    const needs = needsOf(entry);
    const groups = Object.values(tableOf(at(entry, "dev-dependencies"))).flatMap((it) =>
      readNeeds(it)
    );
    extras.add([...needs, ...groups]);
    return {
      key,
      version: textOf(at(entry, "version")),
      ...sourceOf(tableOf(at(entry, "source"))),
      needs,
      extras: extras.of(key),
    };
  });
}

/** The tables of the packages, as they stand; undefined where the text is no uv.lock of a version that is known. */
export function readEntries(text: string): readonly Table[] | undefined {
  const root = attempt(() => parseData(text));
  if (root === undefined || (at(root, "version") ?? 1) !== 1) return undefined;
  return listOf(at(root, "package")).map(tableOf);
}

/** The line, from 1, that says where a package comes from. */
export function lockLine(
  text: string,
  { key, written }: Pick<LockedPackage, "key" | "written">,
): number | undefined {
  const source = JSON.stringify(written);
  return packageLine(
    text,
    key,
    (line) => line.startsWith("source = ") && line.includes(source),
  );
}

/** One of `{ git = "…?tag=v1#…" }`, `{ registry = "…" }`, `{ url = "…" }`, `{ path = "…" }` or a folder. */
function sourceOf(source: Table): { readonly source: LockedSource; readonly written: string } {
  const kind = Object.keys(READERS).find((it) => typeof source[it] === "string");
  if (kind === undefined) {
    return { source: { kind: "unknown" }, written: Object.keys(source)[0] ?? "nowhere" };
  }
  const written = source[kind] as string;
  return { source: READERS[kind]!(written), written };
}

const readFolder = (path: string): LockedSource => ({ kind: "path", path, isFile: false });

const READERS: Readonly<Record<string, (value: string) => LockedSource>> = {
  git: readGit,
  registry: (url) => ({ kind: "index", url }),
  editable: readFolder,
  directory: readFolder,
  virtual: readFolder,
  path: (path) => ({ kind: "path", path, isFile: true }),
  url: (url) => ({ kind: "url", url }),
};

function readGit(value: string): LockedSource {
  const [, url = "", query, commit] = /^([^?#]*)(?:\?([^#]*))?(?:#([0-9a-f]+))?$/.exec(value) ?? [];
  const asked = new URLSearchParams(query);
  const part = (name: string) => asked.get(name) ?? undefined;
  return {
    kind: "git",
    url,
    tag: part("tag"),
    branch: part("branch"),
    rev: part("rev"),
    commit,
    subdirectory: part("subdirectory"),
    ...given({ lfs: asked.get("lfs") === "true" || undefined }),
  };
}

function needsOf(entry: unknown): readonly Need[] {
  const versions = new Map(
    listOf(at(at(entry, "metadata"), "requires-dist"))
      .map((it) => [keyOf(it), textOf(at(it, "specifier")) ?? ""]),
  );
  return [
    ...readNeeds(at(entry, "dependencies"), { versions }),
    ...Object.entries(tableOf(at(entry, "optional-dependencies")))
      .flatMap(([extra, it]) => readNeeds(it, { versions, extra: normalizeName(extra) })),
  ];
}

function readNeeds(
  needed: unknown,
  { versions, extra }: {
    readonly versions?: ReadonlyMap<string, string>;
    readonly extra?: string;
  } = {},
): readonly Need[] {
  return listOf(needed).map((it) => {
    const key = keyOf(it);
    const extras = listOf(at(it, "extra")).map((name) => normalizeName(String(name)));
    return { key, versions: versions?.get(key) ?? "", extras, extra };
  });
}

function keyOf(entry: unknown): string {
  return normalizeName(textOf(at(entry, "name")) ?? "");
}

function at(value: unknown, key: string): unknown {
  return tableOf(value)[key];
}
