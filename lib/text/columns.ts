/**
 * Text in columns.
 *
 * @module
 */

import stringWidth from "fast-string-width";

/** Rows of cells as lines, each column as wide as its widest cell; every line ends with `\n`. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, index) => widths[index] = Math.max(widths[index] ?? 0, stringWidth(cell)));
  }
  return rows.map((row) => {
    const cells = row.map((cell, index) =>
      cell + " ".repeat((widths[index] ?? 0) - stringWidth(cell))
    );
    return `${cells.join("  ").trimEnd()}\n`;
  }).join("");
}
