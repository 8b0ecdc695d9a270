/**
 * Text in columns.
 *
 * @module
 */

import stringWidth from "fast-string-width";
import { oneLine } from "./printable.ts";

/** In less room than this, wrapped text is harder to read than text that the terminal breaks. */
const LEAST_ROOM = 20;

/** What stands before a last cell that has no room beside the others. */
const BELOW = " ".repeat(8);

/**
 * Rows of cells as lines, each column as wide as its widest cell; every line ends with `\n`, and begins none in a cell.
 *
 * @param table The rows.
 * @param width Where lines are to end, in characters: the last cell of a row goes on below its beginning, or stands below
 * the others where there is too little room beside them.
 */
export function columns(table: readonly (readonly string[])[], width = Infinity): string {
  const rows = table.map((row) => row.map(oneLine));
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, index) => widths[index] = Math.max(widths[index] ?? 0, stringWidth(cell)));
  }
  const beside = width - widths.slice(0, -1).reduce((sum, it) => sum + it + 2, 0);
  const isBelow = beside < LEAST_ROOM && width - BELOW.length >= LEAST_ROOM &&
    (widths.at(-1) ?? 0) > beside;
  return rows.map((row) => {
    const cells = row.slice(0, -1).map((cell, index) =>
      cell + " ".repeat((widths[index] ?? 0) - stringWidth(cell)) + "  "
    );
    const lead = cells.join("");
    const below = isBelow ? BELOW : " ".repeat(stringWidth(lead));
    const last = wrap(row.at(-1) ?? "", width - below.length).join(`\n${below}`);
    return `${((isBelow ? `${lead.trimEnd()}\n${below}` : lead) + last).trimEnd()}\n`;
  }).join("");
}

/** A text in lines, broken between words. */
function wrap(text: string, room: number): readonly string[] {
  if (room < LEAST_ROOM || stringWidth(text) <= room) return [text];
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length === 0 || stringWidth(longer) > room) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}
