/**
 * Reading a pyproject.toml as far as it can be read: what is wrong in it is a problem, not an exception.
 *
 * @module
 */

import { TomlError } from "smol-toml";
import { given } from "../given.ts";
import { broken, nameOf, type Problem } from "../reconcile/problem.ts";
import { describeConflict, findConflicts, settleHint } from "../text/conflict.ts";
import type { Path } from "../toml/places.ts";
import { Document, type Expected } from "./document.ts";
import { type MetadataFile, unreadable } from "./metadata_file.ts";

const EXPECTED: Readonly<Record<Expected, string>> = {
  table: "a table",
  text: "a text",
  list: "a list",
  texts: "a list of texts",
  requirements: "a list",
  groups: "a list of requirements and { include-group = … }",
};

type Source = Pick<MetadataFile, "component" | "file">;

/** Reads one file, and notes what is wrong with it and where everything stands. */
export class MetadataReader extends Document {
  /** What is wrong with the file, so far. */
  readonly problems: Problem[] = [];
  /** The lines, by the names in `ComponentMetadata.lines`. */
  readonly lines: Record<string, number> = {};
  /** The file, as messages name it. */
  readonly file: string;
  readonly #source: Source;

  /**
   * @param file The file.
   * @throws {TomlError}
   */
  constructor(file: MetadataFile) {
    super(file.text);
    this.file = file.file;
    this.#source = file;
  }

  /** The text at a path, with its line. */
  override string(...path: readonly string[]): string | undefined {
    if (this.value(path) !== undefined) this.note(path.at(-1)!, path);
    return super.string(...path);
  }

  /** The list of texts at a path, with their lines. */
  override strings(...path: readonly string[]): readonly string[] {
    const list = super.strings(...path);
    const name = path.slice(path[0] === "project" ? 1 : -1).join(".");
    for (const [index] of list.entries()) this.note(`${name}.${index}`, [...path, index]);
    return list;
  }

  /** Gives the line of what is at a path a name. It is looked up when it is asked for. */
  note(name: string, path: Path): void {
    Object.defineProperty(this.lines, name, {
      get: () => this.line(path),
      enumerable: true,
      configurable: true,
    });
  }

  /** Notes what is left out because it cannot be read, though who builds the package may be able to. */
  skip(what: string, reason: string, line: number | undefined): void {
    this.problems.push(unreadable(this.#source, what, reason, line));
  }

  /** Notes that the file is broken. */
  broken(message: string, fix: string, line?: number): void {
    const problem = brokenAt(this.#source, message, fix, line);
    if (this.problems.every((it) => it.message !== problem.message)) this.problems.push(problem);
  }

  /** Notes that a value is something else than it has to be. */
  override wrong(path: readonly string[], expected: Expected): void {
    const what = path.join(".");
    const wanted = EXPECTED[expected];
    this.broken(`${what} must be ${wanted}`, `make ${what} ${wanted}`, this.line(path));
  }
}

/** Reads a pyproject.toml, or says why it is no TOML. */
export function readMetadataFile(
  source: MetadataFile,
):
  | { readonly reader: MetadataReader; readonly problem?: never }
  | { readonly reader?: never; readonly problem: Problem } {
  try {
    return { reader: new MetadataReader(source) };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [conflict] = findConflicts(source.text);
    if (conflict !== undefined) {
      const message = describeConflict(conflict);
      return { problem: brokenAt(source, message, settleHint("it"), conflict[0]) };
    }
    const [first = ""] = error.message.replace(/^Invalid TOML document: /, "").split("\n");
    const { line } = error;
    return { problem: brokenAt(source, `not valid TOML: ${first}`, `correct line ${line}`, line) };
  }
}

/** Some of the lines of one or more files, without looking any of them up. */
export function pickLines(
  ...parts: readonly (readonly [Readonly<Record<string, number>>, (name: string) => boolean])[]
): Record<string, number> {
  const picked = parts.flatMap(([lines, isWanted]) =>
    Object.entries(Object.getOwnPropertyDescriptors(lines)).filter(([name]) => isWanted(name))
  );
  return Object.defineProperties({}, Object.fromEntries(picked));
}

function brokenAt(
  { component, file }: Source,
  message: string,
  fix: string,
  line?: number,
): Problem {
  const side = { component, file, ...given({ line }) };
  return broken(side, `${nameOf(side)}: ${message}`, fix);
}
