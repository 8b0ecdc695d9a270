/**
 * What a document shall hold after its edits, to be compared with what another parser than the editor's reads in the
 * result: a slip of the one is no slip of the other.
 *
 * @module
 */

import { parse, TomlDate, type TomlTable as ParsedTable, type TomlValue } from "smol-toml";
import { type TomlData, TomlMoment } from "./data.ts";
import { type Node, nodeData, type TomlDocument } from "./document.ts";

/** A table of which something was asked: what is untouched in it is still a node. */
type Table = Map<string, Table | Node | Written>;

/** A value to be written. */
interface Written {
  readonly data: TomlData;
}

/** The wanted data of one document. */
export class WantedData {
  readonly #root: Table;

  /** Begins with what the document holds. */
  constructor(document: TomlDocument) {
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

  /** Whether a text, as smol-toml has read it with all integers as bigint, says what is wanted and nothing else. */
  isIn(parsed: ParsedTable): boolean {
    return holds(this.#root, parsed);
  }

  /** All that is wanted. */
  data(): TomlData {
    return dataIn(this.#root);
  }

  #tableAt(path: readonly string[]): Table | undefined {
    let table: Table | undefined = this.#root;
    for (const key of path) table = table && inside(table, key);
    return table;
  }
}

function dataIn(wanted: Table | Node | Written): TomlData {
  if (wanted instanceof Map) {
    return new Map([...wanted].map(([key, value]) => [key, dataIn(value)]));
  }
  return "data" in wanted ? wanted.data : nodeData(wanted);
}

function holds(wanted: Table | Node | Written, value: TomlValue): boolean {
  if (wanted instanceof Map) return hasEntries(wanted, value, holds);
  return isValue("data" in wanted ? wanted.data : nodeData(wanted), value);
}

/** Whether a value is what smol-toml has read. */
function isValue(data: TomlData, value: TomlValue): boolean {
  if (data instanceof Map) return hasEntries(data, value, isValue);
  if (Array.isArray(data)) {
    return Array.isArray(value) && value.length === data.length &&
      data.every((item, at) => isValue(item, value[at]!));
  }
  if (typeof data === "string") {
    return typeof value === "string" && unified(data) === unified(value);
  }
  if (!(data instanceof TomlMoment)) return Object.is(data, value);
  // It is another text for the same moment, to the millisecond.
  const { moment } = parse(`moment = ${data.text}`);
  return moment instanceof TomlDate && value instanceof TomlDate &&
    moment.toISOString() === value.toISOString();
}

/** TOML leaves it to the parser how the line endings within a string read. */
function unified(text: string): string {
  return text.includes("\r\n") ? text.replaceAll("\r\n", "\n") : text;
}

function hasEntries<T>(
  table: ReadonlyMap<string, T>,
  value: TomlValue,
  holds: (wanted: T, value: TomlValue) => boolean,
): boolean {
  if (typeof value !== "object" || Array.isArray(value) || value instanceof TomlDate) return false;
  const found = value as ParsedTable;
  if (Object.keys(found).length !== table.size) return false;
  for (const [key, item] of table) {
    if (!Object.hasOwn(found, key) || !holds(item, found[key]!)) return false;
  }
  return true;
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
