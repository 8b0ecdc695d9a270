/**
 * What HSM owns in a pyproject.toml, recorded in its `[tool.hsm]` table:
 *
 * ```toml
 * [tool.hsm]
 * # What hsm added to this file, so that it can take it out again
 * created = ["tool.uv.sources"]
 * packages.my-plugin = { requirement = "my-plugin" }
 * packages.other-plugin = { requirement = "other-plugin[fast]", group = "plugins" }
 * packages.third-plugin = { source = "{ path = \"../third\" }" }
 * ```
 *
 * A package has one line, and the line says nothing of its mode. What was added for another package manager than the default
 * one says so under `adapter`, and has format 2.
 *
 * @module
 */

import { formatOf, refuseNewerRecord } from "../files/format.ts";
import { given } from "../given.ts";
import { normalizeName } from "../names.ts";
import type { TomlData, TomlInput } from "../toml/data.ts";
import { findNode, nodeData, parseToml, type TomlDocument, wrongNode } from "../toml/document.ts";
import { TomlEditor } from "../toml/edit.ts";
import type { Verbatim } from "../toml/fragment.ts";
import type { SectionEntry } from "../toml/leaf.ts";

/** What HSM added for one package. */
export interface PackageRecord {
  /** The requirement that HSM added, as written. */
  requirement?: string;
  /** The dependency group it was put in; undefined: project.dependencies. */
  group?: string;
  /** The user's own source that HSM replaced. */
  source?: Verbatim;
  /** The user's own requirement that names a URL, which HSM replaced by one that names none. */
  direct?: string;
}

/** What HSM added to a file; `List`: the names of the lists that a package manager has beside the packages. */
export interface OwnershipRecord<List extends string = never> {
  /** The package manager that it was added for; undefined: the default one. */
  adapter?: string | undefined;
  /** By normalized name. */
  readonly packages: Map<string, PackageRecord>;
  /** `created`: the tables and arrays that HSM made, as dotted keys. */
  readonly lists: Record<"created" | List, readonly string[]>;
}

const PATH = ["tool", "hsm"];
const COMMENT = "What hsm added to this file, so that it can take it out again";
const HINT = "bring [tool.hsm] back as it was, or delete it: what it names is then yours";

/**
 * Reads the record; an empty one where the file has none.
 *
 * @throws {HsmError} `pyproject-invalid` where it is not what HSM writes; `newer-format`
 */
export function readRecord<List extends string>(
  document: TomlDocument,
  lists: readonly List[],
): OwnershipRecord<List> {
  const record = emptyRecord(lists);
  const node = findNode(document, PATH);
  if (node === undefined) return record;
  const wrong = (key: string) =>
    wrongNode(document, node, `tool.hsm${key} is not what hsm writes`, HINT);
  if (node.kind !== "table") throw wrong("");
  const table = nodeData(node) as Map<string, TomlData>;
  const version = table.get("version");
  refuseNewerRecord(version, document.path);
  if (formatOf(version) === undefined) throw wrong(".version");
  const adapter = table.get("adapter");
  if (adapter !== undefined && typeof adapter !== "string") throw wrong(".adapter");
  record.adapter = adapter;
  for (const key of Object.keys(record.lists) as (keyof typeof record.lists)[]) {
    const list = table.get(key) ?? [];
    if (!Array.isArray(list) || !list.every((item) => typeof item === "string")) {
      throw wrong(`.${key}`);
    }
    record.lists[key] = list;
  }
  const packages = table.get("packages") ?? new Map();
  if (!(packages instanceof Map)) throw wrong(".packages");
  for (const [name, value] of packages) {
    if (!(value instanceof Map)) throw wrong(`.packages.${name}`);
    const text = (key: string): string | undefined => {
      const found = value.get(key);
      if (found !== undefined && typeof found !== "string") throw wrong(`.packages.${name}.${key}`);
      return found;
    };
    record.packages.set(normalizeName(name), packageRecord(text));
  }
  return record;
}

/** A record of nothing. */
export function emptyRecord<List extends string>(lists: readonly List[]): OwnershipRecord<List> {
  const all = ["created", ...lists].map((key) => [key, []] as const);
  return { packages: new Map(), lists: Object.fromEntries(all) as Record<"created" | List, []> };
}

/**
 * Writes the record where it says something else than before; without packages and entries it goes.
 *
 * @param near The table that it is put near to.
 */
export function writeRecord<List extends string>(
  editor: TomlEditor,
  before: OwnershipRecord<List>,
  after: OwnershipRecord<List>,
  near: readonly string[],
): void {
  const isNothing = after.packages.size === 0 &&
    Object.values<readonly string[]>(after.lists).every((it) => it.length === 0);
  const entries = isNothing ? [] : recordEntries(after);
  if (JSON.stringify(entries) === JSON.stringify(recordEntries(before))) return;
  if (entries.length === 0) editor.remove(PATH);
  else editor.setSection(PATH, entries, { comment: COMMENT, near });
}

/**
 * A file without the record: what that names is the user's own then.
 *
 * @param path The file, as messages name it.
 * @throws {HsmError} as {@linkcode readRecord}
 */
export function withoutRecord(text: string, path: string): string {
  const document = parseToml(text, path);
  if (findNode(document, PATH) === undefined) return text;
  readRecord(document, []);
  const editor = new TomlEditor(document);
  editor.remove(PATH);
  return editor.apply();
}

function packageRecord(text: (key: string) => string | undefined): PackageRecord {
  const [requirement, group, value, lines, direct] = [
    "requirement",
    "group",
    "source",
    "lines",
    "direct",
  ].map(text);
  const form = lines === undefined ? "value" : lines.startsWith("[") ? "sections" : "dotted";
  const written = lines ?? value;
  return given({
    requirement,
    group: requirement === undefined ? undefined : group,
    source: written === undefined ? undefined : { form, text: written } as const,
    direct,
  });
}

function recordEntries<List extends string>(record: OwnershipRecord<List>): SectionEntry[] {
  const entries: SectionEntry[] = [];
  const { adapter } = record;
  if (adapter !== undefined) {
    entries.push({ keys: ["version"], value: 2 }, { keys: ["adapter"], value: adapter });
  }
  for (const [key, texts] of Object.entries<readonly string[]>(record.lists)) {
    const list = [...new Set(texts)].sort();
    // A line for each entry, so that branches can be merged.
    if (list.length > 0) entries.push({ keys: [key], value: list, multiline: list.length > 1 });
  }
  for (const name of [...record.packages.keys()].sort()) {
    entries.push({ keys: ["packages", name], value: packageEntry(record.packages.get(name)!) });
  }
  return entries;
}

function packageEntry({ requirement, group, source, direct }: PackageRecord): TomlInput {
  return given({
    requirement,
    group: requirement === undefined ? undefined : group,
    [source?.form === "value" ? "source" : "lines"]: source?.text,
    direct,
  }) as TomlInput;
}
