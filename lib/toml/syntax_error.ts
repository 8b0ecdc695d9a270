/**
 * What is wrong in a TOML file, with its place and its line.
 *
 * @module
 */

import { TomlError } from "smol-toml";
import { HsmError, type HsmErrorCode } from "../errors.ts";
import {
  type Conflict,
  describeConflict,
  findConflicts,
  settleHint,
  UNRESOLVED,
} from "../text/conflict.ts";
import { oneLine } from "../text/printable.ts";
import { redact } from "../text/redact.ts";

/** The widest piece of a line that is shown. */
const MAX_WIDTH = 100;

/** Where something is wrong: line and column, both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** The line and column of an offset. */
export function placeOf(text: string, offset: number): Place {
  let line = 1;
  let start = 0;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) {
    line++;
    start = at + 1;
  }
  return { line, column: [...text.slice(start, offset)].length + 1 };
}

/**
 * The error about a place in a pyproject.toml: `path:line:column`, and the line with a mark below it.
 *
 * @param path The file, as messages name it.
 * @param text What it holds, without a byte order mark.
 * @param hint The next thing to do about it.
 */
export function invalidAt(
  path: string,
  text: string,
  place: Place,
  message: string,
  hint?: string,
): HsmError {
  const { line, column } = place;
  const where = `${oneLine(path)}:${line}:${column}`;
  return new HsmError("pyproject-invalid", `Cannot read ${oneLine(path)}: ${message}`, {
    causes: [`${where}: ${message}\n${frame(text, place)}`],
    details: { file: path, line, column, message },
    ...(hint === undefined ? {} : { hint }),
  });
}

/**
 * The error that a merge has left its marks in a file, with the place of each conflict.
 *
 * @param hint The next thing to do about it.
 */
export function conflictError(
  path: string,
  text: string,
  conflicts: readonly Conflict[],
  { code = "pyproject-invalid", hint = settleHint(path) }: {
    readonly code?: HsmErrorCode;
    readonly hint?: string;
  } = {},
): HsmError {
  const places = conflicts.map((lines) => ({ line: lines[0]!, column: 1 }));
  return new HsmError(code, `Cannot read ${oneLine(path)}: ${UNRESOLVED}`, {
    causes: places.map((place, at) =>
      `${oneLine(path)}:${place.line}:1: ${describeConflict(conflicts[at]!)}\n${frame(text, place)}`
    ),
    details: { file: path, ...places[0], message: UNRESOLVED, conflicts },
    hint,
  });
}

/** Turns what a TOML parser threw into the error for the user. */
export function syntaxError(path: string, text: string, error: TomlError): HsmError {
  const conflicts = findConflicts(text);
  if (conflicts.length > 0) return conflictError(path, text, conflicts);
  const [first = ""] = error.message.split("\n");
  const message = first.replace(/^Invalid TOML document: /, "") || "no valid TOML";
  return invalidAt(path, text, { line: error.line, column: error.column }, message);
}

function frame(text: string, { line, column }: Place): string {
  const whole = (text.split("\n", line)[line - 1] ?? "").replace(/\r$/, "");
  const characters = [...whole];
  const from = Math.max(0, column - 1 - MAX_WIDTH / 2);
  const show = (part: readonly string[]) =>
    oneLine(redact(part.join("").replaceAll("\t", " "), { strict: true }));
  const left = (from > 0 ? "…" : "") + show(characters.slice(from, column - 1));
  const right = show(characters.slice(column - 1, from + MAX_WIDTH));
  const more = characters.length > from + MAX_WIDTH ? "…" : "";
  const gutter = " ".repeat(String(line).length);
  return `  ${line} | ${left}${right}${more}`.trimEnd() +
    `\n  ${gutter} | ${" ".repeat([...left].length)}^`;
}
