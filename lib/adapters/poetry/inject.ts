/**
 * Sources written into a pyproject.toml for Poetry: a pure function from text to text.
 *
 * All of them stand in a group of HSM's own. Where the user has written a source of his own elsewhere, Poetry would find two:
 * his is taken out of his entry, which stays, and put back as it was once HSM has no word for the package any more.
 *
 * @module
 */

import type { Change } from "../../change.ts";
import { normalizeName } from "../../names.ts";
import { ArrayEdits } from "../../project/array_edits.ts";
import { pruneMade } from "../../project/made.ts";
import {
  emptyRecord,
  type OwnershipRecord,
  type PackageRecord,
  readRecord,
  writeRecord,
} from "../../project/record.ts";
import { Requirements } from "../../project/requirements.ts";
import { packagesByName, unsupported, type Wish } from "../../project/wishes.ts";
import { parseRequirement } from "../../versions/requirement.ts";
import type { Source } from "../../source.ts";
import { textOf } from "../../table.ts";
import { inputData, sameData } from "../../toml/data.ts";
import { findNode, nodeData, parseToml, type TomlDocument } from "../../toml/document.ts";
import { TomlEditor } from "../../toml/edit.ts";
import { renderKeyPath, renderValue } from "../../toml/render.ts";
import { Dependencies } from "./dependencies.ts";
import { putDirectBack, requirementArrays, setDirectAside } from "./direct_references.ts";
import { plain } from "./plain.ts";
import { sourceTable } from "./source_table.ts";
import { GROUP, SOURCES } from "./tables.ts";

/** One managed package. */
export interface Injection extends Wish {
  /** Where it comes from. */
  readonly source: Source;
}

/** All that HSM wants in a pyproject.toml. What it added before and is not named any more goes. */
export interface InjectionPlan {
  /** The managed packages. */
  readonly packages: readonly Injection[];
  /** The names of packages of which everything stays as it is. */
  readonly keep?: readonly string[];
}

/**
 * Brings a pyproject.toml to a plan. Touches nothing on disk. An empty plan gives back the text from before the first one.
 *
 * @param text The whole file, its byte order mark included.
 * @param path The file, as messages name it.
 * @returns The new text, the old one where nothing had to change, and what changed.
 * @throws {HsmError} `pyproject-invalid` with line and column where the text is no TOML or a value that matters is of the wrong
 * type; `pyproject-unsupported` where the plan cannot be carried out in it.
 */
export function injectSources(
  text: string,
  plan: InjectionPlan,
  path = "pyproject.toml",
): { readonly text: string; readonly changes: readonly Change[] } {
  const document = parseToml(text, path);
  const before = readRecord(document, []);
  if (plan.packages.length === 0 && before.packages.size === 0) return { text, changes: [] };
  const packages = packagesByName(plan.packages, ownName(document));
  const kept = new Set(plan.keep?.map(normalizeName));
  const after: OwnershipRecord = { ...emptyRecord([]), adapter: "poetry" };
  const edits = new Edits(document, before);
  for (const [key, record] of before.packages) {
    if (packages.has(key)) continue;
    if (kept.has(key)) after.packages.set(key, record);
    else edits.takeOut(key, record);
  }
  // What is required stands before where it comes from.
  const records = new Map([...packages].map(([key, it]) => {
    const known = before.packages.get(key);
    return [key, { known, record: edits.require(key, it, known) }] as const;
  }));
  if (packages.size > 0) edits.openGroup();
  for (const [key, injection] of packages) {
    const { known, record } = records.get(key)!;
    after.packages.set(key, record);
    edits.write(key, injection, known);
  }
  return { text: edits.apply(after), changes: edits.changes };
}

/** The edits of one document. */
class Edits {
  readonly changes: Change[] = [];
  readonly #document: TomlDocument;
  readonly #before: OwnershipRecord;
  readonly #editor: TomlEditor;
  readonly #arrays: ArrayEdits;
  readonly #requirements: Requirements;
  readonly #dependencies: Dependencies;
  readonly #lists: readonly (readonly string[])[];
  readonly #sources = new Map<string, string>();

  constructor(document: TomlDocument, before: OwnershipRecord) {
    this.#document = document;
    this.#before = before;
    this.#editor = new TomlEditor(document);
    this.#arrays = new ArrayEdits(document);
    this.#requirements = new Requirements(document, this.#arrays);
    this.#dependencies = new Dependencies(document, this.#editor);
    this.#lists = requirementArrays(document);
    for (const key of findNode(document, SOURCES)?.children.keys() ?? []) {
      this.#sources.set(normalizeName(String(key)), String(key));
    }
  }

