/**
 * Where lines begin and end, so that an edit keeps to the lines it is about.
 *
 * @module
 */

/** A stretch of text. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** The offset of the first character of the line that holds `offset`. */
export function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf("\n", offset - 1) + 1;
}

/** The offset at which the line that holds `offset` ends, before its line ending. */
export function lineEnd(text: string, offset: number): number {
  const at = text.indexOf("\n", offset);
  if (at < 0) return text.length;
  return at > offset && text[at - 1] === "\r" ? at - 1 : at;
}

/** The offset before the line ending that ends just before `start`; `start` itself where the text begins there. */
export function beforeLineEnding(text: string, start: number): number {
  if (start === 0 || text[start - 1] !== "\n") return start;
  return start >= 2 && text[start - 2] === "\r" ? start - 2 : start - 1;
}

/** The line ending to use beside the line that ends at `end`: its own, else that of the line before it. */
export function lineEndingAt(text: string, end: number): string {
  const at = text[end] === "\r" || text[end] === "\n" ? end : text.lastIndexOf("\n", end - 1);
  if (at < 0) return "\n";
  return text[at] === "\r" || text[at - 1] === "\r" ? "\r\n" : "\n";
}

/** The spaces and tabs that the line of `offset` begins with. */
export function indentAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset), offset))![0];
}

/** Whether there are only spaces and tabs between two offsets. */
export function isBlank(text: string, start: number, end: number): boolean {
  return /^[ \t]*$/.test(text.slice(start, end));
}

/** Whether there is nothing, or only a comment, between two offsets of one line. */
export function isBlankOrComment(text: string, start: number, end: number): boolean {
  return /^[ \t]*(?:#.*)?$/s.test(text.slice(start, end));
}

/** The end of the last line that is not blank, among those that end at or before `limit`; 0 where there is none. */
export function lastLineEnd(text: string, limit: number): number {
  let end = limit;
  while (end > 0 && /[ \t\r\n]/.test(text[end - 1]!)) end--;
  return end === 0 ? 0 : Math.min(lineEnd(text, end), limit);
}
