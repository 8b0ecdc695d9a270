/**
 * Problems as text.
 *
 * @module
 */

import { columns } from "../text/columns.ts";
import { oneLine, printable } from "../text/printable.ts";
import type { Problem } from "./problem.ts";

/** A problem as lines: what it is, who is involved, what to do. */
export function renderProblem(problem: Problem): string {
  const sides = problem.sides.map(({ component, file, line, requirement = "" }) => [
    `  ${component}`,
    line === undefined ? file : `${file}:${line}`,
    requirement,
  ]);
  // The package manager's own words are the one message of several lines.
  const message = (problem.code === "resolution-failed" ? printable : oneLine)(problem.message);
  return `${problem.severity}: ${message}\n${columns(sides)}  fix: ${oneLine(problem.fix)}\n`;
}
