/**
 * Text in columns.
 *
 * @module
 */

import stringWidth from "fast-string-width";
import { oneLine } from "./printable.ts";

/** In less room than this, wrapped text is harder to read than text that the terminal breaks. */
const LEAST_ROOM = 20;

/** What stands before cells that have no room beside the others. */
const BELOW = " ".repeat(8);

/** The same below the first cell of a row whose cells all have lines of their own. */
const INDENT = "  ";

/** What colours a text. */
export type Paint = (text: string) => string;

/** A cell in colour: how wide it is depends on its text alone. */
export interface PaintedCell {
  /** The text. */
  readonly text: string;
  /** What colours it. */
  readonly paint: Paint;
}

/** What stands in a column. */
export type Cell = string | PaintedCell;

/**
 * Rows of cells as lines, each column as wide as its widest cell; every line ends with `\n`, and begins none in a cell.
 *
 * @param table The rows.
 * @param width Where lines are to end, in characters: the last cell of a row goes on below its beginning, or stands below
 * the others where there is too little room beside them.
 */
export function columns(table: readonly (readonly Cell[])[], width = Infinity): string {
  return columnRows(table, width).join("");
}

/** The same, row by row: for what stands between them. */
export function columnRows(
  table: readonly (readonly Cell[])[],
  width = Infinity,
): readonly string[] {
  const rows = table.map((row) => row.map(plainCell));
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach(({ text }, index) => {
      widths[index] = Math.max(widths[index] ?? 0, stringWidth(text));
    });
  }
  const leading = widths.slice(0, -1).reduce(withGap, 0);
  const beside = width - leading;
  const isBelow = beside < LEAST_ROOM && width - BELOW.length >= LEAST_ROOM &&
    (widths.at(-1) ?? 0) > beside;
  // Not even the others have room side by side.
  if (isBelow && leading - 2 > width) return rows.map((row) => foldRow(row, width));
  return rows.map((row) => {
    const last = row.at(-1) ?? plainCell("");
    const before = row.slice(0, -1);
    const lead = before.map(({ text, paint }, index) =>
      paint(text) + " ".repeat(withGap(0, widths[index] ?? 0) - stringWidth(text))
    ).join("");
    if (isBelow) {
      const below = wrap(last.text, width - BELOW.length).filter((it) => it !== "")
        .map((it) => `${BELOW}${last.paint(it)}\n`);
      return `${lead.trimEnd()}\n${below.join("")}`;
    }
    const used = widths.slice(0, before.length).reduce(withGap, 0);
    const lines = wrap(last.text, width - used).map(last.paint);
    return `${(lead + lines.join(`\n${" ".repeat(used)}`)).trimEnd()}\n`;
  });
}

/**
 * Rows under a heading; where the terminal is too narrow for them, every row as lines of its own, behind the names of its
 * columns. What is empty there, or a `-`, is left out.
 *
 * @param heading The names of the columns.
 * @param rows The rows; the first cell says what each is about.
 * @param width Where lines are to end, in characters.
 * @param paint What colours the names.
 */
export function table(
  heading: readonly string[],
  rows: readonly (readonly Cell[])[],
  width = Infinity,
  paint: Paint = asItIs,
): string {
  const titles = heading.map((text) => ({ text, paint }));
  const all = rows.map((row) => row.map(plainCell));
  const leading = heading.slice(0, -1).reduce((sum, text, index) => {
    const cells = all.map((row) => stringWidth(row[index]?.text ?? ""));
    return sum + Math.max(stringWidth(text), ...cells) + 2;
  }, 0);
  const last = Math.max(0, ...all.map((row) => stringWidth(row.at(-1)?.text ?? "")));
  const fits = leading + Math.min(last, LEAST_ROOM) <= width;
  if (fits) return columns([titles, ...all], width);
  const longest = Math.max(...heading.slice(1).map((it) => it.length));
  return all.map(([first = plainCell(""), ...others]) => {
    const facts = others.flatMap((cell, index) => {
      const title = { text: INDENT + (heading[index + 1] ?? "").padEnd(longest), paint };
      return cell.text === "" || cell.text === "-" ? [] : [[title, cell]];
    });
    return `${first.paint(first.text)}\n${columns(facts, width)}`;
  }).join("");
}

/** How far columns reach with one more, and the gap behind it; where all of its cells are empty there is none. */
function withGap(reach: number, width: number): number {
  return width === 0 ? reach : reach + width + 2;
}

/** The cells of a row one behind the other, in as many lines as they take. */
function foldRow(row: readonly PaintedCell[], width: number): string {
  const lines: string[] = [];
  let used = Infinity;
  for (const { text, paint } of row) {
    if (text === "") continue;
    const size = stringWidth(text);
    if (used + 2 + size <= width) {
      lines.push(`${lines.pop()}  ${paint(text)}`);
      used += 2 + size;
      continue;
    }
    const isFirst = lines.length === 0;
    const wrapped = wrap(text, isFirst && size <= width ? width : width - BELOW.length);
    lines.push(...wrapped.map(paint));
    used = stringWidth(wrapped.at(-1) ?? "") + (isFirst && wrapped.length === 1 ? 0 : BELOW.length);
  }
  return `${lines.join(`\n${BELOW}`)}\n`;
}

/** A cell whose text is in one line. */
function plainCell(cell: Cell): PaintedCell {
  const { text, paint } = typeof cell === "string" ? { text: cell, paint: asItIs } : cell;
  return { text: oneLine(text), paint: (it) => it === "" ? it : paint(it) };
}

const asItIs: Paint = (text) => text;

/** A text in lines, broken between words. */
export function wrap(text: string, room: number): readonly string[] {
  if (room < LEAST_ROOM || stringWidth(text) <= room) return [text];
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length === 0 || stringWidth(longer) > room) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}
