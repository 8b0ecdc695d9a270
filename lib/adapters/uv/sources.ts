/**
 * The sources of managed packages, in `[tool.uv.sources]`.
 *
 * @module
 */

import { normalizeName } from "../../names.ts";
import { inputData, sameData } from "../../toml/data.ts";
import { findNode, nodeData, type TomlDocument, wrongNode } from "../../toml/document.ts";
import type { TomlEditor } from "../../toml/edit.ts";
import type { Verbatim } from "../../toml/fragment.ts";
import { renderValue } from "../../toml/render.ts";
import { unsupported } from "../../project/wishes.ts";
import type { Change } from "../../change.ts";
import type { PackageRecord } from "../../project/record.ts";
import { sourceTable, type UvSource } from "./source_table.ts";
import { SOURCES } from "./tables.ts";

/** The sources in a document, by normalized name. */
export class Sources {
  readonly #document: TomlDocument;
  readonly #editor: TomlEditor;
  readonly #keys = new Map<string, string[]>();

  /**
   * Finds the sources of a document.
   *
   * @throws {HsmError} `pyproject-invalid` where something else stands in their place.
   */
  constructor(document: TomlDocument, editor: TomlEditor) {
    this.#document = document;
    this.#editor = editor;
    const node = findNode(document, SOURCES);
    if (node !== undefined && node.kind !== "table") {
      throw wrongNode(document, node, "tool.uv.sources must be a table");
    }
    for (const key of node?.children.keys() ?? []) {
      const name = normalizeName(String(key));
      this.#keys.set(name, [...this.#keys.get(name) ?? [], String(key)]);
    }
  }

  /**
   * Writes the source of a package.
   *
   * @param record What HSM added for it before, undefined where it was not managed; with the source of the user's own that it replaced.
   * @returns The user's own source that was replaced, now or before, and the change, if there is one.
   * @throws {HsmError} `pyproject-unsupported` where the user's own source is scattered or there are two.
   */
  write(
    name: string,
    record: PackageRecord | undefined,
    source: UvSource,
  ): { readonly source: Verbatim | undefined; readonly changes: readonly Change[] } {
    const wanted = sourceTable(source);
    const to = renderValue(wanted);
    const key = this.#keyOf(name);
    const change = { package: name, what: "source", to } as const;
    if (key === undefined) {
      this.#editor.set([...SOURCES, name], wanted);
      // The user took the source out: what it once replaced has gone with it.
      return { source: undefined, changes: [{ ...change, action: "add" }] };
    }
    const path = [...SOURCES, key];
    const present = this.#editor.capture(path);
    const own = record === undefined ? present : record.source;
    if (sameData(nodeData(findNode(this.#document, path)!), inputData(wanted))) {
      return { source: own, changes: [] };
    }
    this.#editor.set(path, wanted);
    return { source: own, changes: [{ ...change, action: "replace", from: present.text }] };
  }

  /** Takes the source of a package out, or puts back the one that it had replaced. */
  takeOut(name: string, record: PackageRecord): Change[] {
    const key = this.#keyOf(name);
    if (key === undefined) return [];
    const path = [...SOURCES, key];
    const from = this.#editor.capture(path).text;
    const change = { package: name, what: "source", from } as const;
    if (record.source === undefined) {
      this.#editor.remove(path);
      return [{ ...change, action: "remove" }];
    }
    if (record.source.text === from) return [];
    this.#editor.restore(path, record.source);
    return [{ ...change, action: "replace", to: record.source.text }];
  }

  #keyOf(name: string): string | undefined {
    const keys = this.#keys.get(normalizeName(name)) ?? [];
    if (keys.length > 1) {
      const list = keys.join(" and ");
      throw unsupported(
        `[tool.uv.sources] has ${list}, which are one package`,
        "delete all of them but one",
      );
    }
    return keys[0];
  }
}
