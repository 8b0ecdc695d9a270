/**
 * Where in a document things stand and where new ones go.
 *
 * @module
 */

import { findNode, type Node, type Path, type Section, type TomlDocument } from "./document.ts";
import {
  beforeLineEnding,
  isBlank,
  isBlankOrComment,
  lastLineEnd,
  lineEnd,
  lineStart,
  type Range,
} from "../text/line_edges.ts";

/** How a key is written: as one statement, by several dotted ones, or under headers of its own. */
export type Form = "value" | "dotted" | "sections";

/** How a key is written, and the one stretch of text that does it; undefined where it is scattered. */
export function formOf(node: Node): { readonly form: Form; readonly range: Range } | undefined {
  const { statement, via, sections } = node;
  if (statement !== undefined) {
    const [start, end] = statement.value.range;
    return { form: "value", range: { start, end } };
  }
  if (via.length > 0 && sections.length === 0) {
    const [first] = via;
    const isTogether = via.every((item, at) =>
      item.container === first!.container && item.place === first!.place + at
    );
    if (!isTogether) return undefined;
    return { form: "dotted", range: { start: first!.range.start, end: via.at(-1)!.range.end } };
  }
  const [first] = sections;
  if (first === undefined || via.length > 0) return undefined;
  if (!sections.every((section, at) => section.place === first.place + at)) return undefined;
  return { form: "sections", range: { start: first.range.start, end: sections.at(-1)!.range.end } };
}

/** The text of the first keys of a statement, as many as lead to `node`. */
export function keyPrefix(text: string, node: Node): string {
  const statement = node.via.at(-1)!;
  const count = node.path.length - statement.depth;
  return text.slice(statement.key.range[0], statement.key.keys[count - 1]!.range[1]);
}

/** The lines of a section, with the line endings before it and, if there is one, the empty line. */
export function sectionLines(text: string, section: Section): Range {
  let start = beforeLineEnding(text, lineStart(text, section.range.start));
  if (start > 0 && lineStart(text, start) === start) start = beforeLineEnding(text, start);
  return { start, end: lineEnd(text, section.range.end) };
}

/** The lines of a statement in a section, with the line ending before them. */
export function statementLines(text: string, range: Range): Range {
  const start = lineStart(text, range.start);
  const end = lineEnd(text, range.end);
  if (start > 0) return { start: beforeLineEnding(text, start), end };
  const next = text.indexOf("\n", end);
  return { start, end: next < 0 ? end : next + 1 };
}

/**
 * Where a new section goes: before the sections below it, else after the last of those at `near`, else at the end.
 * The offset is the end of a line that is not blank, or 0.
 */
export function newSectionPlace(document: TomlDocument, path: Path, near: Path): number {
  const { text } = document;
  const below = findNode(document, path)?.sections[0];
  if (below !== undefined) {
    const start = lineStart(text, below.range.start);
    const before = beforeLineEnding(text, start);
    const end = lastLineEnd(text, before);
    if (start > 0 && end > 0 && isBlank(text, lineStart(text, before), before)) return end;
  }
  const last = findNode(document, near)?.sections.at(-1) ?? below;
  if (last === undefined) return lastLineEnd(text, text.length);
  return afterComments(text, lineEnd(text, last.range.end));
}

/** The end of the comment lines that follow at once, unless they lead to what comes after them. */
function afterComments(text: string, end: number): number {
  let at = end;
  while (true) {
    const next = text.indexOf("\n", at) + 1;
    if (next === 0) return at;
    const stop = lineEnd(text, next);
    if (isBlank(text, next, stop)) return at;
    if (!isBlankOrComment(text, next, stop)) return end;
    at = stop;
  }
}
