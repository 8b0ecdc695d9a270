/**
 * Values on their way into a document: how they are written depends on where they go.
 *
 * @module
 */

import { type TomlData, type TomlInput } from "./data.ts";
import { renderKey, renderValue } from "./render.ts";

/** How lines are laid out where something is written. */
export interface Layout {
  readonly eol: string;
  readonly indent: string;
}

/** A value to be written. */
export interface Leaf {
  readonly data: TomlData;
  /** Without a layout: on one line. */
  readonly render: (layout?: Layout) => string;
}

/** Keys to be added to an inline table, with tables that are still to be made. */
export type Pending = Map<string, Pending | Leaf>;

/** One line of a section that is written as a whole. */
export interface SectionEntry {
  /** The key, dotted where there are several. */
  readonly keys: readonly string[];
  readonly value: TomlInput;
  /** Whether a list has a line for each entry. */
  readonly multiline?: boolean;
}

/** A list with a line for each entry, where there is room for lines. */
export function listLeaf(items: readonly string[]): Leaf {
  return {
    data: [...items],
    render: (layout) => layout === undefined ? renderValue(items) : renderList(items, layout),
  };
}

/** Writes a list with a line for each entry. */
export function renderList(items: readonly TomlInput[], { eol, indent }: Layout): string {
  const lines = items.map((item) => `${eol}${indent}    ${renderValue(item)},`);
  return `[${lines.join("")}${eol}${indent}]`;
}

/** Writes a key with all that is to be made below it. */
export function renderPending(key: string, item: Pending | Leaf): string {
  if (!(item instanceof Map)) return `${renderKey(key)} = ${item.render()}`;
  const inner = [...item].map(([name, value]) => renderPending(name, value));
  return `${renderKey(key)} = { ${inner.join(", ")} }`;
}
