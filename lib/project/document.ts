/**
 * The one reader of a pyproject.toml: values by the keys that lead to them.
 *
 * @module
 */

import { TomlError } from "smol-toml";
import { isTable, type Table } from "../table.ts";
import { Lines } from "../text/lines.ts";
import { parseData } from "../toml/parse.ts";
import { type Path, Places } from "../toml/places.ts";

/** What a value has to be. */
export type Expected = "table" | "text" | "list" | "texts" | "requirements" | "groups";

const NOTHING: Table = Object.freeze({});

/**
 * A parsed file. Where its values stand is looked up when somebody asks for it: most files have nothing to tell. What is
 * wrong is told as it is met: one kind of reader collects it, another throws the first; to this one it is not there.
 */
export class Document {
  /** The text, without a byte order mark. */
  readonly text: string;
  readonly #root: Table;
  #places: Places | undefined;
  #lines: Lines | undefined;

  /**
   * @param text The file's text.
   * @throws {TomlError}
   */
  constructor(text: string) {
    this.text = text.replace(/^\uFEFF/, "");
    this.#root = parseData(this.text);
  }

  /** A value is something else than it has to be. */
  wrong(_path: readonly string[], _expected: Expected): void {}

  /** The value at a path, whatever it is; undefined where there is none. */
  value(path: readonly string[]): unknown {
    let value: unknown = this.#root;
    for (const [depth, key] of path.entries()) {
      if (!isTable(value)) {
        this.wrong(path.slice(0, depth), "table");
        return undefined;
      }
      // A key may be called as what every object has.
      value = Object.hasOwn(value, key) ? value[key] : undefined;
      if (value === undefined) return undefined;
    }
    return value;
  }

  /** The table at a path; an empty one where there is none. */
  table(...path: readonly string[]): Table {
    const value = this.value(path) ?? NOTHING;
    if (isTable(value)) return value;
    this.wrong(path, "table");
    return NOTHING;
  }

  /** The text at a path; undefined where there is none. */
  string(...path: readonly string[]): string | undefined {
    const value = this.value(path);
    if (value === undefined || typeof value === "string") return value;
    this.wrong(path, "text");
    return undefined;
  }

  /** The list at a path, whatever it holds; empty where there is none. */
  list(path: readonly string[], expected: Expected = "list"): readonly unknown[] {
    const value = this.value(path) ?? [];
    if (Array.isArray(value)) return value;
    this.wrong(path, expected);
    return [];
  }

  /** The list of texts at a path; empty where there is none. */
  strings(...path: readonly string[]): readonly string[] {
    return this.list(path).filter((item) => {
      if (typeof item !== "string") this.wrong(path, "texts");
      return typeof item === "string";
    });
  }

  /** The line on which a key, a table's header or a list's item stands, from 1; undefined where there is none. */
  line(path: Path): number | undefined {
    const offset = this.#whole().find(path);
    return offset === undefined
      ? undefined
      : (this.#lines ??= new Lines(this.text)).place(offset).line;
  }

  /** The offset of what a path leads to, else of the nearest key that leads there. */
  offset(path: Path): number {
    return this.#whole().nearest(path);
  }

  #whole(): Places {
    return this.#places ??= new Places(this.text);
  }
}

/** A file of which somebody else tells what is wrong; undefined where it is no TOML. */
export function peekDocument(text: string): Document | undefined {
  try {
    return new Document(text);
  } catch (error) {
    if (error instanceof TomlError) return undefined;
    throw error;
  }
}
