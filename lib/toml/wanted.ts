/**
 * What a document shall hold after its edits: the same edits, made in what another parser than the editor's reads. A slip
 * of the one is no slip of the other.
 *
 * @module
 */

import { parse, TomlDate, TomlError, type TomlValue } from "smol-toml";
import { put, sameData, type TomlData, TomlMoment, type TomlTable } from "./data.ts";
import { nodeData, parseToml, type TomlDocument } from "./document.ts";

/** The wanted data of one document. */
export class WantedData {
  readonly #read: (text: string) => TomlTable;
  readonly #root: TomlTable;

  /** Begins with what the document holds. Where the other parser errs on it, the editor's own has to do. */
  constructor({ text, root }: TomlDocument) {
    const other = readOther(text);
    this.#read = other === undefined ? readOwn : (text) => readOther(text) ?? new Map();
    this.#root = other ?? nodeData(root) as TomlTable;
  }

  /** Wants a value at a path, and tables on the way to it. */
  set(path: readonly string[], data: TomlData): void {
    put(this.#root, path, this.#read === readOwn ? data : asOther(data));
  }

  /** Wants nothing at a path. */
  delete(path: readonly string[]): void {
    const table = this.#at(path.slice(0, -1));
    if (table instanceof Map) table.delete(path.at(-1)!);
  }

  /** Whether an empty table, an empty array or nothing is wanted at a path. */
  isEmpty(path: readonly string[]): boolean {
    const value = this.#at(path);
    if (value instanceof Map) return value.size === 0;
    return value === undefined || (Array.isArray(value) && value.length === 0);
  }

  /** Whether a text says what is wanted, and nothing else. */
  isSaidBy(text: string): boolean {
    return sameData(this.#root, this.#read(text));
  }

  #at(path: readonly string[]): TomlData | undefined {
    let value: TomlData | undefined = this.#root;
    for (const key of path) value = value instanceof Map ? value.get(key) : undefined;
    return value;
  }
}

/** What the other parser reads; undefined where it takes the text for wrong. */
function readOther(text: string): TomlTable | undefined {
  try {
    return dataOf(parse(text, { integersAsBigInt: true })) as TomlTable;
  } catch (error) {
    if (error instanceof TomlError || error instanceof RangeError) return undefined;
    throw error;
  }
}

function dataOf(value: TomlValue): TomlData {
  if (value instanceof TomlDate) return new TomlMoment(value.toISOString());
  if (Array.isArray(value)) return value.map(dataOf);
  if (typeof value === "string") return unified(value);
  if (typeof value !== "object") return value;
  return new Map(Object.entries(value).map(([key, item]) => [key, dataOf(item)]));
}

/** What the other parser would read of a value. */
function asOther(data: TomlData): TomlData {
  if (data instanceof TomlMoment) return readOther(`moment = ${data.text}`)?.get("moment") ?? data;
  if (typeof data === "string") return unified(data);
  if (Array.isArray(data)) return data.map(asOther);
  if (!(data instanceof Map)) return data;
  return new Map([...data].map(([key, item]) => [key, asOther(item)]));
}

/** TOML leaves it to the parser how the line endings within a string read. */
function unified(text: string): string {
  return text.replaceAll("\r\n", "\n");
}

function readOwn(text: string): TomlTable {
  return nodeData(parseToml(text, "").root) as TomlTable;
}
