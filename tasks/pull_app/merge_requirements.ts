/**
 * Merging two versions of a pyproject.toml whose requirements both have changed, where they stand on one line or are laid out
 * anew: by their entries. Pure.
 *
 * @module
 */

import type { Versions } from "../../lib/git/merge_texts.ts";
import { dataOf } from "../../lib/toml/data.ts";
import { findNode, parseToml, rangeOf, type TomlDocument } from "../../lib/toml/document.ts";
import { type ArrayEdit, TomlEditor } from "../../lib/toml/edit.ts";
import type { Range } from "../../lib/text/line_edges.ts";
import { applySplices } from "../../lib/toml/splice.ts";
import { requirementName } from "../../lib/names.ts";
import { changeOfList } from "./merge_data.ts";
import { mergeLines } from "./merge_lines.ts";

const PATH = "pyproject.toml";

/** The lists of requirements that every app has; `*` stands for every key. */
const LISTS: readonly (readonly string[])[] = [
  ["project", "dependencies"],
  ["project", "optional-dependencies", "*"],
  ["dependency-groups", "*"],
];

/** A list of requirements in a document. */
interface RequirementList {
  readonly range: Range;
  readonly text: string;
  readonly entries: readonly unknown[];
  readonly comments: readonly string[];
}

/**
 * Merges two versions: the requirements stand as they do in `theirs`, with what was changed in `mine`.
 *
 * @param lists The lists of requirements that are the package manager's own.
 * @returns undefined where both changed the same requirement or the same lines, or `mine` has comments in such a list.
 * @throws {HsmError} `pyproject-invalid`, `pyproject-unsupported`
 */
export async function mergeRequirements(
  versions: Versions,
  lists: readonly (readonly string[])[],
): Promise<string | undefined> {
  const [base, mine, theirs] = [versions.base, versions.mine, versions.theirs]
    .map((it) => parseToml(it, PATH)) as [TomlDocument, TomlDocument, TomlDocument];
  if (base.mark !== theirs.mark || mine.mark !== theirs.mark) return undefined;
  const edits: (readonly [readonly string[], ArrayEdit])[] = [];
  for (const path of [...LISTS, ...lists].flatMap((it) => pathsOf(theirs, it))) {
    const [before, own, others] = [base, mine, theirs].map((it) => listAt(it, path));
    if (before === undefined || own === undefined || others === undefined) continue;
    if (own.text === before.text || others.text === before.text) continue;
    const edit = editOf(before, own, others);
    if (edit === undefined) return undefined;
    edits.push([path, edit]);
  }
  // With these lists as theirs in all three of them, what is left to merge is everything else.
  const withTheirs = (document: TomlDocument) =>
    applySplices(
      document.text,
      edits.map(([path]) => ({
        ...listAt(document, path)!.range,
        text: listAt(theirs, path)!.text,
      })),
    );
  const [before, own] = [withTheirs(base), withTheirs(mine)];
  if (before === undefined || own === undefined) return undefined;
  const merged = await mergeLines({ base: before, mine: own, theirs: theirs.text });
  if (merged === undefined) return undefined;
  const editor = new TomlEditor(parseToml(merged, PATH));
  for (const [path, edit] of edits) editor.editArray(path, edit);
  return theirs.mark + editor.apply();
}

function pathsOf(
  document: TomlDocument,
  [key, ...rest]: readonly string[],
  above: readonly string[] = [],
): readonly (readonly string[])[] {
  if (key === undefined) return [above];
  const keys = key === "*" ? [...findNode(document, above)?.children.keys() ?? []] : [key];
  return keys.flatMap((it) => pathsOf(document, rest, [...above, String(it)]));
}

function listAt(document: TomlDocument, path: readonly string[]): RequirementList | undefined {
  const value = findNode(document, path)?.statement?.value;
  if (value?.type !== "TOMLArray") return undefined;
  const range = rangeOf(value);
  const { text } = document;
  return {
    range,
    text: text.slice(range.start, range.end),
    entries: value.elements.map(dataOf),
    comments: document.comments.filter((it) => it.start >= range.start && it.end <= range.end)
      .map((it) => text.slice(it.start, it.end)),
  };
}

/** What was changed in `mine`, as an edit of `theirs`. */
function editOf(
  base: RequirementList,
  mine: RequirementList,
  theirs: RequirementList,
): ArrayEdit | undefined {
  const [known, entries] = [new Set(base.comments), theirs.entries];
  const change = changeOfList({ base: base.entries, mine: mine.entries, theirs: entries });
  if (change === undefined || mine.comments.some((it) => !known.has(it))) return undefined;
  const added: string[] = [];
  for (const it of change.added) {
    if (typeof it !== "string") return undefined;
    added.push(it);
  }
  const removed = new Set<number>();
  const replaced = new Map<number, string>();
  for (const it of change.removed) {
    const place = entries.findIndex((entry, at) =>
      entry === it && !removed.has(at) && !replaced.has(at)
    );
    if (typeof it !== "string" || place < 0) return undefined;
    const at = added.findIndex((text) => requirementName(text) === requirementName(it));
    if (at < 0) removed.add(place);
    else replaced.set(place, added.splice(at, 1)[0]!);
  }
  return { removed: [...removed], replaced, appended: added };
}
