/**
 * What uv.lock says of the packages.
 *
 * @module
 */

import { parse } from "smol-toml";
import { normalizeName } from "../names.ts";

/** A package in the lock file. */
export interface LockedPackage {
  /** The git address with its query and commit; undefined where it comes from elsewhere. */
  readonly git: string | undefined;
  /** What it needs: normalized name, and the versions that will do where they are known. */
  readonly needs: readonly (readonly [name: string, versions: string])[];
}

/**
 * Reads the packages of a uv.lock (version 1), by normalized name. Pure.
 *
 * @returns undefined where the text is no such file.
 */
export function readLock(text: string): ReadonlyMap<string, LockedPackage> | undefined {
  let root: unknown;
  try {
    root = parse(text, { integersAsBigInt: "asNeeded" });
  } catch {
    return undefined;
  }
  const packages = new Map<string, LockedPackage>();
  for (const entry of list(at(root, "package"))) {
    const name = string(at(entry, "name"));
    if (name === undefined) continue;
    const versions = new Map(
      list(at(at(entry, "metadata"), "requires-dist")).map((it) => [
        normalizeName(string(at(it, "name")) ?? ""),
        string(at(it, "specifier")) ?? "",
      ]),
    );
    const needed = [
      ...list(at(entry, "dependencies")),
      ...Object.values(table(at(entry, "optional-dependencies"))).flatMap(list),
    ].map((it) => normalizeName(string(at(it, "name")) ?? ""));
    packages.set(normalizeName(name), {
      git: string(at(at(entry, "source"), "git")),
      needs: [...new Set(needed)].map((it) => [it, versions.get(it) ?? ""]),
    });
  }
  return packages;
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
