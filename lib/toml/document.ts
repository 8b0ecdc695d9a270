/**
 * A TOML document as text, with every key's place in it.
 *
 * @module
 */

import { type AST, ParseError, parseTOML } from "toml-eslint-parser";
import { parse as parseForMessage, TomlError } from "smol-toml";
import { HsmError } from "../errors.ts";
import { dataOf, keyNames, type TomlData } from "./data.ts";
import type { Range } from "../text/line_edges.ts";
import { MAX_DEPTH, TOO_DEEP } from "./parse.ts";
import { invalidAt, syntaxError } from "./syntax_error.ts";

/** The keys that lead to a value; a number is a place in an array of tables. */
export type Path = readonly (string | number)[];

/** What stands under a header, or before the first one. */
export interface Section {
  readonly kind: "root" | "table" | "array";
  readonly path: Path;
  /** From the header to the end of the last statement; comments after that belong to nobody. */
  readonly range: Range;
  /** The key between the brackets; undefined before the first header. */
  readonly key: Range | undefined;
  readonly headerEnd: number;
  readonly statements: Statement[];
  /** Its place among the sections. */
  readonly place: number;
}

/** A table between braces. */
export interface InlineTable {
  readonly kind: "inline";
  readonly range: Range;
  readonly statements: Statement[];
}

/** One `key = value`. */
export interface Statement {
  readonly container: Section | InlineTable;
  /** Its place in the container. */
  readonly place: number;
  readonly range: Range;
  readonly key: AST.TOMLKey;
  /** How many keys lead to its container. */
  readonly depth: number;
  readonly value: AST.TOMLContentNode;
}

/** One key of the document, wherever and however it is defined. */
export class Node {
  readonly kind: "table" | "array-of-tables" | "value";
  /** The statement whose value it is. */
  readonly statement: Statement | undefined;
  /** Its own header. */
  section: Section | undefined;
  /** The statements whose dotted keys pass through it. */
  readonly via: Statement[] = [];
  /** The sections at it and below it, in order. */
  readonly sections: Section[] = [];
  readonly #key: string | number | undefined;
  readonly #parent: Node | undefined;
  readonly #children = new Map<string | number, Node>();
  #inline: InlineTable | undefined;

  /** Makes a node without children. */
  constructor(
    kind: Node["kind"],
    parent?: Node,
    key?: string | number,
    statement?: Statement,
  ) {
    this.kind = kind;
    this.#parent = parent;
    this.#key = key;
    this.statement = statement;
  }

