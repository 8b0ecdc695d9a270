/**
 * The places on one developer's machine that an app's files take packages from.
 *
 * @module
 */

import type { AppFiles, CompleteAdapter, Use } from "../adapters/adapter.ts";
import type { LocalSource } from "../adapters/reader.ts";
import { normalizeName } from "../names.ts";
import { readStrictly } from "../project/strict_document.ts";
import { isTable } from "../table.ts";
import { isInside } from "../platform/paths.ts";
import { isElsewhere, localPlace, normalizePath } from "../project/local_place.ts";
import { sourceFile } from "../workspace/manager_files.ts";

/** Something that comes from a folder or a file. */
export interface ManagedSource extends LocalSource {
  /** Whether it is managed; then its name is as the manifest has it. */
  readonly isManaged: boolean;
  /** The file that says so, as messages name it. */
  readonly file: string;
}

/** The lists of requirements, each of which may say where a package comes from (PEP 508). */
const REQUIREMENTS: readonly (readonly string[])[] = [
  ["project", "dependencies"],
  ["project", "optional-dependencies", "*"],
  ["dependency-groups", "*"],
  ["build-system", "requires"],
];

/** A pyproject.toml. */
export interface ProjectFile {
  readonly text: string;
  /** The file, as messages name it. */
  readonly path: string;
  /** Of an app's own: how the app uses packages, which its package manager may have in another file. */
  readonly uses?: ReadonlyMap<string, Use> | undefined;
  /** Of an app's own: the files that HSM writes into, as messages name them. */
  readonly edited?: string;
}

/**
 * All that a project takes from a path, a local file or the package manager's workspace, be it a managed package or another.
 * An index in a folder is none: what has a source does not come from there, and where others have it is theirs to say. Pure.
 *
 * @param managed The managed packages: their names by normalized name.
 * @throws {HsmError} `pyproject-invalid`
 */
export async function findLocalSources(
  adapter: CompleteAdapter,
  { text, path, uses = new Map(), edited = path }: ProjectFile,
  managed: ReadonlyMap<string, string>,
): Promise<readonly ManagedSource[]> {
  const own = await adapter.localSources(text, path);
  const root = readStrictly(text, path).value([]);
  const lists = [...REQUIREMENTS, ...adapter.requirementLists];
  const direct = lists.flatMap((list) => itemsOf(root, list, [])).flatMap(([at, item]) => {
    const requirement = isTable(item) ? item["requirement"] : item;
    if (typeof requirement !== "string") return [];
    const [, name, url] = DIRECT.exec(requirement) ?? [];
    const place = name === undefined ? undefined : localPlace(url!);
    return place === undefined ? [] : [{ name: name!, ...place, at }];
  });
  const told = new Set([...own, ...direct].map((it) => normalizeName(it.name)));
  const elsewhere = [...uses].flatMap(([name, it]) => {
    if (it.kind !== "path" || told.has(name)) return [];
    const place = it.path === undefined
      ? `a folder that ${adapter.name} finds by itself`
      : `the path ${it.path}`;
    return [{ name, path: it.path, place, at: [] }];
  });
  return [...own, ...direct, ...elsewhere].map((it) => {
    const name = managed.get(normalizeName(it.name));
    const file = it.at.length > 0 ? path : edited;
    return { ...it, name: name ?? it.name, isManaged: name !== undefined, file };
  });
}

/**
 * The dev sources of the app in a folder: of managed packages all, and of others those whose path leaves the folder or
 * leads into the folder of checkouts. Pure.
 *
 * @throws {HsmError} `pyproject-invalid`
 */
export async function findDevSources(
  adapter: CompleteAdapter,
  files: AppFiles,
  { managed, packagesDir }: {
    readonly managed: ReadonlyMap<string, string>;
    readonly packagesDir: string;
  },
): Promise<readonly ManagedSource[]> {
  const project = { text: await files.pyproject(), path: "pyproject.toml" };
  const isMember = await adapter.members(project.text, project.path) ?? (() => false);
  const isOwn = (path: string) =>
    isMember(path) || (!isElsewhere(path, "") && !isInside(normalizePath(path), packagesDir));
  const own = { uses: await adapter.uses(files), edited: sourceFile(await adapter.edited(files)) };
  return (await findLocalSources(adapter, { ...project, ...own }, managed))
    .filter(({ isManaged, path }) => isManaged || (path !== undefined && !isOwn(path)));
}

/** What a message says of a local source. */
export function describeLocalSource({ name, place }: Pick<LocalSource, "name" | "place">): string {
  return `${name} comes from ${place}`;
}

/** `name [extras] @ url`, up to a marker. */
const DIRECT = /^\s*([\w.-]*\w)\s*(?:\[[^\]]*\]\s*)?@\s*(.+?)\s*(?:\s;.*)?$/s;

/** The items of a list, or what stands there alone, with their places; `*` stands for every key. */
function itemsOf(
  value: unknown,
  [key, ...rest]: readonly string[],
  at: LocalSource["at"],
): readonly (readonly [LocalSource["at"], unknown])[] {
  if (key === undefined) {
    return Array.isArray(value)
      ? value.map((item, index) => [[...at, index], item])
      : [[at, value]];
  }
  if (!isTable(value)) return [];
  const keys = key === "*" ? Object.keys(value) : Object.hasOwn(value, key) ? [key] : [];
  return keys.flatMap((it) => itemsOf(value[it], rest, [...at, it]));
}
