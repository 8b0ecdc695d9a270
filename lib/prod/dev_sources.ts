/**
 * The places on one developer's machine that a pyproject.toml takes packages from.
 *
 * @module
 */

import { normalize } from "@std/path";
import { isWorkspaceMember } from "../adapters/uv/workspace.ts";
import { normalizeName } from "../names.ts";
import { readProject } from "../pyproject/read.ts";
import { parseData } from "../toml/parse.ts";

/** Something that comes from a folder or a file. */
export interface LocalSource {
  /** The package's name: as the manifest has it, else as pyproject.toml has it. */
  readonly name: string;
  /** Whether it is managed. */
  readonly isManaged: boolean;
  /** Where from, in words. */
  readonly place: string;
  /** The path, seen from the file; undefined: the uv workspace. */
  readonly path: string | undefined;
  /** The keys that lead to it. */
  readonly at: readonly (string | number)[];
}

/** The lists of requirements, each of which may say where a package comes from (PEP 508). */
const REQUIREMENTS: readonly (readonly string[])[] = [
  ["project", "dependencies"],
  ["project", "optional-dependencies", "*"],
  ["dependency-groups", "*"],
  ["build-system", "requires"],
  ["tool", "uv", "dev-dependencies"],
  ["tool", "uv", "constraint-dependencies"],
  ["tool", "uv", "override-dependencies"],
  ["tool", "uv", "build-constraint-dependencies"],
  ["tool", "uv", "extra-build-dependencies", "*"],
];

/**
 * All that a pyproject.toml takes from a path, a local file or the uv workspace, be it a managed package or another. An
 * index in a folder is none: what has a source does not come from there, and where others have it is theirs to say. Pure.
 *
 * @param text The text of pyproject.toml.
 * @param path The file, as messages name it.
 * @param managed The managed packages: their names by normalized name.
 * @throws {HsmError} `pyproject-invalid`
 */
export function findLocalSources(
  text: string,
  path: string,
  managed: ReadonlyMap<string, string>,
): readonly LocalSource[] {
  const { sources } = readProject(text, path);
  const found: LocalSource[] = [];
  const add = (key: string, place: Place | undefined, at: LocalSource["at"]) => {
    if (place === undefined) return;
    const name = managed.get(normalizeName(key));
    const { words, path } = place;
    found.push({ name: name ?? key, isManaged: name !== undefined, place: words, path, at });
  };
  for (const [key, value] of Object.entries(sources)) {
    const at = ["tool", "uv", "sources", key];
    if (!Array.isArray(value)) add(key, placeOf(value), at);
    else value.forEach((it, index) => add(key, placeOf(it), [...at, index]));
  }
  const root = parseData(text.replace(/^\uFEFF/, ""));
  for (const [at, item] of REQUIREMENTS.flatMap((list) => itemsOf(root, list, []))) {
    const requirement = textIn(item, "requirement");
    const [, name, url] = DIRECT.exec(requirement ?? "") ?? [];
    if (name !== undefined) add(name, localUrl(url!), at);
  }
  return found;
}

/**
 * The dev sources of the app in a folder: of managed packages all, and of others those whose path leaves the folder or
 * leads into the folder of checkouts. Pure.
 *
 * @throws {HsmError} `pyproject-invalid`
 */
export function findDevSources(
  text: string,
  path: string,
  { managed, packagesDir }: {
    readonly managed: ReadonlyMap<string, string>;
    readonly packagesDir: string;
  },
): readonly LocalSource[] {
  const { workspace } = readProject(text, path);
  const isOwn = (path: string) =>
    (workspace !== undefined && isWorkspaceMember(workspace, path)) ||
    (!isElsewhere(path, "") && !isInside(normalizePath(path), packagesDir));
  return findLocalSources(text, path, managed)
    .filter(({ isManaged, path }) => isManaged || (path !== undefined && !isOwn(path)));
}

/** What a message says of a local source. */
export function describeLocalSource({ name, place }: Pick<LocalSource, "name" | "place">): string {
  return `${name} comes from ${place}`;
}

/** `name [extras] @ url`, up to a marker. */
const DIRECT = /^\s*([\w.-]*\w)\s*(?:\[[^\]]*\]\s*)?@\s*(.+?)\s*(?:\s;.*)?$/s;

type Place = Required<Pick<LocalSource, "path">> & { readonly words: string };

function placeOf(source: unknown): Place | undefined {
  const { path, url, workspace } = (source ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof path === "string") return { path, words: `the path ${path}` };
  if (workspace === true) return { path: undefined, words: "the workspace" };
  return typeof url === "string" ? localUrl(url) : undefined;
}

/** A URL that means a folder or file of this machine; a repository in a folder is one all the same. */
export function localUrl(url: string): Place | undefined {
  const isRemote = /^[a-z][a-z0-9+.-]*:(?!\\)/i.test(url) && !/^file:/i.test(url) &&
    !/^[a-z]:\//i.test(url);
  if (isRemote) return undefined;
  const path = url.replace(/^file:(?:\/\/(?:localhost)?(?=\/))?/i, "")
    // uv puts the app's folder in.
    .replace(/^\/?\$\{PROJECT_ROOT\}\/?/, "./");
  return { path, words: `the path ${url}` };
}

/**
 * Whether a path leads out of the app's repository, or to where only the environment knows.
 *
 * @param folder The folder that it is seen from, in the repository, with `/`.
 */
export function isElsewhere(path: string, folder: string): boolean {
  const own = normalizePath(path);
  return own.startsWith("/") || /^(?:[a-z]|file):/i.test(own) || own.startsWith("${") ||
    /^\.\.(?:\/|$)/.test(normalizePath(`./${folder}/${own}`));
}

/** A path with `/`, without a closing one. */
export function normalizePath(path: string): string {
  return normalize(path).replaceAll("\\", "/").replace(/(?<=.)\/$/, "");
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** A text, or the one that a table has under a key. */
function textIn(item: unknown, key: string): string | undefined {
  const text = typeof item === "object" && item !== null
    ? (item as Readonly<Record<string, unknown>>)[key]
    : item;
  return typeof text === "string" ? text : undefined;
}

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
  if (typeof value !== "object" || value === null) return [];
  const table = value as Readonly<Record<string, unknown>>;
  const keys = key === "*" ? Object.keys(table) : Object.hasOwn(table, key) ? [key] : [];
  return keys.flatMap((it) => itemsOf(table[it], rest, [...at, it]));
}
