/**
 * What a document shall hold after its edits. What is not edited is compared as text, which is quick and exact.
 *
 * @module
 */

import { sameData, type TomlData } from "./data.ts";
import { type Node, nodeData, type TomlDocument } from "./document.ts";

/** A table of which something was asked: what is untouched in it is still a node. */
type Table = Map<string, Table | Node | Written>;

/** A value to be written. */
interface Written {
  readonly data: TomlData;
}

/** The wanted data of one document. */
export class WantedData {
  readonly #document: TomlDocument;
  readonly #root: Table;

  /** Begins with what the document holds. */
  constructor(document: TomlDocument) {
    this.#document = document;
    this.#root = open(document.root);
  }

  /** Wants a value at a path, and tables on the way to it. */
  set(path: readonly string[], data: TomlData): void {
    let table = this.#root;
    for (const key of path.slice(0, -1)) {
      const inner = inside(table, key) ?? new Map();
      table.set(key, inner);
      table = inner;
    }
    table.set(path.at(-1)!, { data });
  }

  /** Wants nothing at a path. */
  delete(path: readonly string[]): void {
    this.#tableAt(path.slice(0, -1))?.delete(path.at(-1)!);
  }

  /** Whether an empty table, an empty array or nothing is wanted at a path. */
  isEmpty(path: readonly string[]): boolean {
    const value = this.#tableAt(path.slice(0, -1))?.get(path.at(-1)!);
    if (value === undefined) return true;
    if (value instanceof Map) return value.size === 0;
    const data = "data" in value ? value.data : nodeData(value);
    return data instanceof Map ? data.size === 0 : Array.isArray(data) && data.length === 0;
  }

  /** Whether a document holds what is wanted, and nothing else. */
  isIn(document: TomlDocument): boolean {
    return this.#holds(document, this.#root, document.root);
  }

  #tableAt(path: readonly string[]): Table | undefined {
    let table: Table | undefined = this.#root;
    for (const key of path) table = table && inside(table, key);
    return table;
  }

  #holds(document: TomlDocument, wanted: Table | Node | Written, node: Node): boolean {
    if (wanted instanceof Map) {
      if (node.kind !== "table" || wanted.size !== node.children.size) return false;
      for (const [key, value] of wanted) {
        const child = node.children.get(key);
        if (child === undefined || !this.#holds(document, value, child)) return false;
      }
      return true;
    }
    if ("data" in wanted) return sameData(wanted.data, nodeData(node));
    return this.#isSame(document, wanted, node);
  }

  #isSame(document: TomlDocument, before: Node, after: Node): boolean {
    if (before.statement !== undefined && after.statement !== undefined) {
      const [start, end] = before.statement.value.range;
      const [from, to] = after.statement.value.range;
      if (this.#document.text.slice(start, end) === document.text.slice(from, to)) return true;
    }
    if (before.statement !== undefined || after.statement !== undefined) {
      return sameData(nodeData(before), nodeData(after));
    }
    if (before.kind !== after.kind || before.children.size !== after.children.size) return false;
    for (const [key, child] of before.children) {
      const other = after.children.get(key);
      if (other === undefined || !this.#isSame(document, child, other)) return false;
    }
    return true;
  }
}

function open(node: Node): Table {
  return new Map([...node.children].map(([key, child]) => [String(key), child]));
}

/** The table under a key, opened; undefined where there is none. */
function inside(table: Table, key: string): Table | undefined {
  const value = table.get(key);
  if (value === undefined || value instanceof Map) return value;
  const opened = "data" in value ? openData(value.data) : openNode(value);
  if (opened !== undefined) table.set(key, opened);
  return opened;
}

function openNode(node: Node): Table | undefined {
  return node.kind === "table" ? open(node) : undefined;
}

function openData(data: TomlData): Table | undefined {
  if (!(data instanceof Map)) return undefined;
  return new Map([...data].map(([key, value]) => [key, { data: value }]));
}
