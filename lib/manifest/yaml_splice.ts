/**
 * Small changes to YAML text by the ranges of its tree: one pair in, one pair out, one value replaced. Every other byte stays.
 *
 * The caller reads the result again and compares it with what was wanted: what these functions cannot know, that check catches.
 *
 * @module
 */

import { isAlias, isMap, isScalar, isSeq, Lexer, Scalar } from "yaml";
import type { Node as YamlNode, Pair as YamlPair, YAMLMap } from "yaml";
import { lineStart } from "../text/line_edges.ts";
import type { Quote } from "./render.ts";

/** A map of the tree. */
export type Mapping = YAMLMap<YamlNode, YamlNode | null>;
/** A key and its value in the tree. */
export type Member = YamlPair<YamlNode, YamlNode | null>;

/** An edit that cannot be made without touching something else. The message says why. */
export class Refusal extends Error {}

/** Whether the map is written with braces. */
export function isFlow(map: Mapping): boolean {
  return map.flow === true;
}

/** The key's text. */
export function keyOf(member: Member): string | undefined {
  return isScalar(member.key) ? String(member.key.source ?? member.key.value) : undefined;
}

/** The member of a map whose key is accepted. */
export function findMember(
  map: Mapping,
  accept: (key: string) => boolean,
): Member | undefined {
  return map.items.find((member) => {
    const key = keyOf(member);
    return key !== undefined && accept(key);
  });
}

/** Whether nothing at all is written for the value. */
export function isBlank(node: YamlNode | null): boolean {
  return node === null ||
    (isScalar(node) && node.value === null && node.source === "" && node.anchor === undefined &&
      node.tag === undefined);
}

/** How the scalar is quoted. */
export function quoteOf(node: YamlNode | null): Quote {
  if (!isScalar(node)) return "plain";
  if (node.type === Scalar.QUOTE_SINGLE) return "single";
  return node.type === Scalar.QUOTE_DOUBLE ? "double" : "plain";
}

/** Refuses values that stand for something elsewhere, or that are no line of their own. */
export function requireSimple(node: YamlNode | null): void {
  if (node === null) return;
  if (isAlias(node)) throw new Refusal("an alias stands there");
  if ("anchor" in node && node.anchor !== undefined) throw new Refusal("an anchor stands there");
  if (node.tag !== undefined) throw new Refusal("a tag stands there");
  if (isScalar(node) && (node.type === Scalar.BLOCK_FOLDED || node.type === Scalar.BLOCK_LITERAL)) {
    throw new Refusal("a block scalar stands there");
  }
  if (isMap(node)) {
    for (const member of (node as Mapping).items) {
      requireSimple(member.key);
      requireSimple(member.value);
    }
  }
  if (isSeq(node)) node.items.forEach((item) => requireSimple(item as YamlNode));
}

function rangeOf(node: YamlNode): readonly [number, number] {
  const range = node.range;
  if (!range) throw new Refusal("its place cannot be told");
  return [range[0], range[1]];
}

/** The offset behind the colon; undefined where a flow map has a key alone. */
function afterColon(text: string, member: Member): number | undefined {
  const end = rangeOf(member.key)[1];
  const gap = /^[ \t]*:/.exec(text.slice(end, end + 1100))?.[0];
  return gap === undefined ? undefined : end + gap.length;
}

/** The offset behind the last character of the member's key or value. */
function memberEnd(text: string, member: Member): number {
  if (isBlank(member.value)) return afterColon(text, member) ?? rangeOf(member.key)[1];
  return nodeEnd(text, member.value!);
}

function nodeEnd(text: string, node: YamlNode): number {
  if (isMap(node) && !isFlow(node as Mapping)) {
    const last = (node as Mapping).items.at(-1);
    if (last !== undefined) return memberEnd(text, last);
  }
  if (isSeq(node) && node.flow !== true) {
    const last = node.items.at(-1) as YamlNode | undefined;
    if (last !== undefined && !isBlank(last)) return nodeEnd(text, last);
  }
  return rangeOf(node)[1];
}

/** The beginning of the next line. */
function nextLine(text: string, offset: number): number {
  if (offset > 0 && text[offset - 1] === "\n") return offset;
  const end = text.indexOf("\n", offset);
  return end < 0 ? text.length : end + 1;
}

/** How far the key is indented; the line must begin with it. */
export function indentOf(text: string, member: Member): number {
  const start = rangeOf(member.key)[0];
  const indent = start - lineStart(text, start);
  if (text.slice(start - indent, start).trim() !== "") {
    throw new Refusal("its key does not begin the line");
  }
  return indent;
}

