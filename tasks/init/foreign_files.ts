/**
 * The files in which other tools say where packages come from.
 *
 * @module
 */

import { exists } from "@std/fs/exists";
import { basename, join } from "@std/path";
import { HsmError } from "../../lib/errors.ts";
import { readText } from "../../lib/files/read_text.ts";
import type { Context } from "../../lib/process/context.ts";
import type { WorkspaceContext } from "../../lib/workspace/context.ts";
import { readSubmodulePackages } from "./gitmodules.ts";
import type {
  FolderPackage,
  ForeignFile,
  ForeignPackage,
  Skipped,
} from "../../lib/adapters/found_packages.ts";
import { mapAll } from "../../lib/process/pool.ts";
import { filesOnDisk } from "../../lib/workspace/manager_files.ts";
import { irregularFile } from "../../lib/workspace/regular_files.ts";
import { readFolderPackage } from "./from_folder.ts";
import { readRepos } from "./vcstool.ts";

/** Where they are, and who reads the sources in a pyproject.toml. */
type Place = Context & Pick<WorkspaceContext, "adapter">;

/**
 * Finds the files in the app's folder that name packages in git, and reads them: the package manager's own first.
 *
 * @throws {HsmError} `io` where one is no regular file; what `readForeignFile()` throws
 */
export async function findForeignFiles(place: Place): Promise<readonly ForeignFile[]> {
  const { root } = place;
  const names: string[] = [];
  for await (const entry of Deno.readDir(root)) {
    if (!entry.isDirectory && /\.(?:repos|rosinstall)$/.test(entry.name)) names.push(entry.name);
  }
  const candidates = [".gitmodules", "mx.ini", ...names.sort()];
  const own = await place.adapter.packagesOf(filesOnDisk(root));
  const found: ForeignFile[] = [];
  for (const it of await mapAll(own, 1, (file) => locate(place, file))) {
    if (it.packages.length > 0 || it.skipped.length > 0) found.push(it);
  }
  for (const file of candidates) {
    const problem = irregularFile(join(root, file), file);
    if (problem !== undefined) throw problem;
    if (!await exists(join(root, file))) continue;
    const read = await readForeignFile(place, file);
    if (read.packages.length > 0 || read.skipped.length > 0) found.push(read);
  }
  return found;
}

/**
 * Reads one such file.
 *
 * @param file The file, relative to the root.
 * @throws {HsmError} `usage` where it is missing or of no known kind; `io` where it is no regular file; `manifest-invalid`,
 * `pyproject-invalid`
 */
export async function readForeignFile(place: Place, file: string): Promise<ForeignFile> {
  const text = await readText(join(place.root, file), file, "manifest-invalid");
  if (text === undefined) throw unreadable(file, "there is no such file");
  const name = basename(file);
  if (name === ".gitmodules") {
    const submodules = await readSubmodulePackages(place, file);
    if (submodules === undefined) throw unreadable(file, "git cannot read it");
    return submodules;
  }
  if (name.endsWith(".toml")) {
    return await locate(place, await place.adapter.packagesIn(file, text));
  }
  if (REQUIREMENTS.test(file)) {
    const { readPipPackages } = await import("../../lib/adapters/pip/foreign_lines.ts");
    return await locate(place, readPipPackages(text, file));
  }
  if (name.endsWith(".ini") || name.endsWith(".cfg")) {
    const { readMxIni } = await import("./mxdev.ts");
    return readMxIni(text, file);
  }
  if (/\.(?:repos|rosinstall|ya?ml)$/.test(name)) return readRepos(text, file);
  throw unreadable(file, "it is of no kind that hsm knows");
}

/** The names of requirement files, and of those in a folder of such a name. */
const REQUIREMENTS = /(?:requirement|constraint)[^/]*(?:\/[^/]+)?\.(?:txt|in)$/;

/** The packages that come from folders, as far as those are checkouts. */
async function locate(
  place: Place,
  { packages: all, ...file }: ForeignFile<ForeignPackage | FolderPackage>,
): Promise<ForeignFile> {
  const packages: ForeignPackage[] = [];
  const skipped: Skipped[] = [...file.skipped];
  const located = await mapAll(
    all,
    place.jobs,
    (it) => "folder" in it ? readFolderPackage(place, it) : Promise.resolve(it),
  );
  for (const [at, it] of located.entries()) {
    if (typeof it !== "string") packages.push(it);
    else skipped.push({ name: all[at]!.name ?? (all[at] as FolderPackage).folder, reason: it });
  }
  return { ...file, packages, skipped };
}

function unreadable(file: string, state: string): HsmError {
  return new HsmError("usage", `Cannot take packages over from ${file}: ${state}`, {
    hint:
      "name a pyproject.toml, requirements.txt, .gitmodules, mx.ini, .repos or .rosinstall file",
  });
}