  /** Takes out all that is HSM's of a package, and puts back what it had replaced. */
  takeOut(key: string, record: PackageRecord): void {
    this.#updateRequirement(key, { ...record }, undefined);
    this.changes.push(
      ...putDirectBack(this.#arrays, this.#lists, key, record),
      ...this.#dependencies.putBack(key, key, record),
    );
    const name = this.#sources.get(key);
    if (name === undefined) return;
    const path = [...SOURCES, name];
    const from = renderValue(nodeData(findNode(this.#document, path)!));
    this.#editor.remove(path);
    this.changes.push({ package: key, what: "source", action: "remove", from });
  }

  /** Sees to it that a package is required as wanted, and that nothing but HSM says where it comes from. */
  require(key: string, wanted: Injection, known: PackageRecord | undefined): PackageRecord {
    const record = { ...known };
    this.#updateRequirement(key, record, wanted);
    this.changes.push(
      ...setDirectAside(this.#arrays, this.#lists, wanted.name, key, record),
      ...this.#dependencies.setAside(key, wanted.name, record),
    );
    return record;
  }

  /** Makes the group, or makes sure that it is one that requires nothing. */
  openGroup(): void {
    this.#arrays.flush(this.#editor);
    const isOwn = this.#before.lists.created.includes(renderKeyPath(GROUP));
    const present = plain(this.#document, GROUP);
    const isOptional = plain(this.#document, [...GROUP, "optional"]) === true;
    if (present !== undefined && !isOwn && !isOptional) {
      throw unsupported(
        `the group ${GROUP.at(-1)} of Poetry's is one of your own`,
        `give [${renderKeyPath(GROUP)}] another name: hsm writes a group of that name`,
      );
    }
    if (!isOptional) this.#editor.set([...GROUP, "optional"], true);
  }

  /** Writes the source of a package. */
  write(key: string, injection: Injection, known: PackageRecord | undefined): void {
    const { name, source, extras } = injection;
    const asked = [...new Set([...extras, ...this.#extrasOf(key, known)].map(normalizeName))];
    const wanted = sourceTable(source, asked.sort());
    const path = [...SOURCES, this.#sources.get(key) ?? name];
    const node = findNode(this.#document, path);
    const present = node && nodeData(node);
    if (present !== undefined && sameData(present, inputData(wanted))) return;
    this.#editor.set(path, wanted);
    const change = { package: name, what: "source", to: renderValue(wanted) } as const;
    this.changes.push(
      present === undefined
        ? { ...change, action: "add" }
        : { ...change, action: "replace", from: renderValue(present) },
    );
  }

  /** Leaves what HSM has made and needs, writes the record, and makes all edits. */
  apply(after: OwnershipRecord): string {
    this.#arrays.flush(this.#editor);
    const { created } = this.#before.lists;
    if (after.packages.size === 0 && created.includes(renderKeyPath(GROUP))) {
      this.#editor.remove([...GROUP, "optional"]);
    }
    const [was, is] = [this.#before, after].map((it) => this.#placesOf(it));
    after.lists.created = pruneMade(this.#editor, created, was!, is!);
    writeRecord(this.#editor, this.#before, after, ["tool", "poetry"]);
    return this.#editor.apply();
  }

  /** It stands in one of Poetry's tables or in a list of requirements; what is wanted in the other one is new there. */
  #updateRequirement(key: string, record: PackageRecord, wanted: Wish | undefined): void {
    const isInTable = this.#dependencies.holds(key, record);
    const isForTable = wanted !== undefined && this.#dependencies.takes(wanted) &&
      !this.#requirements.isUsers(key, record);
    const moved: PackageRecord = {};
    const [inTable, inList] = isInTable ? [record, moved] : [moved, record];
    const require = wanted?.require ?? false;
    const table = this.#dependencies.update(
      key,
      inTable,
      wanted && { ...wanted, require: require && isForTable },
    );
    const list = this.#requirements.update(
      key,
      inList,
      wanted && { ...wanted, require: require && !isForTable && !table.isRequired },
    );
    Object.assign(record, moved);
    this.changes.push(...table.changes, ...list);
  }

  #extrasOf(key: string, known: PackageRecord | undefined): readonly string[] {
    const isInTable = known !== undefined && this.#dependencies.holds(key, known);
    const own = isInTable ? undefined : known?.requirement;
    const written = this.#lists.flatMap((path) => this.#arrays.open(path).entries)
      .flatMap((text) => {
        const parsed = text === undefined || text === own ? undefined : parseRequirement(text);
        return parsed?.ok && parsed.value.key === key ? parsed.value.extras : [];
      });
    return [...written, ...this.#dependencies.extrasOf(key, known)];
  }

  #placesOf({ packages }: OwnershipRecord): readonly (readonly string[])[] {
    const places: (readonly string[])[] = [];
    for (const record of packages.values()) {
      places.push(SOURCES);
      if (record.requirement === undefined) continue;
      places.push(this.#requirements.pathOf(record), this.#dependencies.pathOf(record));
    }
    return places;
  }
}

function ownName(document: TomlDocument): string | undefined {
  const name = textOf(plain(document, ["project", "name"])) ??
    textOf(plain(document, ["tool", "poetry", "name"]));
  return name === undefined ? undefined : normalizeName(name);
}
