/**
 * Problems as text.
 *
 * @module
 */

import { columns } from "../text/columns.ts";
import type { Problem } from "./problem.ts";

/** A problem as lines: what it is, who is involved, what to do. */
export function renderProblem(problem: Problem): string {
  const word = problem.severity === "error" ? "error" : "unchecked";
  const sides = problem.sides.map(({ component, file, line, requirement = "" }) => [
    `  ${component}`,
    line === undefined ? file : `${file}:${line}`,
    requirement,
  ]);
  return `${word}: ${problem.message}\n${columns(sides)}  fix: ${problem.fix}\n`;
}
