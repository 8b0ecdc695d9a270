/**
 * Whether what is locked comes from where pyproject.toml says.
 *
 * uv does not say so: a lock file that has a package from an index, where pyproject.toml names a repository, passes
 * `uv lock --check` and `uv sync --locked` (0.13.9), and what bears the package's name there is installed.
 *
 * @module
 */

import { normalize, resolve } from "@std/path";
import { attempt } from "../../attempt.ts";
import { byKey } from "../../names.ts";
import { readUvProject } from "./project.ts";
import type { AppFiles, Stranger } from "../adapter.ts";
import type { LockedGit, LockedPackage, LockedSource, LockFolders } from "../reader.ts";
import { isTable, type Table } from "../../table.ts";

/**
 * Those of the packages that uv.lock has from elsewhere than `[tool.uv.sources]` says. A package without a source there,
 * or with several, is the user's own business. Touches nothing.
 */
export async function findStrangers(
  locked: readonly LockedPackage[],
  files: AppFiles,
  packages: readonly string[],
  folders: LockFolders,
): Promise<readonly Stranger[]> {
  const asked = new Set(packages);
  const { sources } = readUvProject(await files.pyproject(), "pyproject.toml");
  const wanted = byKey(sources);
  return locked.filter(({ key, source }) => {
    const table = asked.has(key) ? wanted.get(key) : undefined;
    return isTable(table) && !isFrom(source, table, folders);
  }).map(({ key, source, written }) => ({
    package: key,
    from: source.kind === "index" ? `the index ${written}` : written,
  }));
}

function isFrom(locked: LockedSource, wanted: Table, { root, lock }: LockFolders): boolean {
  const { git, path, workspace } = wanted;
  const place = locked.kind === "path" && !locked.isFile ? locked.path : undefined;
  if (workspace === true) return place !== undefined;
  if (typeof path === "string") {
    return place !== undefined && isSamePlace(resolve(lock, place), resolve(root, path));
  }
  // Others than these three HSM does not write.
  if (typeof git !== "string") return true;
  return locked.kind === "git" && isSameGit(locked, git, wanted);
}

/** uv (0.9) may write an absolute path as a relative one, seen from where the root really is. */
function isSamePlace(one: string, other: string): boolean {
  const isSame = () => Deno.realPathSync(one) === Deno.realPathSync(other);
  return one === other || attempt(isSame) === true;
}

function isSameGit(locked: LockedGit, git: string, wanted: Table): boolean {
  const isSame = (key: keyof typeof locked, form: (text: string) => string) =>
    form(locked[key] ?? "") === form(String(wanted[key] ?? ""));
  return repository(locked.url) === repository(git) &&
    (["tag", "rev", "branch"] as const).every((key) => isSame(key, (text) => text)) &&
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
