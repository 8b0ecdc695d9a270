/**
 * What stands in Poetry's own tables of dependencies, beside HSM's group.
 *
 * @module
 */

import type { Change } from "../../change.ts";
import { normalizeName } from "../../names.ts";
import type { PackageRecord } from "../../project/record.ts";
import { requirementText, unsupported, type Wish } from "../../project/wishes.ts";
import { inputData, sameData, type TomlData, type TomlInput } from "../../toml/data.ts";
import { findNode, nodeData, type TomlDocument, wrongNode } from "../../toml/document.ts";
import type { TomlEditor } from "../../toml/edit.ts";
import { renderKeyPath, renderValue } from "../../toml/render.ts";
import { plain, plainData } from "./plain.ts";
import { dependencyTables, hasSource, MAIN, tableOfGroup, withoutSource } from "./tables.ts";

/** A dependency in one of the tables. */
interface Entry {
  readonly path: readonly string[];
  readonly data: TomlData;
}

/** The dependencies in Poetry's tables, by the package they are on. */
export class Dependencies {
  readonly #document: TomlDocument;
  readonly #editor: TomlEditor;
  readonly #byName = new Map<string, Entry[]>();

  /**
   * Finds all of them.
   *
   * @throws {HsmError} `pyproject-invalid` where something else stands in a table's place.
   */
  constructor(document: TomlDocument, editor: TomlEditor) {
    this.#document = document;
    this.#editor = editor;
    for (const path of dependencyTables((it) => plain(document, it))) {
      const node = findNode(document, path)!;
      if (node.kind !== "table") {
        throw wrongNode(document, node, `${renderKeyPath(path)} must be a table`);
      }
      for (const key of node.children.keys()) {
        const name = normalizeName(String(key));
        const at = [...path, String(key)];
        const list = this.#byName.get(name) ?? [];
        this.#byName.set(name, list);
        list.push({ path: at, data: nodeData(findNode(document, at)!) });
      }
    }
  }

