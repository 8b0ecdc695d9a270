/**
 * Findings as text.
 *
 * @module
 */

import { columnRows, wrap } from "../../lib/text/columns.ts";
import type { Page } from "../../lib/text/page.ts";
import type { Finding } from "./model.ts";

/** A line for each finding; what to do about it below. */
export function renderFindings(findings: readonly Finding[], { style, width }: Page): string {
  const paint = {
    ok: style.green,
    note: style.cyan,
    warning: style.yellow,
    error: style.red,
  } as const;
  const rows = columnRows(
    findings.map((it) => [
      { text: it.state, paint: paint[it.state] },
      { text: it.check, paint: style.bold },
      it.message.split("\n")[0] ?? "",
    ]),
    width,
  );
  return findings.map((it, index) => {
    const more = it.message.split("\n").slice(1).map((line) => `    ${line}\n`).join("");
    const [first = "", ...others] = it.fix?.split("\n") ?? [];
    const fix = [`  ${style.cyan("fix:")} ${wrap(first, width - 7).join("\n    ")}`];
    const lines = first === "" ? [] : [...fix, ...others.map((line) => `    ${line}`)];
    return `${rows[index]}${more}${lines.map((line) => `${line}\n`).join("")}`;
  }).join("");
}
