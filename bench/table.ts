/**
 * Figures as text.
 *
 * @module
 */

import type { Figure } from "./measures.ts";

/** A figure on the terminal. */
export function figureLine(figure: Figure): string {
  const { title, against, note, cpu } = figure;
  const verdict = figure.aim === undefined ? "" : ` (aim ${showAmount(figure, figure.aim)})`;
  const used = cpu === undefined ? "" : `, CPU ${cpu.toFixed(2)}`;
  return `${showValue(figure)}${verdict}${used}  ${plain(title)} / ${plain(against)}; ${
    note ?? ""
  }`;
}

/** The table of the figures, in Markdown. */
export function figureTable(figures: readonly Figure[]): string {
  const rows = figures.map((it) => [
    it.title,
    it.against,
    it.aim === undefined ? "" : `≤ ${showAmount(it, it.aim)}`,
    isMissed(it) ? `**${showValue(it)}** (missed)` : showValue(it),
    it.cpu === undefined ? "" : it.cpu.toFixed(2),
    it.note ?? "",
  ]);
  const header = ["measure", "against", "aim", "result", "CPU", "medians"];
  return [header, header.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`)
    .join("");
}

/** Whether a figure is worse than it is to be. */
export function isMissed({ value, aim }: Figure): boolean {
  return aim !== undefined && value > aim;
}

/** A figure's value with its unit, and the range of single runs. */
export function showValue(figure: Figure): string {
  const { value, spread } = figure;
  const range = spread === undefined ? "" : `, ${spread[0].toFixed(2)}–${spread[1].toFixed(2)}`;
  return `${showAmount(figure, value)}${range}`;
}

/** A value with its unit. */
export function showAmount({ unit = "×" }: Figure, value: number): string {
  if (unit === "×") return `${value.toFixed(2)}`;
  return `${value.toFixed(unit === "MB" ? 0 : 2)} ${unit}`;
}

function plain(text: string): string {
  return text.replaceAll("`", "");
}
