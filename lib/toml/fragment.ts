/**
 * Pieces of a document that were kept as text, read again.
 *
 * @module
 */

import { HsmError } from "../errors.ts";
import type { TomlData } from "./data.ts";
import { findNode, type Node, nodeData, parseToml } from "./document.ts";
import type { Form } from "./layout.ts";

/** A value with the text it is written as. */
export interface Verbatim {
  readonly form: Form;
  readonly text: string;
}

/** What a piece of text holds. */
export interface Fragment {
  readonly data: TomlData;
  /** How many of the keys that lead to it the text spells out. */
  readonly depth: number;
  /** Whether it can stand where it is to go as it is; else only its data can. */
  readonly isVerbatim: boolean;
}

/**
 * Reads a piece of text that defined `path`.
 *
 * @param isInline Whether it is to go between braces, where commas take the place of line endings.
 * @returns undefined where it is no TOML, or does not define `path`.
 */
export function readFragment(
  { form, text }: Verbatim,
  path: readonly string[],
  isInline: boolean,
): Fragment | undefined {
  if (form === "value") return parseFragment(`value = ${text}`, ["value"], [], true);
  const lines = (isVerbatim: boolean) => parseFragment(text, [], path, isVerbatim);
  if (form === "sections") return lines(true);
  const braces = (isVerbatim: boolean) =>
    parseFragment(`value = {${text}\n}`, ["value"], path, isVerbatim);
  return isInline ? braces(true) ?? lines(false) : lines(true) ?? braces(false);
}

/** The data under the last keys of `path` in a piece of a document, and how many of them it spells out. */
function parseFragment(
  source: string,
  base: readonly string[],
  path: readonly string[],
  isVerbatim: boolean,
): Fragment | undefined {
  let root: Node | undefined;
  try {
    root = findNode(parseToml(source, ""), base);
  } catch (error) {
    if (error instanceof HsmError) return undefined;
    throw error;
  }
  if (path.length === 0) return root && { data: nodeData(root), depth: 0, isVerbatim };
  for (let at = 0; at < path.length; at++) {
    let node = root;
    for (const key of path.slice(at)) node = node?.children.get(key);
    if (node !== undefined) return { data: nodeData(node), depth: path.length - at, isVerbatim };
  }
  return undefined;
}
