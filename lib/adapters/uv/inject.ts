/**
 * Sources written into a pyproject.toml: a pure function from text to text.
 *
 * @module
 */

import { normalizeName } from "../../names.ts";
import { findNode, nodeData, parseToml, type TomlDocument } from "../../toml/document.ts";
import { TomlEditor } from "../../toml/edit.ts";
import { renderKeyPath } from "../../toml/render.ts";
import { ArrayEdits } from "../../pyproject/array_edits.ts";
import { type EntryList, updateEntries } from "./entries.ts";
import { type Change, type InjectionPlan, packagesByName } from "../../pyproject/plan.ts";
import {
  emptyRecord,
  type OwnershipRecord,
  readRecord,
  writeRecord,
} from "../../pyproject/record.ts";
import { Requirements } from "../../pyproject/requirements.ts";
import { Sources } from "./sources.ts";

export type { Change, Injection, InjectionPlan } from "../../pyproject/plan.ts";

/** The text with everything injected, and how it came about. */
export interface InjectionResult {
  /** The new text; the old one where nothing had to change. */
  readonly text: string;
  /** What changed. */
  readonly changes: readonly Change[];
}

const UV = ["tool", "uv"];
const SOURCES = [...UV, "sources"];
const CONSTRAINTS: EntryList = { what: "constraint", path: [...UV, "constraint-dependencies"] };
const OVERRIDES: EntryList = { what: "override", path: [...UV, "override-dependencies"] };
const EXCLUDES: EntryList = { what: "exclude", path: [...UV, "workspace", "exclude"] };

/**
 * Brings a pyproject.toml to a plan. Touches nothing on disk.
 *
 * The plan is all that HSM wants: what it added before, as `[tool.hsm]` records, and the plan does not name, goes, so that
 * an empty plan gives back the text from before the first injection. Every byte that is not HSM's stays.
 *
 * @param text The whole file, its byte order mark included.
 * @param path The file, as messages name it.
 * @throws {HsmError} `pyproject-invalid` with line and column where the text is no TOML or a value that matters is of the wrong
 * type; `pyproject-unsupported` where the plan cannot be carried out in it.
 */
export function injectSources(
  text: string,
  plan: InjectionPlan,
  path = "pyproject.toml",
): InjectionResult {
  const document = parseToml(text, path);
  const before = readRecord(document);
  if (isNothing(plan, before)) return { text, changes: [] };
  const packages = packagesByName(plan, ownName(document));
  const editor = new TomlEditor(document);
  const arrays = new ArrayEdits(document);
  const requirements = new Requirements(document, arrays);
  const sources = new Sources(document, editor);
  const after = emptyRecord();
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
  const constraints = updateEntries(arrays, CONSTRAINTS, before.constraints, plan.constraints);
  const overrides = updateEntries(arrays, OVERRIDES, before.overrides, plan.overrides);
  arrays.flush(editor);
  for (const [key, injection] of packages) {
    const known = before.packages.has(key) ? records.get(key)! : undefined;
    const written = sources.write(injection.name, known, injection);
    changes.push(...written.changes);
    const { source: _, ...requirement } = records.get(key)!;
    const { source } = written;
    after.packages.set(key, source === undefined ? requirement : { ...requirement, source });
  }
  const excludes = updateEntries(arrays, EXCLUDES, before.excludes, plan.excludes);
  arrays.flush(editor);
  changes.push(...constraints.changes, ...overrides.changes, ...excludes.changes);

  after.constraints = constraints.owned;
  after.overrides = overrides.owned;
  after.excludes = excludes.owned;
  const used = usedPaths(after, requirements);
  after.created = [...before.created, ...editor.created].filter((it) => used.has(it));
  prune(editor, before, used, requirements);
  writeRecord(editor, before, after);
  return { text: editor.apply(), changes };
}

function isNothing(plan: InjectionPlan, record: OwnershipRecord): boolean {
  const lists = [plan, record].flatMap((it) => [it.constraints, it.overrides, it.excludes]);
  return plan.packages.length === 0 && record.packages.size === 0 &&
    lists.every((list) => list.length === 0);
}

function ownName(document: TomlDocument): string | undefined {
  const node = findNode(document, ["project", "name"]);
  const name = node === undefined ? undefined : nodeData(node);
  return typeof name === "string" ? normalizeName(name) : undefined;
}

/** The arrays and tables that something of HSM's is in, as dotted keys. */
function usedPaths(record: OwnershipRecord, requirements: Requirements): ReadonlySet<string> {
  return new Set(placesOf(record, requirements).flatMap(withParents).map(renderKeyPath));
}

function placesOf(record: OwnershipRecord, requirements: Requirements): (readonly string[])[] {
  const places: (readonly string[])[] = [];
  for (const owned of record.packages.values()) {
    places.push(SOURCES);
    if (owned.requirement !== undefined) places.push(requirements.pathOf(owned));
  }
  if (record.constraints.length > 0) places.push(CONSTRAINTS.path);
  if (record.overrides.length > 0) places.push(OVERRIDES.path);
  if (record.excludes.length > 0) places.push(EXCLUDES.path);
  return places;
}

/** Takes out what HSM had made and does not need any more, the innermost first. */
function prune(
  editor: TomlEditor,
  before: OwnershipRecord,
  used: ReadonlySet<string>,
  requirements: Requirements,
): void {
  const made = new Set(before.created);
  const paths = new Map(
    placesOf(before, requirements).flatMap(withParents).map((path) => [renderKeyPath(path), path]),
  );
  const gone = [...paths].filter(([name]) => made.has(name) && !used.has(name));
  for (const [, path] of gone.sort((a, b) => b[1].length - a[1].length)) editor.prune(path);
}

function withParents(path: readonly string[]): (readonly string[])[] {
  return path.map((_, at) => path.slice(0, at + 1));
}
