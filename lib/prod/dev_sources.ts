/**
 * The places on one developer's machine that a pyproject.toml takes packages from.
 *
 * @module
 */

import { normalize } from "@std/path";
import { isWorkspaceMember } from "../adapters/uv_workspace.ts";
import { normalizeName } from "../names.ts";
import { readProject } from "../pyproject/read.ts";
import { parseData } from "../toml/parse.ts";

/** Something that comes from a folder or a file. */
export interface DevSource {
  /** The package's name: as the manifest has it, else as pyproject.toml has it. */
  readonly name: string;
  /** Whether it is managed. */
  readonly isManaged: boolean;
  /** Where from, in words. */
  readonly place: string;
  /** The keys that lead to it. */
  readonly at: readonly (string | number)[];
}

/** What the app's repository holds. */
export interface Repository {
  /** The folder of checkouts, relative to the app. */
  readonly packagesDir: string;
  /** The app's folder in it, with `/`: what lies beside it there is in the repository too. @default {""} */
  readonly folder?: string;
  /** Whether a folder in the folder of checkouts, relative to the app, is the repository's own. Default: none is. */
  readonly holds?: (path: string) => boolean;
}

/** What dev sources are told by. */
export interface DevSourceOptions extends Repository {
  /** The managed packages: their names by normalized name. */
  readonly managed: ReadonlyMap<string, string>;
}

/** The lists of requirements, each of which may say where a package comes from (PEP 508). */
const LISTS: readonly (readonly string[])[] = [
  ["project", "dependencies"],
  ["project", "optional-dependencies", "*"],
  ["dependency-groups", "*"],
  ["tool", "uv", "dev-dependencies"],
  ["tool", "uv", "constraint-dependencies"],
  ["tool", "uv", "override-dependencies"],
  ["tool", "uv", "build-constraint-dependencies"],
];

/**
 * Those sources and requirements of a pyproject.toml that take a managed package from a path, a local file or the uv
 * workspace, and those that take any other from a path that its repository does not hold. Pure.
 *
 * @param text The text of pyproject.toml.
 * @param path The file, as messages name it.
 * @throws {HsmError} `pyproject-invalid`
 */
export function findDevSources(
  text: string,
  path: string,
  options: DevSourceOptions,
): readonly DevSource[] {
  const { sources, workspace } = readProject(text, path);
  const { managed } = options;
  const found: DevSource[] = [];
  const add = (key: string, place: Place | undefined, at: DevSource["at"]) => {
    if (place === undefined) return;
    const name = managed.get(normalizeName(key));
    const isOwn = place.path === undefined ||
      (workspace !== undefined && isWorkspaceMember(workspace, place.path)) ||
      !leavesRepository(place.path, options);
    if (name === undefined && isOwn) return;
    found.push({ name: name ?? key, isManaged: name !== undefined, place: place.words, at });
  };
  for (const [key, value] of Object.entries(sources)) {
    const at = ["tool", "uv", "sources", key];
    if (!Array.isArray(value)) add(key, placeOf(value), at);
    else value.forEach((it, index) => add(key, placeOf(it), [...at, index]));
  }
  const root = parseData(text.replace(/^\uFEFF/, ""));
  for (const [at, item] of LISTS.flatMap((list) => itemsOf(root, list, []))) {
    const [, name, url] = DIRECT.exec(typeof item === "string" ? item : "") ?? [];
    if (name !== undefined) add(name, localUrl(url!), at);
  }
  return found;
}

/** `name [extras] @ url`, up to a marker. */
const DIRECT = /^\s*([\w.-]*\w)\s*(?:\[[^\]]*\]\s*)?@\s*(.+?)\s*(?:\s;.*)?$/s;

interface Place {
  /** The path; undefined: the uv workspace, which the repository holds. */
  readonly path: string | undefined;
  readonly words: string;
}

function placeOf(source: unknown): Place | undefined {
  const { path, url, workspace } = (source ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof path === "string") return { path, words: `the path ${path}` };
  if (workspace === true) return { path: undefined, words: "the workspace" };
  return typeof url === "string" ? localUrl(url) : undefined;
}

/** A URL that means a folder or file of this machine; a repository in a folder is one all the same. */
function localUrl(url: string): Place | undefined {
  const isRemote = /^[a-z][a-z0-9+.-]*:(?!\\)/i.test(url) && !/^file:/i.test(url) &&
    !/^[a-z]:\//i.test(url);
  if (isRemote) return undefined;
  const path = url.replace(/^file:(?:\/\/(?:localhost)?(?=\/))?/i, "")
    // uv puts the app's folder in.
    .replace(/^\/?\$\{PROJECT_ROOT\}\/?/, "./");
  return { path, words: `the path ${url}` };
}

/** Whether a path, seen from the app's folder, is one that the app's own repository does not hold. */
export function leavesRepository(
  path: string,
  { packagesDir, folder = "", holds = () => false }: Repository,
): boolean {
  const own = normalize(path).replaceAll("\\", "/").replace(/(?<=.)\/$/, "");
  if (own.startsWith("/") || /^(?:[a-z]|file):/i.test(own)) return true;
  if (/^\.\.(?:\/|$)/.test(normalize(`./${folder}/${own}`).replaceAll("\\", "/"))) return true;
  return (own === packagesDir || own.startsWith(`${packagesDir}/`)) && !holds(own);
}

/** The items of a list with their places; `*` stands for every key. */
function itemsOf(
  value: unknown,
  [key, ...rest]: readonly string[],
  at: DevSource["at"],
): readonly (readonly [DevSource["at"], unknown])[] {
  if (key === undefined) {
    return Array.isArray(value) ? value.map((item, index) => [[...at, index], item]) : [];
  }
  if (typeof value !== "object" || value === null) return [];
  const table = value as Readonly<Record<string, unknown>>;
  const keys = key === "*" ? Object.keys(table) : Object.hasOwn(table, key) ? [key] : [];
  return keys.flatMap((it) => itemsOf(table[it], rest, [...at, it]));
}
