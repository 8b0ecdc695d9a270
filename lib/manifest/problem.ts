/**
 * Problems in a manifest, rendered with the line they are about.
 *
 * @module
 */

import { HsmError } from "../errors.ts";
import type { Span } from "./read_yaml.ts";
import { oneLine } from "../text/printable.ts";
import { findSecrets, redact } from "../text/redact.ts";

/** One of the files that a manifest is made of. */
export interface ManifestFile {
  /** The name for messages, such as `hsm.yaml`. */
  readonly path: string;
  /** What the file holds; empty where there is no file. */
  readonly text: string;
}

/** A problem, before its line is looked up. */
export interface Finding {
  readonly span: Span;
  readonly message: string;
  /** Keys and list positions that lead to the value. */
  readonly path: readonly (string | number)[];
  readonly expected?: string;
  readonly suggestion?: string;
  readonly hint?: string;
}

/** A problem as `details.problems` holds it, safe for JSON. */
export interface ManifestProblem {
  /** The file, as the caller named it. */
  readonly file: string;
  /** The line, from 1. */
  readonly line: number;
  /** The column, from 1, in characters. */
  readonly column: number;
  /** Keys and list positions that lead to the value. */
  readonly path: readonly (string | number)[];
  /** What is wrong. */
  readonly message: string;
  /** What would have been right. */
  readonly expected?: string;
  /** The key, value or name that was probably meant. */
  readonly suggestion?: string;
}

/** What is wrong with one file. */
export interface FileFindings {
  readonly file: ManifestFile;
  readonly findings: readonly Finding[];
  /** Where credentials stand: never shown. */
  readonly secrets: readonly Span[];
}

/** More than that helps nobody, and a hostile file could have millions. */
const MAX_SHOWN = 100;
/** The widest piece of a line that is shown. */
const MAX_WIDTH = 100;

/** The error that tells all findings, in the order of the files. */
export function manifestError(action: "read" | "edit", files: readonly FileFindings[]): HsmError {
  const wrong = files.filter(({ findings }) => findings.length > 0);
  const total = wrong.reduce((sum, { findings }) => sum + findings.length, 0);
  const problems: ManifestProblem[] = [];
  const causes: string[] = [];
  let hint: string | undefined;
  for (const { file, findings, secrets } of wrong) {
    const sorted = [...findings].sort((a, b) => a.span.start - b.span.start);
    const lines = new Lines(file.text);
    for (const finding of sorted.slice(0, MAX_SHOWN - problems.length)) {
      const { line, column } = lines.position(finding.span.start);
      const { message, expected, suggestion } = finding;
      problems.push({
        file: file.path,
        line,
        column,
        path: finding.path.map((part) =>
          typeof part === "string" ? redact(part, { strict: true }) : part
        ),
        message,
        ...(expected === undefined ? {} : { expected }),
        ...(suggestion === undefined ? {} : { suggestion }),
      });
      const where = `${oneLine(file.path)}:${line}:${column}`;
      causes.push(`${where}: ${message}\n${lines.frame(finding.span, secrets)}`);
      hint ??= finding.hint;
    }
  }
  if (total > causes.length) causes.push(`and ${total - causes.length} more`);
  const names = wrong.map(({ file }) => oneLine(file.path)).join(" and ");
  return new HsmError(
    "manifest-invalid",
    `Cannot ${action} ${names}: ${total} ${total === 1 ? "problem" : "problems"}`,
    { causes, details: { problems }, ...(hint === undefined ? {} : { hint }) },
  );
}

/** The lines of a text, found once. */
class Lines {
  readonly #text: string;
  readonly #starts: number[] = [0];

  constructor(text: string) {
    this.#text = text;
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
      this.#starts.push(at + 1);
    }
  }

  /** The line and the column of an offset, both from 1. */
  position(offset: number): { readonly line: number; readonly column: number } {
    const line = this.#lineOf(offset);
    const start = this.#starts[line - 1]!;
    const from = start === 0 && this.#text.startsWith("\uFEFF") ? 1 : start;
    return { line, column: [...this.#text.slice(from, Math.max(from, offset))].length + 1 };
  }

  /** The line that the span begins on, with marks below it. */
  frame(span: Span, secrets: readonly Span[]): string {
    const line = this.#lineOf(span.start);
    const start = this.#starts[line - 1]!;
    const next = this.#starts[line];
    let end = next === undefined ? this.#text.length : next - 1;
    if (this.#text[end - 1] === "\r" && end > start) end--;
    const from = Math.max(start, Math.min(span.start, end) - 2000);
    const cells = this.#cells(from, Math.min(end, span.start + 2000), secrets);
    const before = cells.slice(0, Math.max(0, span.start - from));
    const marked = cells.slice(before.length, Math.max(before.length + 1, span.end - from));
    const left = before.join("");
    const cut = left.length > MAX_WIDTH / 2 ? `…${left.slice(-MAX_WIDTH / 2)}` : left;
    const room = MAX_WIDTH - cut.length;
    const rest = cells.slice(before.length).join("");
    const shown = rest.length > room ? `${rest.slice(0, room)}…` : rest;
    const marks = "^".repeat(Math.max(1, Math.min(marked.join("").trimEnd().length, room)));
    const gutter = " ".repeat(String(line).length);
    const first = `  ${line} | ${cut}${shown}`.trimEnd();
    return `${first}\n  ${gutter} | ${" ".repeat(cut.length)}${marks}`;
  }

  /** What to show for each character from one offset to the other; a secret is three stars at its first one. */
  #cells(from: number, to: number, secrets: readonly Span[]): string[] {
    const raw = this.#text.slice(from, to);
    const hidden = secrets.filter(({ start, end }) => start < to && end > from)
      .map(({ start, end }) => ({ start: start - from, end: end - from }));
    hidden.push(...findSecrets(raw, { strict: true }));
    const cells: string[] = [];
    for (let at = 0; at < raw.length; at++) {
      const secret = hidden.find(({ start, end }) => start <= at && at < end);
      if (secret !== undefined) {
        cells.push(at === Math.max(0, secret.start) ? "***" : "");
      } else if (raw[at] === "\t") {
        cells.push(" ");
      } else if (raw.charCodeAt(at) >= 0xd800 && raw.charCodeAt(at) <= 0xdfff) {
        cells.push(raw[at]!);
      } else {
        cells.push(oneLine(raw[at]!));
      }
    }
    return cells;
  }

  #lineOf(offset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }
}
