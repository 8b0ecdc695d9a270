/**
 * The apps that a commit would change, with their files as it would hold them.
 *
 * @module
 */

import { dirname, join, normalize, relative } from "@std/path";
import { uvWorkspaceRoot } from "../adapters/uv_workspace.ts";
import type { CommitIndex, IndexedFile } from "../git/commit_index.ts";

/** The files that are at stake, wherever they are. */
export const STAKES: readonly string[] = ["hsm.yaml", "pyproject.toml", "uv.lock"];

/** A file of an app. */
export interface AppFile extends IndexedFile {
  /** Its path in the repository, with `/`. */
  readonly path: string;
}

/** An app, as a commit would hold it. */
export interface StagedApp {
  /** Its folder in the repository, with `/`; empty: the top. */
  readonly folder: string;
  readonly manifest: AppFile;
  readonly pyproject: AppFile;
  readonly lock: AppFile;
  /** Whether the commit would have a project in a folder, which is relative to the app. */
  readonly holds: (path: string) => boolean;
}

/**
 * The app that a folder is in, if the commit would change it; where it is in none, all those below.
 *
 * An app is where hsm.yaml is, in the commit or in the one before, or where pyproject.toml says that HSM has written to it.
 *
 * @param top The repository's top, absolute.
 * @param folder The folder, in the repository.
 */
export async function findStagedApps(
  index: CommitIndex,
  top: string,
  folder: string,
): Promise<readonly StagedApp[]> {
  if (!await index.isConcerned()) return [];
  for (let at = folder;; at = parentOf(at)) {
    if (await isApp(index, at)) return await withChanges([await readApp(index, top, at)]);
    if (at === "") break;
  }
  const below = [...new Set([...index.paths].map(parentOf))]
    .filter((it) => folder === "" || it.startsWith(`${folder}/`)).sort();
  const apps: StagedApp[] = [];
  for (const at of below) if (await isApp(index, at)) apps.push(await readApp(index, top, at));
  return withChanges(apps);
}

function withChanges(apps: readonly StagedApp[]): readonly StagedApp[] {
  return apps.filter((app) => filesOf(app).some((it) => it.isChanged));
}

/** The files of an app, in the order in which they are written. */
export function filesOf({ manifest, pyproject, lock }: StagedApp): readonly AppFile[] {
  return [manifest, pyproject, lock];
}

async function isApp(index: CommitIndex, folder: string): Promise<boolean> {
  if (index.paths.has(inFolder(folder, "hsm.yaml"))) return true;
  const path = inFolder(folder, "pyproject.toml");
  return index.paths.has(path) && await hasRecord((await index.file(path)).text ?? "");
}

/** Whether HSM has written to a pyproject.toml; what is wrong with one is not asked here, for most are no app's of HSM. */
async function hasRecord(text: string): Promise<boolean> {
  if (!text.includes("hsm")) return false;
  const { parseData } = await import("../toml/parse.ts");
  try {
    const { tool } = parseData(text.replace(/^\uFEFF/, ""));
    return typeof tool === "object" && "hsm" in tool;
  } catch {
    return text.includes("tool.hsm");
  }
}

async function readApp(index: CommitIndex, top: string, folder: string): Promise<StagedApp> {
  const read = async (path: string): Promise<AppFile> => ({ path, ...await index.file(path) });
  // Most often the lock file lies beside the others: all are read at once.
  const early = Promise.all(STAKES.map((name) => index.file(inFolder(folder, name))));
  const inside = (path: string) => relative(top, path).replaceAll("\\", "/");
  const lockFolder = await uvWorkspaceRoot(join(top, folder), async (path) => {
    const file = inside(path);
    return file.startsWith("../") ? undefined : (await index.file(file)).text;
  });
  await early;
  const [manifest, pyproject, lock] = await Promise.all([
    read(inFolder(folder, "hsm.yaml")),
    read(inFolder(folder, "pyproject.toml")),
    read(inFolder(inside(lockFolder), "uv.lock")),
  ]);
  const holds = (path: string) =>
    index.paths.has(normalize(inFolder(folder, `${path}/pyproject.toml`)));
  return { folder, manifest, pyproject, lock, holds };
}

function parentOf(path: string): string {
  const parent = dirname(path);
  return parent === "." ? "" : parent;
}

function inFolder(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}
