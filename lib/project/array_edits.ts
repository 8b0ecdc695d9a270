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
export interface OpenArray {
  /** The strings in it, in order, with undefined for other entries; none where there is no array. */
  readonly entries: readonly (string | undefined)[];
  /** The places of the entries to take out. */
  readonly removed: Set<number>;
  /** Strings to write anew, by place. */
  readonly replaced: Map<number, string>;
  /** Strings to put at its end. */
  readonly appended: string[];
}

/** Edits of arrays of one document, by the arrays' paths. */
export class ArrayEdits {
  readonly #document: TomlDocument;
  readonly #arrays = new Map<string, OpenArray & { readonly path: readonly string[] }>();

  /** Collects edits of a document. */
  constructor(document: TomlDocument) {
    this.#document = document;
  }

  /**
   * An array, to be looked at and edited.
   *
   * @throws {HsmError} `pyproject-invalid` where something else is there.
   */
  open(path: readonly string[]): OpenArray {
    const name = renderKeyPath(path);
    const found = this.#arrays.get(name);
    if (found !== undefined) return found;
    const node = findNode(this.#document, path);
    const data: TomlData = node === undefined ? [] : nodeData(node);
    if (!Array.isArray(data)) {
      throw wrongNode(this.#document, node!, `${name} must be an array`);
    }
    const entries = data.map((entry) => typeof entry === "string" ? entry : undefined);
    const made = { path, entries, removed: new Set<number>(), replaced: new Map(), appended: [] };
    this.#arrays.set(name, made);
    return made;
  }

  /** Hands the edits over. */
  flush(editor: TomlEditor): void {
    for (const edit of this.#arrays.values()) {
      const { path, removed, replaced, appended } = edit;
      if (removed.size + replaced.size + appended.length > 0) editor.editArray(path, edit);
    }
    this.#arrays.clear();
  }
}
