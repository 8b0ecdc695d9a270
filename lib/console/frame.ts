/**
 * The lines that show running work: from facts to text, without a terminal.
 *
 * @module
 */

import stringWidth from "fast-string-width";
import { SPINNER } from "../text/ascii.ts";
import { oneLine, printable } from "../text/printable.ts";
import { redact } from "../text/redact.ts";
import type { Style } from "../text/style.ts";

/** Running work, as it is shown. */
export interface WorkFacts {
  /** What it is. */
  readonly label: string;
  /** What it does at the moment. */
  readonly text: string;
  /** How far it is, 0 to 100. */
  readonly percent: number | undefined;
}

/** The window that lines must fit into. */
export interface WindowSize {
  /** Characters in a line. */
  readonly columns: number;
  /** Lines. */
  readonly rows: number;
}

/**
 * One line for each piece of work, cut to the window; what has no place is counted in the last line.
 *
 * @param tick How many frames came before: it turns the spinner.
 */
export function renderFrame(
  work: readonly WorkFacts[],
  size: WindowSize,
  tick: number,
  style: Style,
): readonly string[] {
  // A line as wide as the window would wrap in some terminals, and the last line is the cursor's.
  const width = Math.max(1, size.columns - 1);
  const places = Math.max(1, size.rows - 1);
  const shown = work.length <= places ? work : work.slice(0, Math.max(1, places - 1));
  // In a narrow window the percentage outlives the end of the name.
  const room = Math.max(1, width - 3 - (work.some((it) => it.percent !== undefined) ? 6 : 0));
  const labels = shown.map((it) => cut(inLine(it.label), room));
  const column = Math.max(0, ...labels.map((label) => stringWidth(label)));
  const spinner = SPINNER[tick % SPINNER.length] ?? "";
  const lines = shown.map((it, index) => {
    const label = labels[index] ?? "";
    const gap = " ".repeat(column - stringWidth(label));
    const percent = it.percent === undefined ? "" : `  ${String(it.percent).padStart(3)}%`;
    const left = width - 3 - column - percent.length - 2;
    const text = left < 4 ? "" : cut(inLine(it.text), left);
    const line = `${label}${gap}${percent}${text && `  ${text}`}`;
    return ` ${style.cyan(spinner)} ${line}`;
  });
  if (shown.length < work.length && places > 1) {
    lines.push(cut(`   and ${work.length - shown.length} more`, width));
  }
  return lines;
}

/** A text that fits into so many columns; `…` stands for what was cut off. */
export function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let kept = "";
  let used = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    used += stringWidth(segment);
    if (used > width - 1) break;
    kept += segment;
  }
  return width < 1 ? "" : `${kept.trimEnd()}…`;
}

/** A text in one line, as `printer` would let it through. */
function inLine(text: string): string {
  return redact(oneLine(printable(text.replace(/\s+/g, " ")))).trim();
}