/** Puts lines at the beginning of a line, or behind a last line that has no end. */
export function insertLines(text: string, at: number, lines: readonly string[]): string {
  const before = text.slice(0, at);
  const first = text.indexOf("\n");
  const neighbour = before.endsWith("\n") ? at - 1 : first;
  const newline = neighbour > 0 && text[neighbour - 1] === "\r" ? "\r\n" : "\n";
  if (before !== "" && !before.endsWith("\n")) return before + newline + lines.join(newline);
  return before + lines.map((line) => line + newline).join("") + text.slice(at);
}

/** Puts lines below those of a member. */
export function insertBelow(text: string, member: Member, lines: readonly string[]): string {
  return insertLines(text, nextLine(text, memberEnd(text, member)), lines);
}

/** Puts `key: value` behind the last member of a flow map. */
export function insertIntoFlow(text: string, map: Mapping, member: string): string {
  const last = map.items.at(-1);
  if (last !== undefined) {
    const at = memberEnd(text, last);
    return `${text.slice(0, at)}, ${member}${text.slice(at)}`;
  }
  const [start, end] = rangeOf(map);
  const inside = text.slice(start + 1, end - 1);
  if (inside.trim() !== "") throw new Refusal("a comment stands there");
  const after = inside === " " ? " " : "";
  return `${text.slice(0, start + 1)}${inside}${member}${after}${text.slice(end - 1)}`;
}

/** Writes a value in place of a member's own; undefined: none. */
export function replaceValue(text: string, member: Member, value: string | undefined): string {
  requireSimple(member.value);
  const node = isBlank(member.value) ? null : member.value;
  const isBlock = (isMap(node) || isSeq(node)) && node.flow !== true;
  if (value !== undefined && node !== null && !isBlock) {
    const [start, end] = rangeOf(node);
    return text.slice(0, start) + value + text.slice(end);
  }
  const colon = afterColon(text, member);
  const at = colon ?? rangeOf(member.key)[1];
  const end = node === null ? at : nodeEnd(text, node);
  refuseComments(text.slice(at, end), node);
  const written = value === undefined ? "" : `${colon === undefined ? ":" : ""} ${value}`;
  return text.slice(0, at) + written + text.slice(end);
}

/** Refuses to throw away a comment that is not on the line of what goes. */
function refuseComments(removed: string, node: YamlNode | null): void {
  if (isScalar(node)) return;
  // A `#` inside quotes begins no comment; the lexer knows.
  for (const token of new Lexer().lex(removed)) {
    if (token.startsWith("#")) throw new Refusal("a comment stands there");
  }
}

/** Writes another key. */
export function replaceKey(text: string, member: Member, key: string): string {
  requireSimple(member.key);
  const [start, end] = rangeOf(member.key);
  return text.slice(0, start) + key + text.slice(end);
}

/** What the file says for a node. */
export function sourceOf(text: string, node: YamlNode): string {
  return text.slice(...rangeOf(node));
}

/** Takes a member out of its map, with its lines in a block map. */
export function removeMember(text: string, map: Mapping, member: Member): string {
  requireSimple(member.key);
  requireSimple(member.value);
  if (isFlow(map)) return removeFromFlow(text, map, member);
  const [start, end] = linesOf(text, member);
  return text.slice(0, start) + text.slice(end);
}

/** Whether a line of the member holds nothing but a comment. */
export function hasOwnComments(text: string, member: Member): boolean {
  const [start, end] = linesOf(text, member);
  return /^[ \t]*#/m.test(text.slice(start, end));
}

function linesOf(text: string, member: Member): readonly [number, number] {
  const key = rangeOf(member.key)[0];
  const start = key - indentOf(text, member);
  const end = nextLine(text, memberEnd(text, member));
  if (end < text.length || text.endsWith("\n")) return [start, end];
  // The last line has no end: the one before it loses its own.
  return [Math.max(0, start - (text.slice(0, start).endsWith("\r\n") ? 2 : 1)), end];
}

function removeFromFlow(text: string, map: Mapping, member: Member): string {
  const index = map.items.indexOf(member);
  const previous = map.items[index - 1];
  const next = map.items[index + 1];
  const key = rangeOf(member.key)[0];
  const end = memberEnd(text, member);
  if (previous !== undefined) {
    const start = memberEnd(text, previous);
    if (text.slice(start, key).includes("#")) throw new Refusal("a comment stands there");
    return text.slice(0, start) + text.slice(end);
  }
  if (next !== undefined) {
    const start = rangeOf(next.key)[0];
    if (text.slice(end, start).includes("#")) throw new Refusal("a comment stands there");
    return text.slice(0, key) + text.slice(start);
  }
  const [open, close] = rangeOf(map);
  const before = text.slice(open + 1, key);
  const after = text.slice(end, close - 1).replace(/^\s*,/, "");
  if ((before + after).trim() !== "") throw new Refusal("a comment stands there");
  const inside = before === after ? before : before + after;
  return text.slice(0, open + 1) + inside + text.slice(close - 1);
}
