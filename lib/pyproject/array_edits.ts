/**
 * Edits of the arrays in a pyproject.toml, collected so that each array is edited once.
 *
 * @module
 */

import type { TomlData } from "../toml/data.ts";
import { findNode, nodeData, type TomlDocument, wrongNode } from "../toml/document.ts";
import type { TomlEditor } from "../toml/edit.ts";
import { renderKeyPath } from "../toml/render.ts";

/** An array that is edited. */
interface OpenArray {
  readonly path: readonly string[];
  readonly entries: readonly (string | undefined)[];
  readonly removed: Set<number>;
  readonly replaced: Map<number, string>;
  readonly appended: string[];
}

/** Edits of arrays of one document, by the arrays' paths. */
export class ArrayEdits {
  readonly #document: TomlDocument;
  readonly #arrays = new Map<string, OpenArray>();

  /** Collects edits of a document. */
  constructor(document: TomlDocument) {
    this.#document = document;
  }

  /**
   * The strings in an array, in order, with undefined for other entries; empty where there is no array.
   *
   * @throws {HsmError} `pyproject-invalid` where something else is there.
   */
  entries(path: readonly string[]): readonly (string | undefined)[] {
    return this.#open(path).entries;
  }

  /** Puts an entry at the end. */
  append(path: readonly string[], entry: string): void {
    this.#open(path).appended.push(entry);
  }

  /** Writes an entry anew. */
  replace(path: readonly string[], place: number, entry: string): void {
    this.#open(path).replaced.set(place, entry);
  }

  /** Takes an entry out. */
  remove(path: readonly string[], place: number): void {
    this.#open(path).removed.add(place);
  }

  /** Hands the edits over. */
  flush(editor: TomlEditor): void {
    for (const { path, removed, replaced, appended } of this.#arrays.values()) {
      if (removed.size + replaced.size + appended.length === 0) continue;
      editor.editArray(path, { removed: [...removed], replaced, appended });
    }
    this.#arrays.clear();
  }

  #open(path: readonly string[]): OpenArray {
    const name = renderKeyPath(path);
    const found = this.#arrays.get(name);
    if (found !== undefined) return found;
    const node = findNode(this.#document, path);
    const data: TomlData = node === undefined ? [] : nodeData(node);
    if (!Array.isArray(data)) {
      throw wrongNode(this.#document, node!, `${name} must be an array`);
    }
    const made: OpenArray = {
      path,
      entries: data.map((entry) => typeof entry === "string" ? entry : undefined),
      removed: new Set(),
      replaced: new Map(),
      appended: [],
    };
    this.#arrays.set(name, made);
    return made;
  }
}
