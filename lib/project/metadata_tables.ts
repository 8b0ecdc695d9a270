/**
 * Taking values of the right type out of a file's tables; a wrong type is a problem, not an exception.
 *
 * @module
 */

import type { Problem } from "../reconcile/problem.ts";
import type { TomlLines } from "../reconcile/toml_lines.ts";
import { unreadable } from "./unreadable.ts";

/** A table of a TOML file. */
export type Table = Readonly<Record<string, unknown>>;

/** Whether a value is a table. */
export function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !(value instanceof Date);
}

/** Reads one file's tables, and notes what has the wrong type and where everything stands. */
export class TableReader {
  /** The problems so far. */
  readonly problems: Problem[] = [];
  /** The lines so far, by the names in `ComponentMetadata.lines`. */
  readonly lines: Record<string, number> = {};
  /** The file, as messages name it. */
  readonly file: string;
  readonly #component: string;
  readonly #toml: TomlLines | undefined;

  /**
   * @param component The component that the file is of, for messages.
   * @param file The file, as messages name it.
   * @param toml Where lines are looked up; undefined: nowhere.
   */
  constructor(component: string, file: string, toml: TomlLines | undefined) {
    this.#component = component;
    this.file = file;
    this.#toml = toml;
  }

  /** The line of a key in a table, where it is found. */
  lineOf(table: string, key: string): number | undefined {
    return this.#toml?.ofKey(table, key);
  }

  /** The table at a path of keys; an empty one where there is none. */
  table(root: Table, ...path: readonly string[]): Table {
    let table = root;
    for (const [depth, key] of path.entries()) {
      const value = table[key];
      if (value === undefined) return {};
      if (!isTable(value)) {
        this.#wrongType(path.slice(0, depth).join("."), key, "a table");
        return {};
      }
      table = value;
    }
    return table;
  }

  /** The text at a key; undefined where there is none. */
  text(table: Table, name: string, key: string): string | undefined {
    const value = table[key];
    if (value === undefined) return undefined;
    this.#note(key, this.#toml?.ofKey(name, key));
    if (typeof value === "string") return value;
    this.#wrongType(name, key, "a text");
    return undefined;
  }

  /** The list of texts at a key; empty where there is none. */
  texts(table: Table, name: string, key: string, path = key): readonly string[] {
    return this.list(table, name, key, path).filter((item) => {
      if (typeof item === "string") return true;
      this.#wrongType(name, key, "a list of texts");
      return false;
    }) as readonly string[];
  }

  /** The list at a key, whatever it holds; empty where there is none. */
  list(table: Table, name: string, key: string, path = key): readonly unknown[] {
    const value = table[key];
    if (value === undefined) return [];
    if (!Array.isArray(value)) {
      this.#wrongType(name, key, "a list");
      return [];
    }
    const lines = this.#toml?.ofItems(this.#toml.ofKey(name, key), value) ?? [];
    for (const [index, line] of lines.entries()) this.#note(`${path}.${index}`, line);
    return value;
  }

  /** The line of a table's header; undefined where it is not found. */
  lineOfTable(name: string): number | undefined {
    return this.#toml?.ofTable(name);
  }

  /** Notes what is left out because it cannot be read, though who builds the package may be able to. */
  skip(what: string, reason: string, line: number | undefined): void {
    const file = { component: this.#component, file: this.file };
    this.problems.push(unreadable(file, what, reason, line));
  }

  /** Notes that the file is broken. */
  broken(message: string, fix: string, line?: number): void {
    const text = `${this.file}${line === undefined ? "" : `:${line}`}: ${message}`;
    if (this.problems.some((problem) => problem.message === text)) return;
    this.problems.push({
      code: "metadata-broken",
      severity: "error",
      message: text,
      sides: [{
        component: this.#component,
        file: this.file,
        ...(line === undefined ? {} : { line }),
      }],
      fix,
    });
  }

  #wrongType(name: string, key: string, expected: string): void {
    const path = name === "" ? key : `${name}.${key}`;
    this.broken(
      `${path} must be ${expected}`,
      `make ${path} ${expected}`,
      this.#toml?.ofKey(name, key),
    );
  }

  #note(path: string, line: number | undefined): void {
    if (line !== undefined) this.lines[path] = line;
  }
}
