/**
 * Where in a file a package stands, for messages. Looked up only where something is wrong.
 *
 * @module
 */

import { type LocatedEntry, packageEntries, readYaml } from "../manifest/read_yaml.ts";
import { normalizeName } from "../names.ts";
import type { ProblemSide } from "../reconcile/problem.ts";
import { redact } from "../text/redact.ts";
import { type Path, Places } from "../toml/places.ts";

/** A line, and what stands there. */
export type PlaceInFile = Required<Pick<ProblemSide, "line" | "requirement">>;

/** Where the keys lead in a TOML file, as near as they do. */
export function placeInToml(text: string, keys: Path): PlaceInFile {
  const bare = text.replace(/^\uFEFF/, "");
  return placeAt(bare, new Places(bare).nearest(keys));
}

/** A line of a lock file. */
export function placeAtLine(text: string, line: number | undefined): PlaceInFile | undefined {
  if (line === undefined) return undefined;
  // What stands behind a `?` there is the pin.
  return { line, requirement: shown(redact(text.split("\n", line).at(-1) ?? "")) };
}

/**
 * The first line that names a package, in a file that only its package manager can read.
 *
 * @param key The package's normalized name.
 */
export function placeOfName(text: string, key: string): PlaceInFile | undefined {
  const line = text.split("\n").findIndex((it) =>
    it.match(/[\w.-]+/g)?.some((word) => normalizeName(word) === key)
  );
  return line < 0 ? undefined : placeAtLine(text, line + 1);
}

/**
 * Where hsm.yaml says something of a package: under one of the keys of its own, at its name, or at the top.
 *
 * @param key The package's normalized name.
 */
export function placeInManifest(
  text: string,
  key: string,
  keys: readonly string[],
): PlaceInFile | undefined {
  const { root } = readYaml(text);
  if (root?.kind !== "map") return undefined;
  const entry = packageEntries(root).find((it) => normalizeName(it.key) === key);
  const own = entry?.value.kind === "map" ? entry.value.entries : new Map<string, LocatedEntry>();
  const inside = keys.map((it) => own.get(it)).find((it) => it !== undefined);
  const top = keys.map((it) => root.entries.get(it)).find((it) => it !== undefined);
  const found = inside ?? (entry?.value.kind === "scalar" && top === undefined ? entry : top) ??
    entry;
  return found === undefined ? undefined : placeAt(text, found.keySpan.start);
}

function placeAt(text: string, offset: number): PlaceInFile {
  const before = text.slice(0, offset).split("\n");
  const line = text.split("\n", before.length).at(-1) ?? "";
  return { line: before.length, requirement: shown(redact(line, { strict: true })) };
}

const MAX_WIDTH = 100;

function shown(line: string): string {
  const text = line.trim();
  return text.length > MAX_WIDTH ? `${text.slice(0, MAX_WIDTH)}…` : text;
}
