/**
 * The requirements on managed packages.
 *
 * @module
 */

import type { Change } from "../change.ts";
import { normalizeName, requirementName } from "../names.ts";
import { findNode, type Node, type TomlDocument, wrongNode } from "../toml/document.ts";
import type { ArrayEdits } from "./array_edits.ts";
import { requirementText, unsupported, type Wish } from "./wishes.ts";
import type { PackageRecord } from "./record.ts";

/** A requirement in the file. */
interface Requirement {
  readonly path: readonly string[];
  readonly place: number;
  readonly text: string;
}

/** The requirements of a project, by the package they are on. */
export class Requirements {
  readonly #document: TomlDocument;
  readonly #arrays: ArrayEdits;
  readonly #byName = new Map<string, Requirement[]>();

  /**
   * Finds all requirements of a document.
   *
   * @param further The arrays in which a package manager has requirements of its own.
   * @throws {HsmError} `pyproject-invalid` where something else stands in their place.
   */
  constructor(
    document: TomlDocument,
    arrays: ArrayEdits,
    further: readonly (readonly string[])[] = [],
  ) {
    this.#document = document;
    this.#arrays = arrays;
    this.#find(["project", "dependencies"]);
    for (const path of [["project", "optional-dependencies"], ["dependency-groups"]]) {
      for (const key of this.#table(path)?.children.keys() ?? []) {
        this.#find([...path, String(key)]);
      }
    }
    for (const path of further) this.#find(path);
  }

  /**
   * Brings the requirement on a package to what is wanted, as far as it is HSM's own.
   *
   * @param record What HSM added for the package; its requirement is brought up to date.
   * @param wanted undefined: nothing is.
   * @throws {HsmError} `pyproject-unsupported` where a requirement has no place to go.
   */
  update(key: string, record: PackageRecord, wanted: Wish | undefined): Change[] {
    const found = this.#byName.get(key) ?? [];
    const owned = this.#owned(found, record);
    const name = wanted?.name ?? key;
    delete record.requirement;
    const { group: from } = record;
    delete record.group;
    if (wanted === undefined || !wanted.require) {
      return owned === undefined ? [] : [this.#remove(owned, name)];
    }
    const to = requirementText(wanted);
    const isInPlace = owned !== undefined && sameGroup(from, wanted.group);
    const isUsers = found.some((it) => it !== owned);
    if (isUsers && !isInPlace) return owned === undefined ? [] : [this.#remove(owned, name)];
    record.requirement = to;
    if (wanted.group !== undefined) record.group = isInPlace ? from! : wanted.group;
    if (isInPlace) {
      if (owned.text === to) return [];
      this.#arrays.open(owned.path).replaced.set(owned.place, to);
    } else {
      if (owned !== undefined) this.#arrays.open(owned.path).removed.add(owned.place);
      this.#arrays.open(this.#placeFor(wanted)).appended.push(to);
    }
    const change = { package: name, what: "requirement", to } as const;
    if (owned === undefined) return [{ ...change, action: "add" }];
    return [{ ...change, action: "replace", from: owned.text }];
  }

  /** Whether the user requires a package himself. */
  isUsers(key: string, record: PackageRecord): boolean {
    const found = this.#byName.get(key) ?? [];
    const owned = this.#owned(found, record);
    return found.some((it) => it !== owned);
  }

  /** The array that holds the requirement of a record. */
  pathOf({ group }: PackageRecord): readonly string[] {
    if (group === undefined) return ["project", "dependencies"];
    const keys = [...this.#table(["dependency-groups"])?.children.keys() ?? []].map(String);
    const key = keys.find((it) => it === group) ?? keys.find((it) => sameGroup(it, group)) ?? group;
    return ["dependency-groups", key];
  }

  #owned(found: readonly Requirement[], record: PackageRecord): Requirement | undefined {
    if (record.requirement === undefined) return undefined;
    const path = this.pathOf(record);
    return found.find((it) =>
      it.text === record.requirement && it.path.length === path.length &&
      it.path.every((key, at) => key === path[at])
    );
  }

  #remove(owned: Requirement, name: string): Change {
    this.#arrays.open(owned.path).removed.add(owned.place);
    return { package: name, what: "requirement", action: "remove", from: owned.text };
  }

  #placeFor(wanted: Wish): readonly string[] {
    const { name, group } = wanted;
    if (group !== undefined) return this.pathOf({ group });
    if (this.#table(["project"]) === undefined) {
      throw unsupported(
        `there is no [project] table for the requirement on ${name}`,
        `add a [project] table, or give ${name} a \`group:\` or \`require: false\` in the manifest`,
      );
    }
    if (this.#arrays.open(["project", "dynamic"]).entries.includes("dependencies")) {
      throw unsupported(
        `project.dependencies is dynamic, so the requirement on ${name} cannot be added there`,
        `give ${name} a \`group:\` in the manifest, or write the requirement in by hand where the others are, with \`require: false\``,
      );
    }
    return ["project", "dependencies"];
  }

  #table(path: readonly string[]): Node | undefined {
    const node = findNode(this.#document, path);
    if (node === undefined || node.kind === "table") return node;
    throw wrongNode(this.#document, node, `${path.join(".")} must be a table`);
  }

  #find(path: readonly string[]): void {
    for (const [place, text] of this.#arrays.open(path).entries.entries()) {
      const name = text === undefined ? undefined : requirementName(text);
      if (name === undefined) continue;
      const list = this.#byName.get(name) ?? [];
      this.#byName.set(name, list);
      list.push({ path, place, text: text! });
    }
  }
}

/** Names of dependency groups compare like those of packages (PEP 735). */
function sameGroup(a: string | undefined, b: string | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return normalizeName(a) === normalizeName(b);
}
