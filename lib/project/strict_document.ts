/**
 * Reading a TOML file that has to be right: the first thing that is wrong is thrown, with its place.
 *
 * @module
 */

import { TomlError } from "smol-toml";
import { invalidAt, syntaxError } from "../toml/syntax_error.ts";
import { Document, type Expected } from "./document.ts";

const EXPECTED: Readonly<Record<Expected, string>> = {
  table: "a table",
  text: "a string",
  list: "an array of strings",
  texts: "an array of strings",
  requirements: "an array of requirements",
  groups: "an array of requirements and { include-group = … } tables",
};

/** A file of which every value that is asked for is what it has to be. */
export class StrictDocument extends Document {
  readonly #path: string;

  /**
   * @param text The file's text.
   * @param path The file, as messages name it.
   * @throws {TomlError}
   */
  constructor(text: string, path: string) {
    super(text);
    this.#path = path;
  }

  /** @throws {HsmError} `pyproject-invalid`, with line and column. */
  override wrong(path: readonly string[], expected: Expected): never {
    const message = `${path.join(".")} must be ${EXPECTED[expected]}`;
    throw invalidAt(this.#path, this.text, this.offset(path), message);
  }
}

/**
 * Opens a file.
 *
 * @param path The file, as messages name it.
 * @throws {HsmError} `pyproject-invalid` with line and column where it is no TOML.
 */
export function readStrictly(text: string, path: string): StrictDocument {
  try {
    return new StrictDocument(text, path);
  } catch (error) {
    throw error instanceof TomlError
      ? syntaxError(path, text.replace(/^\uFEFF/, ""), error)
      : error;
  }
}