  /** The keys that lead to it. */
  get path(): Path {
    if (this.#parent === undefined) return [];
    return [...this.#parent.path, this.#key!];
  }

  /** What is below it. A file has many inline tables, and few that matter: they are looked into when asked. */
  get children(): ReadonlyMap<string | number, Node> {
    this.#look();
    return this.#children;
  }

  /** Its braces, for an inline table. */
  get inline(): InlineTable | undefined {
    this.#look();
    return this.#inline;
  }

  /** The child under a key, made where there is none. */
  child(key: string | number, kind: Node["kind"]): Node {
    return this.#children.get(key) ?? this.add(key, new Node(kind, this, key));
  }

  /** Adds a child. */
  add(key: string | number, node: Node): Node {
    this.#children.set(key, node);
    return node;
  }

  #look(): void {
    const value = this.statement?.value;
    if (value?.type !== "TOMLInlineTable" || this.#inline !== undefined) return;
    this.#inline = { kind: "inline", range: rangeOf(value), statements: [] };
    const depth = this.path.length;
    for (const item of value.body) addStatement(this, this.#inline, item, depth);
  }
}

/** A parsed document. */
export interface TomlDocument {
  /** The name of the file, for messages. */
  readonly path: string;
  /** A byte order mark, or nothing. */
  readonly mark: string;
  /** The text after that. All offsets are in it. */
  readonly text: string;
  readonly root: Node;
  readonly sections: readonly Section[];
  readonly comments: readonly Range[];
}

/**
 * Parses a document (TOML 1.1).
 *
 * @param path The file, as messages name it.
 * @throws {HsmError} `pyproject-invalid` with the line, the column, and the line itself.
 */
export function parseToml(whole: string, path: string): TomlDocument {
  const mark = whole.startsWith("\uFEFF") ? "\uFEFF" : "";
  const text = whole.slice(mark.length);
  const program = parseProgram(text, path);
  const [{ body }] = program.body;
  refuseDepth(body, text, path);
  const sections: Section[] = [{
    kind: "root",
    path: [],
    range: { start: 0, end: 0 },
    key: undefined,
    headerEnd: 0,
    statements: [],
    place: 0,
  }];
  const root = new Node("table");
  root.section = sections[0];
  for (const item of body) {
    if (item.type === "TOMLTable") addSection(root, sections, item, text);
    else addStatement(root, sections[0]!, item, 0);
  }
  const comments = program.comments.map(rangeOf).sort((a, b) => a.start - b.start);
  return { path, mark, text, root, sections, comments };
}

/** The node at a path; undefined where the document has none. */
export function findNode(document: TomlDocument, path: Path): Node | undefined {
  let node: Node | undefined = document.root;
  for (const key of path) node = node?.children.get(key);
  return node;
}

/** What a node holds. */
export function nodeData(node: Node): TomlData {
  if (node.statement !== undefined) return dataOf(node.statement.value);
  const entries = [...node.children].map(([key, child]) => [key, nodeData(child)] as const);
  if (node.kind === "array-of-tables") return entries.map(([, data]) => data);
  return new Map(entries.map(([key, data]) => [String(key), data]));
}

/** The range of a part of the document. */
export function rangeOf({ range }: { readonly range: readonly [number, number] }): Range {
  return { start: range[0], end: range[1] };
}

/** The error that a value is not what it must be. */
export function wrongNode(
  document: TomlDocument,
  node: Node,
  message: string,
  hint?: string,
): HsmError {
  const offset = node.statement?.range.start ?? node.sections[0]?.range.start ??
    node.via[0]?.range.start ?? 0;
  return invalidAt(document.path, document.text, offset, message, hint);
}

function parseProgram(text: string, path: string): AST.TOMLProgram {
  try {
    return parseTOML(text, { tomlVersion: "1.1" });
  } catch (error) {
    // The other parser's messages are the better ones.
    try {
      parseForMessage(text, { integersAsBigInt: true });
    } catch (better) {
      if (better instanceof TomlError) throw syntaxError(path, text, better);
    }
    if (error instanceof ParseError) {
      throw invalidAt(path, text, error.index, error.message);
    }
    if (error instanceof RangeError) throw invalidAt(path, text, 0, TOO_DEEP);
    throw error;
  }
}

/** A header alone can name thousands of tables, and what follows goes from table to table by itself. */
function refuseDepth(body: readonly AST.TOMLNode[], text: string, path: string): void {
  let level: readonly AST.TOMLNode[] = body;
  for (let depth = 0; level.length > 0; depth++) {
    const deep = level.find((it) => depth + keysOf(it) > MAX_DEPTH);
    if (deep !== undefined) throw invalidAt(path, text, deep.range[0], TOO_DEEP);
    level = level.flatMap(childrenOf);
  }
}

function keysOf(node: AST.TOMLNode): number {
  if (node.type === "TOMLTable") return node.resolvedKey.length;
  return node.type === "TOMLKeyValue" ? node.key.keys.length : 0;
}

function childrenOf(node: AST.TOMLNode): readonly AST.TOMLNode[] {
  if (node.type === "TOMLArray") return node.elements;
  if (node.type === "TOMLKeyValue") return [node.value];
  return node.type === "TOMLTable" || node.type === "TOMLInlineTable" ? node.body : [];
}

function addSection(
  root: Node,
  sections: Section[],
  table: AST.TOMLTable,
  text: string,
): void {
  const key = rangeOf(table.key);
  const closing = table.kind === "array" ? 2 : 1;
  const section: Section = {
    kind: table.kind === "array" ? "array" : "table",
    path: table.resolvedKey,
    range: rangeOf(table),
    key,
    // Only spaces can stand between the key and the closing brackets.
    headerEnd: text.indexOf("]", key.end) + closing,
    statements: [],
    place: sections.length,
  };
  sections.push(section);
  let node = root;
  for (const [at, part] of table.resolvedKey.entries()) {
    const isArray = typeof table.resolvedKey[at + 1] === "number";
    node = node.child(part, isArray ? "array-of-tables" : "table");
    node.sections.push(section);
  }
  node.section = section;
  const depth = section.path.length;
  for (const statement of table.body) addStatement(node, section, statement, depth);
}

function addStatement(
  base: Node,
  container: Section | InlineTable,
  item: AST.TOMLKeyValue,
  depth: number,
): void {
  const names = keyNames(item.key);
  const statement: Statement = {
    container,
    place: container.statements.length,
    range: rangeOf(item),
    key: item.key,
    depth,
    value: item.value,
  };
  container.statements.push(statement);
  let node = base;
  for (const name of names.slice(0, -1)) {
    node = node.child(name, "table");
    node.via.push(statement);
  }
  const name = names.at(-1)!;
  const kind = item.value.type === "TOMLInlineTable" ? "table" : "value";
  node.add(name, new Node(kind, node, name, statement));
}
