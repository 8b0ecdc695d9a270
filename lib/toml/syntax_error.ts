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
import { Lines } from "../text/lines.ts";
import { oneLine } from "../text/printable.ts";

/**
 * The error about a place in a pyproject.toml: `path:line:column`, and the line with a mark below it.
 *
 * @param path The file, as messages name it.
 * @param text What it holds, without a byte order mark.
 * @param offset Where in it.
 * @param hint The next thing to do about it.
 */
export function invalidAt(
  path: string,
  text: string,
  offset: number,
  message: string,
  hint?: string,
): HsmError {
  const lines = new Lines(text);
  const { line, column } = lines.place(offset);
  const where = `${oneLine(path)}:${line}:${column}`;
  return new HsmError("pyproject-invalid", `Cannot read ${oneLine(path)}: ${message}`, {
    causes: [`${where}: ${message}\n${lines.frame({ start: offset, end: offset })}`],
    details: { file: path, line, column, message },
    hint,
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
  const lines = new Lines(text);
  return new HsmError(code, `Cannot read ${oneLine(path)}: ${UNRESOLVED}`, {
    causes: conflicts.map((conflict) => {
      const [line = 1] = conflict;
      const start = lines.start(line);
      const where = `${oneLine(path)}:${line}:1`;
      return `${where}: ${describeConflict(conflict)}\n${lines.frame({ start, end: start })}`;
    }),
    details: { file: path, line: conflicts[0]?.[0], column: 1, message: UNRESOLVED, conflicts },
    hint,
  });
}

/** Turns what a TOML parser threw into the error for the user. */
export function syntaxError(path: string, text: string, error: TomlError): HsmError {
  const conflicts = findConflicts(text);
  if (conflicts.length > 0) return conflictError(path, text, conflicts);
  const [first = ""] = error.message.split("\n");
  const message = first.replace(/^Invalid TOML document: /, "") || "no valid TOML";
  const offset = new Lines(text).start(error.line) + error.column - 1;
  return invalidAt(path, text, offset, message);
}
