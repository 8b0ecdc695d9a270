/**
 * Data written as TOML, on one line.
 *
 * @module
 */

import { HsmError } from "../errors.ts";
import { inputEntries, isList, type TomlInput, TomlMoment } from "./data.ts";

/** Writes a key: bare where that is possible. */
export function renderKey(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : renderString(key);
}

/** Writes a dotted key. */
export function renderKeyPath(keys: readonly (string | number)[]): string {
  return keys.map((key) => typeof key === "number" ? `[${key}]` : renderKey(key)).join(".");
}

/**
 * Writes a string between quotes, in such a way that nothing in it can end it.
 *
 * @param style `literal` asks for single quotes, where the string allows them.
 */
export function renderString(text: string, style: "basic" | "literal" = "basic"): string {
  if (!text.isWellFormed()) {
    throw new HsmError("pyproject-unsupported", "Cannot write a string: it is no valid Unicode");
  }
  // deno-lint-ignore no-control-regex
  if (style === "literal" && !/['\x00-\x08\x0a-\x1f\x7f]/.test(text)) return `'${text}'`;
  // deno-lint-ignore no-control-regex
  return `"${text.replace(/["\\\x00-\x1f\x7f-\x9f\u2028\u2029]/g, escape)}"`;
}

const SHORT: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ["\\", "\\\\"],
  ["\b", "\\b"],
  ["\t", "\\t"],
  ["\n", "\\n"],
  ["\f", "\\f"],
  ["\r", "\\r"],
]);

function escape(char: string): string {
  return SHORT.get(char) ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Writes a value on one line. */
export function renderValue(input: TomlInput): string {
  // What holds double quotes is easier to read between single ones.
  if (typeof input === "string") {
    return renderString(input, /["\\]/.test(input) ? "literal" : "basic");
  }
  if (typeof input === "number") return renderNumber(input);
  if (typeof input !== "object") return String(input);
  if (input instanceof TomlMoment) return input.text;
  if (isList(input)) return `[${input.map(renderValue).join(", ")}]`;
  const entries = inputEntries(input);
  if (entries.length === 0) return "{}";
  return `{ ${entries.map(([key, value]) => renderEntry(key, value)).join(", ")} }`;
}

/** Writes `key = value`. */
export function renderEntry(key: string, value: TomlInput): string {
  return `${renderKey(key)} = ${renderValue(value)}`;
}

/** Numbers that are not whole must not read as integers. */
function renderNumber(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Number.isSafeInteger(value)) return String(value);
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}
