/**
 * The lines of a file, to show where in it something is wrong.
 *
 * @module
 */

import { oneLine } from "./printable.ts";
import { findSecrets, type Span } from "./redact.ts";

/** The widest piece of a line that is shown. */
const MAX_WIDTH = 100;

/** As much of a line as can matter for what is shown of it. */
const MAX_LOOKED_AT = 2000;

/** The lines of a text, found once. */
export class Lines {
  readonly #text: string;
  readonly #starts: number[] = [0];

  /** @param text The text; a byte order mark may be in it. */
  constructor(text: string) {
    this.#text = text;
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
      this.#starts.push(at + 1);
    }
  }

  /** Where the character at an offset is: line and column, both from 1, the column in characters. */
  place(offset: number): { readonly line: number; readonly column: number } {
    const line = this.#lineOf(offset);
    const start = this.#starts[line - 1]!;
    const from = start === 0 && this.#text.startsWith("\uFEFF") ? 1 : start;
    return { line, column: [...this.#text.slice(from, Math.max(from, offset))].length + 1 };
  }

  /** The offset at which a line begins. */
  start(line: number): number {
    return this.#starts[line - 1] ?? this.#text.length;
  }

  /**
   * The line that a span begins on, with marks below it.
   *
   * @param secrets What must not be shown beside what looks like a secret.
   */
  frame(span: Span, secrets: readonly Span[] = []): string {
    const line = this.#lineOf(span.start);
    const start = this.#starts[line - 1]!;
    const next = this.#starts[line];
    let end = next === undefined ? this.#text.length : next - 1;
    if (this.#text[end - 1] === "\r" && end > start) end--;
    const from = Math.max(start, Math.min(span.start, end) - MAX_LOOKED_AT);
    const cells = this.#cells(from, Math.min(end, span.start + MAX_LOOKED_AT), secrets);
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
    const hidden = [
      ...secrets.filter(({ start, end }) => start < to && end > from)
        .map(({ start, end }) => ({ start: start - from, end: end - from })),
      ...findSecrets(raw, { strict: true }),
    ];
    return raw.split("").map((char, at) => {
      const secret = hidden.find(({ start, end }) => start <= at && at < end);
      if (secret !== undefined) return at === Math.max(0, secret.start) ? "***" : "";
      // Half of a character is shown with its other half.
      if (/[\ud800-\udfff]/.test(char)) return char;
      return char === "\t" ? " " : oneLine(char);
    });
  }

  #lineOf(offset: number): number {
    return this.#starts.findLastIndex((start) => start <= offset) + 1;
  }
}
