/**
 * Whether what is locked comes from where pyproject.toml says.
 *
 * uv does not say so: a lock file that has a package from an index, where pyproject.toml names a repository, passes
 * `uv lock --check` and `uv sync --locked` (0.13.9), and what bears the package's name there is installed.
 *
 * @module
 */

import { byKey } from "../../names.ts";
import { isTable, type Table } from "../../table.ts";
import type { AppFiles, Stranger } from "../adapter.ts";
import type { LockedGit, LockedPackage, LockedSource, LockFolders } from "../reader.ts";
import { isFolder, isSameSubdirectory, repositoryAddress, strangersAmong } from "../strangers.ts";
import { readUvProject } from "./project.ts";

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
  const { sources } = readUvProject(await files.pyproject(), "pyproject.toml");
  const isFromThere = (source: LockedSource, table: unknown) =>
    !isTable(table) || isFrom(source, table, folders);
  return strangersAmong(locked, packages, byKey(sources), isFromThere);
}

function isFrom(locked: LockedSource, wanted: Table, folders: LockFolders): boolean {
  const { git, path, workspace } = wanted;
  if (workspace === true) return locked.kind === "path" && !locked.isFile;
  if (typeof path === "string") return isFolder(locked, path, folders);
  // Others than these three HSM does not write.
  if (typeof git !== "string") return true;
  return locked.kind === "git" && isSameGit(locked, git, wanted);
}

function isSameGit(locked: LockedGit, git: string, wanted: Table): boolean {
  const asked = (key: "tag" | "rev" | "branch" | "subdirectory") => String(wanted[key] ?? "");
  return repositoryAddress(locked.url) === repositoryAddress(git) &&
    (["tag", "rev", "branch"] as const).every((key) => (locked[key] ?? "") === asked(key)) &&
    isSameSubdirectory(locked.subdirectory, asked("subdirectory"));
}
