/**
 * Sources written into a pyproject.toml: a pure function from text to text.
 *
 * @module
 */

import { normalizeName } from "../../names.ts";
import { findNode, nodeData, parseToml, type TomlDocument } from "../../toml/document.ts";
import { TomlEditor } from "../../toml/edit.ts";
import { ArrayEdits } from "../../project/array_edits.ts";
import { pruneMade } from "../../project/made.ts";
import { packagesByName, type Wish } from "../../project/wishes.ts";
import {
  emptyRecord,
  type OwnershipRecord,
  readRecord,
  writeRecord,
} from "../../project/record.ts";
import { Requirements } from "../../project/requirements.ts";
import type { Change } from "../../change.ts";
import { type EntryList, updateEntries } from "./entries.ts";
import type { UvSource } from "./source_table.ts";
import { Sources } from "./sources.ts";
import { SOURCES } from "./tables.ts";

/** One managed package. */
export interface Injection extends Wish {
  /** Where it comes from. */
  readonly source: UvSource;
}

/** All that HSM wants in a pyproject.toml. What it added before and is not named any more goes. */
export interface InjectionPlan extends Readonly<Record<List, readonly string[]>> {
  /** The managed packages. */
  readonly packages: readonly Injection[];
  /** The names of packages of which everything stays as it is. */
  readonly keep?: readonly string[];
}

const UV = ["tool", "uv"];

/** The lists of `[tool.uv]` that HSM adds entries to, by their names in its record. */
const ENTRIES = {
  constraints: { what: "constraint", path: [...UV, "constraint-dependencies"] },
  overrides: { what: "override", path: [...UV, "override-dependencies"] },
  excludes: { what: "exclude", path: [...UV, "workspace", "exclude"] },
} as const satisfies Readonly<Record<string, EntryList>>;

type List = keyof typeof ENTRIES;
const LISTS = Object.keys(ENTRIES) as readonly List[];

type UvRecord = OwnershipRecord<List>;

/** The record of what HSM added to a document. */
export function readUvRecord(document: TomlDocument): UvRecord {
  return readRecord(document, LISTS);
}

/**
 * Brings a pyproject.toml to a plan. Touches nothing on disk.
 *
 * The plan is all that HSM wants: what it added before, as `[tool.hsm]` records, and the plan does not name, goes, so that
 * an empty plan gives back the text from before the first injection. Every byte that is not HSM's stays.
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
  const before = readUvRecord(document);
  if (isNothing(plan, before)) return { text, changes: [] };
  const packages = packagesByName(plan.packages, ownName(document));
  const editor = new TomlEditor(document);
  const arrays = new ArrayEdits(document);
  const requirements = new Requirements(document, arrays, [[...UV, "dev-dependencies"]]);
  const sources = new Sources(document, editor);
  const after = emptyRecord(LISTS);
  const changes: Change[] = [];

  const keep = new Set(plan.keep?.map(normalizeName));
  for (const [key, record] of before.packages) {
    if (packages.has(key)) continue;
    if (keep.has(key)) {
      after.packages.set(key, record);
      continue;
    }
    changes.push(...requirements.update(key, { ...record }, undefined));
    changes.push(...sources.takeOut(key, record));
  }
  // The lists come before the sources, so that new tables stand in the usual order.
  const records = new Map(
    [...packages.keys()].map((key) => [key, { ...before.packages.get(key) }]),
  );
  for (const [key, injection] of packages) {
    changes.push(...requirements.update(key, records.get(key)!, injection));
  }
  const listed: Change[] = [];
  const update = (list: List): void => {
    const updated = updateEntries(arrays, ENTRIES[list], before.lists[list], plan[list]);
    after.lists[list] = updated.owned;
    listed.push(...updated.changes);
  };
  update("constraints");
  update("overrides");
  arrays.flush(editor);
  for (const [key, injection] of packages) {
    const known = before.packages.has(key) ? records.get(key)! : undefined;
    const written = sources.write(injection.name, known, injection.source);
    changes.push(...written.changes);
    const { source: _, ...requirement } = records.get(key)!;
    const { source } = written;
    after.packages.set(key, source === undefined ? requirement : { ...requirement, source });
  }
  update("excludes");
  arrays.flush(editor);
  changes.push(...listed);

  const [was, is] = [before, after].map((it) => placesOf(it, requirements)) as [Places, Places];
  after.lists.created = pruneMade(editor, before.lists.created, was, is);
  writeRecord(editor, before, after, UV);
  return { text: editor.apply(), changes };
}

function isNothing(plan: InjectionPlan, record: UvRecord): boolean {
  return plan.packages.length === 0 && record.packages.size === 0 &&
    LISTS.every((list) => plan[list].length === 0 && record.lists[list].length === 0);
}

function ownName(document: TomlDocument): string | undefined {
  const node = findNode(document, ["project", "name"]);
  const name = node === undefined ? undefined : nodeData(node);
  return typeof name === "string" ? normalizeName(name) : undefined;
}

type Places = readonly (readonly string[])[];

/** The arrays and tables that something of HSM's is in. */
function placesOf(record: UvRecord, requirements: Requirements): Places {
  const places: (readonly string[])[] = [];
  for (const owned of record.packages.values()) {
    places.push(SOURCES);
    if (owned.requirement !== undefined) places.push(requirements.pathOf(owned));
  }
  places.push(
    ...LISTS.filter((it) => record.lists[it].length > 0).map((it) => ENTRIES[it].path),
  );
  return places;
}
