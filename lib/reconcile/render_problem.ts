/**
 * Problems as text.
 *
 * @module
 */

import { columns, wrap } from "../text/columns.ts";
import { type Page, PLAIN } from "../text/page.ts";
import { oneLine, printable } from "../text/printable.ts";
import type { Style } from "../text/style.ts";
import { nameOf, type Problem } from "./problem.ts";

/** A problem as lines: what it is, who is involved, what to do. */
export function renderProblem(problem: Problem, { style, width }: Page = PLAIN): string {
  const sides = problem.sides.map((side) => [
    { text: `  ${side.component}`, paint: style.bold },
    { text: nameOf(side), paint: style.dim },
    side.requirement ?? "",
  ]);
  // The package manager's own words are the one message of several lines.
  const message = problem.code === "resolution-failed"
    ? printable(problem.message)
    : fill(`${problem.severity}: ${problem.message}`, width).slice(problem.severity.length + 2);
  const fix = fill(`  fix: ${problem.fix}`, width, "    ").slice("  fix:".length);
  return `${PAINT[problem.severity](style)(`${problem.severity}:`)} ${message}\n` +
    `${columns(sides, width)}  ${style.cyan("fix:")}${fix}\n`;
}

const PAINT = {
  error: (style: Style) => (text: string) => style.red(style.bold(text)),
  warning: (style: Style) => (text: string) => style.yellow(style.bold(text)),
  unchecked: (style: Style) => style.bold,
} as const;

/** A sentence in lines. */
function fill(text: string, width: number, indent = ""): string {
  return wrap(oneLine(text), width - indent.length).join(`\n${indent}`);
}
