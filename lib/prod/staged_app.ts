/**
 * The apps that a commit would change, with their files as it would hold them.
 *
 * @module
 */

import { dirname, join, relative } from "@std/path";
import { isWorkspaceMember, uvWorkspaceRoot } from "../adapters/uv/workspace.ts";
import { HsmError } from "../errors.ts";
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
  /** The pyproject.toml of others in its uv workspace, whose sources count too: of the root, and of members that change. */
  readonly others: readonly AppFile[];
}

/**
 * The apps that the commit would change: the one that a folder is in, and all those below.
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
  const changes = await index.changes();
  const folders = new Set(namedIn(index.paths, "hsm.yaml").map(folderOf));
  // What HSM has written to counts where something of it changes: there may be thousands of others.
  for (const at of new Set(changes.map(folderOf))) {
    if (!folders.has(at) && await hasRecord(index, at)) folders.add(at);
  }
  const own = [...folders].filter((it) => isInside(folder, it))
    .reduce<string | undefined>(
      (a, b) => a === undefined || b.length > a.length ? b : a,
      undefined,
    );
  const apps: StagedApp[] = [];
  for (const at of [...folders].sort()) {
    if (at !== own && !isInside(at, folder)) continue;
    // A workspace's root is above its members.
    const isNear = (it: string) => isInside(it, at) || isInside(at, it);
    if (!changes.some((it) => isNear(folderOf(it)))) continue;
    const app = await readApp(index, { top, folder: at, changes });
    if ([...filesOf(app), ...app.others].some((it) => it.isChanged)) apps.push(app);
  }
  return apps;
}

/** The files of an app, in the order in which they are written. */
export function filesOf({ manifest, pyproject, lock }: StagedApp): readonly AppFile[] {
  return [manifest, pyproject, lock];
}

/** Whether HSM has written to a pyproject.toml; what is wrong with one is not asked here, for most are no app's of HSM. */
async function hasRecord(index: CommitIndex, folder: string): Promise<boolean> {
  const { text = "" } = await index.file(inFolder(folder, "pyproject.toml"));
  if (!text.includes("hsm")) return false;
  const { parseData } = await import("../toml/parse.ts");
  try {
    const { tool } = parseData(text.replace(/^\uFEFF/, ""));
    return typeof tool === "object" && "hsm" in tool;
  } catch {
    return text.includes("tool.hsm");
  }
}

async function readApp(
  index: CommitIndex,
  { top, folder, changes }: {
    readonly top: string;
    readonly folder: string;
    readonly changes: readonly string[];
  },
): Promise<StagedApp> {
  const read = async (path: string): Promise<AppFile> => ({ path, ...await index.file(path) });
  // Most often the lock file lies beside the others: all are read at once.
  const early = Promise.all(STAKES.map((name) => index.file(inFolder(folder, name))));
  const inside = (path: string) => relative(top, path).replaceAll("\\", "/");
  const root = inside(
    await uvWorkspaceRoot(join(top, folder), async (path) => {
      const file = inside(path);
      return file.startsWith("../") ? undefined : (await index.file(file)).text;
    }),
  );
  await early;
  const [manifest, pyproject, lock, head] = await Promise.all([
    read(inFolder(folder, "hsm.yaml")),
    read(inFolder(folder, "pyproject.toml")),
    read(inFolder(root, "uv.lock")),
    read(inFolder(root, "pyproject.toml")),
  ]);
  // One that is an app itself is judged by itself.
  const isApp = (at: string) => at === folder || index.paths.has(inFolder(at, "hsm.yaml"));
  const candidates = namedIn(changes, "pyproject.toml").filter((it) =>
    it !== head.path && isInside(folderOf(it), root) && !isApp(folderOf(it))
  );
  const isMember = candidates.length === 0 ? () => false : await membership(head);
  const members = await Promise.all(
    candidates.filter((it) => isMember(relative(`/${root}`, `/${folderOf(it)}`))).map(read),
  );
  const others = root === folder ? members : [head, ...members];
  return { folder, manifest, pyproject, lock, others };
}

/** Tells the members of a uv workspace by their folders, seen from its root. */
async function membership({ text = "", path }: AppFile): Promise<(folder: string) => boolean> {
  const { readProject } = await import("../pyproject/read.ts");
  try {
    const { workspace } = readProject(text, path);
    return (folder) => workspace !== undefined && isWorkspaceMember(workspace, folder);
  } catch (error) {
    // Whoever changes it is told; anybody else is not.
    if (error instanceof HsmError) return () => false;
    throw error;
  }
}

function namedIn(paths: Iterable<string>, name: string): readonly string[] {
  return [...paths].filter((it) => it === name || it.endsWith(`/${name}`));
}

function isInside(path: string, folder: string): boolean {
  return folder === "" || path === folder || path.startsWith(`${folder}/`);
}

/** The folder of a file in the repository; empty: the top. */
export function folderOf(path: string): string {
  const parent = dirname(path);
  return parent === "." ? "" : parent;
}

function inFolder(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}
