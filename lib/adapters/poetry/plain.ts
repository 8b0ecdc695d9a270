/**
 * What a document that is edited holds, as plain data.
 *
 * @module
 */

import type { TomlData } from "../../toml/data.ts";
import { findNode, nodeData, type TomlDocument } from "../../toml/document.ts";

/** The data at a path; undefined where there is none. */
export function plain(document: TomlDocument, path: readonly string[]): unknown {
  const node = findNode(document, path);
  return node === undefined ? undefined : plainData(nodeData(node));
}

/** Data as plain objects, lists and values. */
export function plainData(data: TomlData): unknown {
  if (Array.isArray(data)) return data.map(plainData);
  if (!(data instanceof Map)) return data;
  return Object.fromEntries([...data].map(([key, it]) => [key, plainData(it)]));
}
