/**
 * Figures as a picture: a small bar chart, in SVG.
 *
 * @module
 */

import type { Figure } from "./measures.ts";
import { isMissed, showAmount } from "./table.ts";

const ROW = 26;
const LABELS = 500;
const BARS = 380;
const AIM = 160;

/** The bars of all figures that have an aim, each against its own, which is the same line for all. */
export function aimChart(figures: readonly Figure[]): string {
  const rows = figures.filter((it) => it.aim !== undefined);
  const width = LABELS + BARS + 20;
  const height = rows.length * ROW + 60;
  const line = LABELS + AIM;
  const bars = rows.map((it, at) => {
    const y = 40 + at * ROW;
    const long = Math.max(2, it.value / it.aim! * AIM);
    const isCut = long > BARS - 70;
    const length = isCut ? BARS - 70 : long;
    const name = escapeText(it.title.replaceAll("`", ""));
    return `  <text x="${LABELS - 8}" y="${y + 14}" text-anchor="end">${name}</text>
  <rect class="${isMissed(it) ? "missed" : "met"}" x="${LABELS}" y="${y + 3}" width="${
      length.toFixed(1)
    }" height="${ROW - 10}" rx="2"/>
  <text x="${(LABELS + length + 6).toFixed(1)}" y="${y + 14}">${isCut ? "… " : ""}${
      escapeText(showAmount(it, it.value))
    }</text>
`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title">
  <title id="title">What HSM costs, each measure against its aim: shorter is better</title>
  <style>
    text { font: 12px system-ui, sans-serif; fill: #57606a }
    .met { fill: #2da44e } .missed { fill: #bf8700 }
    line { stroke: #57606a; stroke-dasharray: 3 3 }
    @media (prefers-color-scheme: dark) { text { fill: #9da7b3 } line { stroke: #9da7b3 } }
  </style>
  <text x="${line}" y="22" text-anchor="middle">the aim</text>
  <line x1="${line}" y1="28" x2="${line}" y2="${height - 16}"/>
${bars.join("")}</svg>
`;
}

function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
