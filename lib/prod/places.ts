/**
 * Where in a file a package stands, for messages. Looked up only where something is wrong.
 *
 * @module
 */

import type { AST } from "toml-eslint-parser";
import { type LocatedEntry, readYaml } from "../manifest/read_yaml.ts";
import { normalizeName } from "../names.ts";
import type { ProblemSide } from "../reconcile/problem.ts";
import { redact } from "../text/redact.ts";
import { findNode, type Node, parseToml } from "../toml/document.ts";

/** A line, and what stands there. */
export type PlaceInFile = Required<Pick<ProblemSide, "line" | "requirement">>;

/** Where the keys lead in a TOML file: as near as they do. */
export function placeInToml(
  text: string,
  file: string,
  keys: readonly (string | number)[],
): PlaceInFile {
  const document = parseToml(text, file);
  let depth = keys.length;
  let node: Node | undefined;
  while (depth > 0 && (node = findNode(document, keys.slice(0, depth))) === undefined) depth--;
  return placeAt(document.text, node === undefined ? 0 : offsetOf(node, keys[depth]));
}

/** Of an array the item that is meant, of a table that is no value what stands in it first. */
function offsetOf(node: Node, item: string | number | undefined): number {
  const { statement } = node;
  const elements = statement?.value.type === "TOMLArray" ? statement.value.elements : [];
  const element: AST.TOMLContentNode | undefined = elements[Number(item)];
  if (element !== undefined) return element.range[0];
  if (statement !== undefined) return statement.range.start;
  const inside = ["path", "url", "git", "workspace"].map((key) =>
    node.children.get(key)?.statement
  );
  return inside.find((it) => it !== undefined)?.range.start ?? node.section?.range.start ??
    node.sections[0]?.range.start ?? node.via[0]?.range.start ?? 0;
}

/** A line of a lock file. */
export function placeAtLine(text: string, line: number | undefined): PlaceInFile | undefined {
  if (line === undefined) return undefined;
  // What stands behind a `?` there is the pin.
  return { line, requirement: shown(redact(text.split("\n", line).at(-1) ?? "")) };
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
  const packages = root.entries.get("packages")?.value;
  const entries = packages?.kind === "map" ? [...packages.entries.values()] : [];
  const entry = entries.find((it) => normalizeName(it.key) === key);
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
