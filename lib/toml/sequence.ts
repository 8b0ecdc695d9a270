/**
 * Entries added to and taken from an array or an inline table, in the way its author lays it out.
 *
 * What is appended can be told from the text alone, so that taking it out again gives back the identical bytes.
 *
 * @module
 */

import {
  beforeLineEnding,
  indentAt,
  isBlank,
  isBlankOrComment,
  lineEnd,
  lineEndingAt,
  lineStart,
  type Range,
} from "../text/line_edges.ts";
import type { Splice } from "./splice.ts";

/** An array or an inline table in a text. */
export interface Sequence {
  /** The offset of the opening bracket. */
  readonly open: number;
  /** The offset of the closing bracket. */
  readonly close: number;
  /** Its entries, without their commas. */
  readonly items: readonly Range[];
}

/** What is to become of a sequence. */
export interface ArrayEdit {
  /** The places of the entries to take out. */
  readonly removed: Iterable<number>;
  /** Entries to write anew, by place. */
  readonly replaced: ReadonlyMap<number, string>;
  /** Entries to put at its end. */
  readonly appended: readonly string[];
}

/** The same, looked into. */
export interface SequenceEdit extends ArrayEdit {
  readonly removed: ReadonlySet<number>;
}

/** An edit in which none goes where another comes: the new one takes the old one's place. */
export function settleEdit(edit: ArrayEdit): SequenceEdit {
  const places = [...edit.removed].sort((a, b) => a - b);
  const count = Math.min(places.length, edit.appended.length);
  return {
    removed: new Set(places.slice(count)),
    replaced: new Map([
      ...edit.replaced,
      ...places.slice(0, count).map((place, at) => [place, edit.appended[at]!] as const),
    ]),
    appended: edit.appended.slice(count),
  };
}

/** The replacements that edit one sequence. */
export function editSequence(text: string, sequence: Sequence, edit: SequenceEdit): Splice[] {
  const { removed, replaced, appended } = settleEdit(edit);
  const splices: Splice[] = [];
  for (const [place, entry] of replaced) {
    if (!removed.has(place)) splices.push({ ...sequence.items[place]!, text: entry });
  }
  if (removed.size > 0) splices.push(...takeOut(text, sequence, removed));
  if (appended.length > 0) splices.push(...append(text, sequence, appended));
  return splices;
}

function append(text: string, sequence: Sequence, entries: readonly string[]): Splice[] {
  const last = sequence.items.at(-1);
  if (last === undefined) return fillEmpty(text, sequence, entries);
  const comma = commaAfter(text, sequence, sequence.items.length - 1);
  const end = comma === undefined ? last.end : comma + 1;
  if (!startsLine(text, last)) {
    const added = comma === undefined
      ? entries.map((entry) => `, ${entry}`)
      : entries.map((entry) => ` ${entry},`);
    return [{ start: end, end, text: added.join("") }];
  }
  const stop = lineEnd(text, end);
  const at = isBlankOrComment(text, end, stop) ? stop : end;
  const lead = lineEndingAt(text, stop) + indentAt(text, last.start);
  if (comma !== undefined) {
    return [{ start: at, end: at, text: entries.map((entry) => `${lead}${entry},`).join("") }];
  }
  return [
    { start: end, end, text: "," },
    { start: at, end: at, text: entries.map((entry) => lead + entry).join(",") },
  ];
}

function fillEmpty(text: string, sequence: Sequence, entries: readonly string[]): Splice[] {
  const { open, close } = sequence;
  if (!text.slice(open, close).includes("\n")) {
    const joined = entries.join(", ");
    const padded = text[open] === "{" ? ` ${joined} ` : joined;
    return [{ start: open + 1, end: open + 1, text: padded }];
  }
  const at = beforeLineEnding(text, lineStart(text, close));
  const outer = indentAt(text, close);
  const lead = lineEndingAt(text, at) + outer + (outer.includes("\t") ? "\t" : "    ");
  return [{ start: at, end: at, text: entries.map((entry) => `${lead}${entry},`).join("") }];
}

function takeOut(text: string, sequence: Sequence, removed: ReadonlySet<number>): Splice[] {
  const { items } = sequence;
  const splices: Splice[] = [];
  if (removed.size === items.length && text[sequence.open] === "{") {
    const padding = onlyPadding(text, sequence);
    if (padding !== undefined) return [padding];
  }
  let leading = 0;
  while (removed.has(leading)) leading++;
  for (const place of removed) {
    splices.push({ ...entryRange(text, sequence, place, place <= leading), text: "" });
  }
  // Without a comma at the end, the entry that is last now must not keep the comma after it.
  let kept = items.length;
  while (removed.has(kept - 1)) kept--;
  if (
    kept > 0 && kept < items.length && commaAfter(text, sequence, items.length - 1) === undefined
  ) {
    const comma = commaAfter(text, sequence, kept - 1)!;
    splices.push({ start: comma, end: comma + 1, text: "" });
  }
  return splices;
}

/** An entry with its comma and the space that belongs to it; its whole line where it has one of its own. */
function entryRange(
  text: string,
  sequence: Sequence,
  place: number,
  isFirst: boolean,
): Range {
  const item = sequence.items[place]!;
  const next = sequence.items[place + 1];
  const comma = commaAfter(text, sequence, place);
  const end = comma === undefined ? item.end : comma + 1;
  if (startsLine(text, item)) {
    const stop = lineEnd(text, end);
    if (next !== undefined && next.start < stop) return { start: item.start, end: next.start };
    const before = beforeLineEnding(text, lineStart(text, item.start));
    if (isBlankOrComment(text, end, stop)) return { start: before, end: stop };
    // The bracket follows: it may come to the line before, unless a comment ends that one.
    const from = place === 0 ? sequence.open : sequence.items[place - 1]!.end;
    return { start: text.slice(from, before).includes("#") ? item.start : before, end };
  }
  if (!isFirst) return { start: commaAfter(text, sequence, place - 1)! + 1, end };
  if (next !== undefined) {
    return { start: item.start, end: isBlank(text, end, next.start) ? next.start : end };
  }
  return { start: item.start, end };
}

/** All entries of an inline table on one line, with a space on either side; undefined where it is laid out otherwise. */
function onlyPadding(text: string, { open, close, items }: Sequence): Splice | undefined {
  const start = items[0]!.start;
  const end = items.at(-1)!.end;
  if (text.slice(open, close).includes("\n")) return undefined;
  const isPadded = start === open + 2 && text[end] === " ";
  return isPadded ? { start: start - 1, end: end + 1, text: "" } : undefined;
}

function startsLine(text: string, item: Range): boolean {
  const start = lineStart(text, item.start);
  return start > 0 && isBlank(text, start, item.start);
}

/** The offset of the comma after an entry; undefined where the sequence ends without one. */
function commaAfter(text: string, sequence: Sequence, place: number): number | undefined {
  const stop = sequence.items[place + 1]?.start ?? sequence.close;
  for (let at = sequence.items[place]!.end; at < stop; at++) {
    if (text[at] === ",") return at;
    if (text[at] === "#") at = lineEnd(text, at);
  }
  return undefined;
}
