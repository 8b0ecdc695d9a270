/**
 * Whether what is locked comes from where pyproject.toml says.
 *
 * uv does not say so: a lock file that has a package from an index, where pyproject.toml names a repository, passes
 * `uv lock --check` and `uv sync --locked` (0.13.9), and what bears the package's name there is installed.
 *
 * @module
 */

import { normalize, resolve } from "@std/path";
import { normalizeName } from "../../names.ts";
import { readProject } from "../../pyproject/read.ts";
import { readText } from "../../read_text.ts";
import type { Stranger } from "../adapter.ts";
import { type LockedPackage, readLock } from "./lock.ts";
import { uvWorkspaceRoot } from "./workspace.ts";

type Table = Readonly<Record<string, unknown>>;

/**
 * Those of the packages that uv.lock has from elsewhere than `[tool.uv.sources]` says. A package without a source there,
 * or with several, is the user's own business.
 *
 * @returns undefined where uv.lock is none that HSM knows.
 * @throws {HsmError} `io`
 */
export async function findStrangers(
  root: string,
  pyproject: string,
  packages: readonly string[],
): Promise<readonly Stranger[] | undefined> {
  const folder = await uvWorkspaceRoot(root);
  const text = await readText(`${folder}/uv.lock`, "uv.lock", "io");
  if (text === undefined) return [];
  const locked = readLock(text);
  if (locked === undefined) return undefined;
  return strangersAmong(locked, pyproject, packages, { root, folder });
}

/** {@linkcode findStrangers}, of a lock file that has been read. */
export function strangersAmong(
  locked: readonly LockedPackage[],
  pyproject: string,
  packages: readonly string[],
  { root, folder }: Folders,
): readonly Stranger[] {
  const asked = new Set(packages);
  const { sources } = readProject(pyproject, "pyproject.toml");
  const wanted = new Map(
    Object.entries(sources).map(([name, it]) => [normalizeName(name), it])
      .filter((entry): entry is [string, Table] => isTable(entry[1])),
  );
  return locked.filter(({ key, source }) => {
    const table = asked.has(key) ? wanted.get(key) : undefined;
    return table !== undefined && !isFrom(source, table, { root, folder });
  }).map((it) => ({ package: it.key, from: describe(it) }));
}

/** The folders that relative paths start from: in pyproject.toml, and in uv.lock. */
export interface Folders {
  readonly root: string;
  readonly folder: string;
}

function isFrom(locked: Table, wanted: Table, { root, folder }: Folders): boolean {
  const { git, path, workspace } = wanted;
  const place = [locked["editable"], locked["directory"], locked["virtual"]]
    .find((it) => typeof it === "string");
  if (workspace === true) return place !== undefined;
  if (typeof path === "string") {
    return typeof place === "string" && isSamePlace(resolve(folder, place), resolve(root, path));
  }
  // Others than these three HSM does not write.
  if (typeof git !== "string") return true;
  return typeof locked["git"] === "string" && isSameGit(locked["git"], wanted);
}

/** uv (0.9) may write an absolute path as a relative one, seen from where the root really is. */
function isSamePlace(one: string, other: string): boolean {
  if (one === other) return true;
  try {
    return Deno.realPathSync(one) === Deno.realPathSync(other);
  } catch {
    return false;
  }
}

function isSameGit(locked: string, wanted: Table): boolean {
  const address = locked.replace(/[?#].*$/s, "");
  const query = new URLSearchParams(/\?([^#]*)/.exec(locked)?.[1]);
  const isSame = (key: string, form: (text: string) => string) =>
    form(query.get(key) ?? "") === form(String(wanted[key] ?? ""));
  return repository(address) === repository(String(wanted["git"])) &&
    ["tag", "rev", "branch"].every((key) => isSame(key, (text) => text)) &&
    isSame("subdirectory", (text) => normalize(text).replace(/[\\/]+$/, ""));
}

/** A repository's address as uv keeps it: without what only signs in. */
function repository(address: string): string {
  try {
    const url = new URL(address.replace(/^git\+/, ""));
    if (url.protocol !== "ssh:") url.username = "";
    url.password = "";
    return decodeURI(url.href).replace(/\/+$/, "");
  } catch {
    return address;
  }
}

function describe({ source }: LockedPackage): string {
  const [kind = "nowhere", place] = Object.entries(source)[0] ?? [];
  return kind === "registry" ? `the index ${place}` : `${place ?? kind}`;
}

function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
