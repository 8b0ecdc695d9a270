/**
 * Many small replacements in one text, made at once.
 *
 * @module
 */

import type { Range } from "../text/line_edges.ts";

/** A stretch of text and what takes its place. */
export interface Splice extends Range {
  readonly text: string;
}

/**
 * Makes all replacements. Of those at one offset the insertions come first, in the order given;
 * deletions may overlap.
 *
 * @returns undefined where a replacement overlaps with another one: the result would be a guess.
 */
export function applySplices(text: string, splices: readonly Splice[]): string | undefined {
  const sorted = [...splices].sort((a, b) => a.start - b.start || a.end - b.end);
  const pieces: string[] = [];
  let at = 0;
  for (const { start, end, text: replacement } of sorted) {
    if (start < at) {
      if (replacement !== "") return undefined;
      at = Math.max(at, end);
      continue;
    }
    pieces.push(text.slice(at, start), replacement);
    at = end;
  }
  pieces.push(text.slice(at));
  return pieces.join("");
}
