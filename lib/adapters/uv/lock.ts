/**
 * What uv.lock says of the packages.
 *
 * @module
 */

import type { Need } from "../../graph/asked.ts";
import { parseData } from "../../toml/parse.ts";
import { normalizeName } from "../../names.ts";

/** A package in the lock file. */
export interface LockedPackage {
  /** Its normalized name. */
  readonly key: string;
  /** Its version; undefined for folders whose version is computed. */
  readonly version: string | undefined;
  /** Where it comes from, as it stands there, such as `{ git = "…?tag=v1#…" }` or `{ registry = "…" }`. */
  readonly source: Readonly<Record<string, unknown>>;
  /** The git address with its query and commit; undefined where it comes from elsewhere. */
  readonly git: string | undefined;
  /** What it needs. */
  readonly needs: readonly Need[];
}

/**
 * Reads the packages of a uv.lock (version 1). Pure.
 *
 * @returns All of them, one that comes from several places several times; undefined where the text is no such file.
 */
export function readLock(text: string): readonly LockedPackage[] | undefined {
  let root: unknown;
  try {
    root = parseData(text);
  } catch {
    return undefined;
  }
  if ((at(root, "version") ?? 1) !== 1) return undefined;
  return list(at(root, "package")).flatMap((entry) => {
    const name = string(at(entry, "name"));
    if (name === undefined) return [];
    const source = table(at(entry, "source"));
    return [{
      key: normalizeName(name),
      version: string(at(entry, "version")),
      source,
      git: string(source["git"]),
      needs: needsOf(entry),
    }];
  });
}

function needsOf(entry: unknown): LockedPackage["needs"] {
  const versions = new Map(
    list(at(at(entry, "metadata"), "requires-dist")).map((it) => [
      normalizeName(string(at(it, "name")) ?? ""),
      string(at(it, "specifier")) ?? "",
    ]),
  );
  const read = (needed: unknown, extra?: string): readonly Need[] =>
    list(needed).map((it) => {
      const key = normalizeName(string(at(it, "name")) ?? "");
      const extras = list(at(it, "extra")).map((name) => normalizeName(String(name)));
      return { key, versions: versions.get(key) ?? "", extras, extra };
    });
  return [
    ...read(at(entry, "dependencies")),
    ...Object.entries(table(at(entry, "optional-dependencies")))
      .flatMap(([extra, needed]) => read(needed, normalizeName(extra))),
  ];
}

function table(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? value as Record<string, unknown> : {};
}

function at(value: unknown, key: string): unknown {
  return table(value)[key];
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function string(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
