/**
 * TOML values as data. Tables are maps, so that no key, `__proto__` included, is anything but a key.
 *
 * @module
 */

import type { AST } from "toml-eslint-parser";

/** A date or time, as it was written. */
export class TomlMoment {
  /** Its text in the document. */
  readonly text: string;

  /** Keeps the text of a date or time. */
  constructor(text: string) {
    this.text = text;
  }
}

/** A table. */
export type TomlTable = Map<string, TomlData>;

/** A value as a document holds it. Integers are bigint, floats are number. */
export type TomlData = string | bigint | number | boolean | TomlMoment | TomlData[] | TomlTable;

/** A value to be written. */
export type TomlInput =
  | string
  | bigint
  | number
  | boolean
  | readonly TomlInput[]
  | { readonly [key: string]: TomlInput }
  | ReadonlyMap<string, TomlInput | TomlData>
  | TomlData;

/** The data of a parsed value. */
export function dataOf(node: AST.TOMLContentNode): TomlData {
  if (node.type === "TOMLArray") return node.elements.map(dataOf);
  if (node.type === "TOMLInlineTable") {
    const table: TomlTable = new Map();
    for (const { key, value } of node.body) put(table, keyNames(key), dataOf(value));
    return table;
  }
  switch (node.kind) {
    case "integer":
      return node.bigint;
    case "float":
    case "string":
    case "boolean":
      return node.value;
    default:
      return new TomlMoment(node.datetime);
  }
}

/** The names in a key, as they read without quotes. */
export function keyNames(key: AST.TOMLKey): string[] {
  return key.keys.map((part) => part.type === "TOMLBare" ? part.name : part.value);
}

/** Puts a value into a table, and tables on the way to it where there are none. */
export function put(table: TomlTable, path: readonly string[], value: TomlData): void {
  let inner = table;
  for (const key of path.slice(0, -1)) {
    const found = inner.get(key);
    const next: TomlTable = found instanceof Map ? found : new Map();
    inner.set(key, next);
    inner = next;
  }
  inner.set(path.at(-1)!, value);
}

/** What a document would hold after `input` was written to it. */
export function inputData(input: TomlInput): TomlData {
  if (typeof input === "number" && Number.isSafeInteger(input)) return BigInt(input);
  if (typeof input !== "object" || input instanceof TomlMoment) return input;
  if (isList(input)) return input.map(inputData);
  return new Map(inputEntries(input).map(([key, value]) => [key, inputData(value)]));
}

/** The keys and values of a table to be written. */
export function inputEntries(
  input: ReadonlyMap<string, TomlInput | TomlData> | { readonly [key: string]: TomlInput },
): [string, TomlInput][] {
  return input instanceof Map ? [...input] : Object.entries(input);
}

/** `Array.isArray`, for readonly lists too. */
export function isList(input: unknown): input is readonly TomlInput[] {
  return Array.isArray(input);
}

/** Whether two values are the same, whatever the order of keys. */
export function sameData(a: TomlData, b: TomlData): boolean {
  if (a instanceof Map) {
    if (!(b instanceof Map) || a.size !== b.size) return false;
    for (const [key, value] of a) {
      const other = b.get(key);
      if (other === undefined || !sameData(value, other)) return false;
    }
    return true;
  }
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length &&
      a.every((value, at) => sameData(value, b[at]!));
  }
  if (a instanceof TomlMoment) return b instanceof TomlMoment && a.text === b.text;
  return Object.is(a, b);
}