  /** Whether Poetry looks for the package's own dependencies in its table, and not in `[project]`. */
  get isMain(): boolean {
    if (plain(this.#document, ["project"]) === undefined) return true;
    const [dependencies, extras, dynamic] = ["dependencies", "optional-dependencies", "dynamic"]
      .map((key) => plain(this.#document, ["project", key]));
    if (Array.isArray(dynamic) && dynamic.includes("dependencies")) return true;
    if (hasEntries(dependencies) || hasEntries(extras)) return false;
    const own = Object.keys(plain(this.#document, MAIN) ?? {});
    return own.some((it) => it.toLowerCase() !== "python");
  }

  /** Whether a requirement that is wanted belongs into one of the tables. */
  takes({ group }: Pick<Wish, "group">): boolean {
    if (group === undefined) return this.isMain;
    const groups = Object.keys(plain(this.#document, ["dependency-groups"]) ?? {});
    return !groups.map(normalizeName).includes(normalizeName(group));
  }

  /** The extras that the user asks for in the tables. */
  extrasOf(key: string, record: PackageRecord = {}): readonly string[] {
    const own = this.#ownOf(key, record);
    return this.#entriesOf(key).filter((it) => it !== own).flatMap(({ data }) =>
      [data].flat().flatMap((it) => {
        const extras = it instanceof Map ? it.get("extras") : undefined;
        return Array.isArray(extras) ? extras.filter((it) => typeof it === "string") : [];
      })
    );
  }

  /**
   * Brings the requirement on a package in these tables to what is wanted there, as far as it is HSM's own.
   *
   * @param record What HSM added for the package; brought up to date where its requirement stands here.
   * @param wanted undefined: none is wanted here.
   * @returns The changes, and whether the package is required here now.
   */
  update(
    key: string,
    record: PackageRecord,
    wanted: Wish | undefined,
  ): { readonly changes: readonly Change[]; readonly isRequired: boolean } {
    const own = this.#ownOf(key, record);
    const isUsers = this.#entriesOf(key).some((it) =>
      it !== own && (this.isMain || renderKeyPath(it.path.slice(0, -1)) !== renderKeyPath(MAIN))
    );
    const name = wanted?.name ?? key;
    const to = wanted?.require && !isUsers ? requirementText(wanted) : undefined;
    const path = to === undefined ? undefined : [...tableOfGroup(wanted!.group), name];
    const from = own === undefined ? undefined : record.requirement!;
    const isInPlace = own !== undefined && path !== undefined &&
      renderKeyPath(own.path.slice(0, -1)) === renderKeyPath(path.slice(0, -1));
    if (own !== undefined) {
      delete record.requirement;
      delete record.group;
      if (!isInPlace) this.#editor.remove(own.path);
    }
    const change = { package: name, what: "requirement" } as const;
    if (path === undefined || to === undefined) {
      const changes = from === undefined ? [] : [{ ...change, action: "remove", from } as const];
      return { changes, isRequired: isUsers };
    }
    record.requirement = to;
    if (wanted!.group !== undefined) record.group = wanted!.group;
    if (isInPlace && from === to) return { changes: [], isRequired: true };
    this.#editor.set(isInPlace ? own.path : path, valueOf(to));
    const changes = from === undefined
      ? [{ ...change, action: "add", to } as const]
      : [{ ...change, action: "replace", from, to } as const];
    return { changes, isRequired: true };
  }

  /** Whether HSM's own requirement on a package stands here. */
  holds(key: string, record: PackageRecord): boolean {
    return this.#ownOf(key, record) !== undefined;
  }

  /**
   * Takes the user's own source of a package out of his own entry, which stays.
   *
   * @throws {HsmError} `pyproject-unsupported` where there are several
   */
  setAside(key: string, name: string, record: PackageRecord): readonly Change[] {
    const entries = this.#entriesOf(key);
    const own = entries.filter(({ data }) => [data].flat().some((it) => hasSource(plainData(it))));
    const [first] = own;
    if (first === undefined) return [];
    if (own.length > 1 || !(first.data instanceof Map)) {
      throw unsupported(
        `${name} has several sources in ${own.map((it) => renderKeyPath(it.path)).join(" and ")}`,
        "leave one of them, without the others",
      );
    }
    const verbatim = this.#editor.capture(first.path);
    const rest = withoutSource(plainData(first.data) as Record<string, unknown>) as TomlInput;
    this.#editor.set(first.path, rest);
    record.source = verbatim;
    const to = renderValue(rest);
    return [{ package: name, what: "requirement", action: "replace", from: verbatim.text, to }];
  }

  /** Puts the user's own source of a package back. */
  putBack(key: string, name: string, { source }: PackageRecord): readonly Change[] {
    if (source === undefined) return [];
    const entry = this.#entriesOf(key).find(({ data }) =>
      data instanceof Map && !hasSource(plainData(data))
    );
    if (entry === undefined) return [];
    const from = this.#editor.capture(entry.path).text;
    this.#editor.restore(entry.path, source);
    return [{ package: name, what: "requirement", action: "replace", from, to: source.text }];
  }

  /** The table that HSM's requirement of a record stands in. */
  pathOf({ group }: PackageRecord): readonly string[] {
    return tableOfGroup(group);
  }

  #entriesOf(key: string): readonly Entry[] {
    return this.#byName.get(key) ?? [];
  }

  #ownOf(key: string, { requirement, group }: PackageRecord): Entry | undefined {
    if (requirement === undefined) return undefined;
    const table = renderKeyPath(tableOfGroup(group));
    const value = inputData(valueOf(requirement));
    return this.#entriesOf(key).find(({ path, data }) =>
      renderKeyPath(path.slice(0, -1)) === table && sameData(data, value)
    );
  }
}

function hasEntries(value: unknown): boolean {
  return Object.values(value ?? {}).flat().length > 0;
}

/** A requirement as Poetry's tables have it. */
function valueOf(requirement: string): TomlInput {
  const extras = /\[(.*)\]$/.exec(requirement)?.[1]?.split(",");
  return extras === undefined ? "*" : { version: "*", extras };
}
