/**
 * The apps that a commit would change, with their files as it would hold them.
 *
 * @module
 */

import { dirname, join, relative } from "@std/path";
import type { AppFiles, CompleteAdapter } from "../adapters/adapter.ts";
import { HsmError } from "../errors.ts";
import type { CommitIndex, IndexedFile } from "../git/commit_index.ts";
import type { Manifest } from "../manifest/model.ts";
import { inFolder, isInside, relativePath } from "../platform/paths.ts";
import { committedFiles } from "./committed_files.ts";

/** The files that are at stake with one of these package managers, seen from an app's folder. */
export function stakesOf(
  adapters: readonly Pick<CompleteAdapter, "markedFiles" | "lockNames">[],
): readonly string[] {
  const own = adapters.flatMap((it) => [...it.markedFiles, ...it.lockNames]);
  return [...new Set(["hsm.yaml", "pyproject.toml", ...own])];
}

/** How {@linkcode findStagedApps} looks. */
export interface FindStagedAppsOptions {
  /** The repository's top, absolute. */
  readonly top: string;
  /** The folder, in the repository. */
  readonly folder: string;
  /** The package managers that an app may have, the default first. */
  readonly adapters: readonly CompleteAdapter[];
  /** The package manager of the app in a folder of the repository, and its environment, by the text of its hsm.yaml. */
  readonly managerOf: (folder: string, manifest: string) => Promise<StagedManager>;
}

/** A package manager, as hsm.yaml names it. */
export type StagedManager = Pick<StagedApp, "adapter"> & Pick<Manifest, "environment">;

/** A file of an app. */
export interface AppFile extends IndexedFile {
  /** Its path in the repository, with `/`. */
  readonly path: string;
}

/** An app, as a commit would hold it. */
export interface StagedApp {
  /** Its folder in the repository, with `/`; empty: the top. */
  readonly folder: string;
  /** Its package manager. */
  readonly adapter: CompleteAdapter;
  /** Its files, as that sees them. */
  readonly files: AppFiles;
  readonly manifest: AppFile;
  readonly pyproject: AppFile;
  /** The files that HSM writes into, which say where packages come from: pyproject.toml for most. */
  readonly edited: readonly AppFile[];
  /** undefined: its package manager writes none. */
  readonly lock: AppFile | undefined;
  /** The pyproject.toml of others in the package manager's workspace, whose sources count too: of the root, and of members that change. */
  readonly others: readonly AppFile[];
}

/**
 * The apps that the commit would change: the one that a folder is in, and all those below.
 *
 * An app is where hsm.yaml is, in the commit or in the one before, or where a package manager says that HSM has written
 * something for it.
 */
export async function findStagedApps(
  index: CommitIndex,
  options: FindStagedAppsOptions,
): Promise<readonly StagedApp[]> {
  const { folder, adapters, managerOf } = options;
  const changes = await index.changes();
  const folders = new Map<string, CompleteAdapter | undefined>(
    namedIn(index.paths, "hsm.yaml").map((it) => [folderOf(it), undefined]),
  );
  // What HSM has written to counts where something of it changes: there may be thousands of others.
  for (const at of new Set(changes.map(folderOf))) {
    const adapter = folders.has(at) ? undefined : await writtenFor(index, at, adapters);
    if (adapter !== undefined) folders.set(at, adapter);
  }
  const own = [...folders.keys()].filter((it) => isInside(folder, it))
    .sort((a, b) => b.length - a.length)[0];
  const apps: StagedApp[] = [];
  for (const at of [...folders.keys()].sort()) {
    if (at !== own && !isInside(at, folder)) continue;
    // A workspace's root is above its members.
    const isNear = (it: string) => isInside(it, at) || isInside(at, it);
    const hasChanges = changes.some((it) => isNear(folderOf(it)));
    if (!hasChanges && !index.changesIn(at)) continue;
    const manifest = await index.file(inFolder(at, "hsm.yaml"));
    const adapter = folders.get(at);
    const manager = adapter === undefined
      ? await managerOf(at, manifest.text ?? "")
      : { adapter, environment: undefined };
    if (!hasChanges && !await changesEdited(index, at, manager)) continue;
    const app = await readApp(index, { ...options, folder: at, changes, manager });
    if ([...filesOf(app), ...app.others].some((it) => it.isChanged)) apps.push(app);
  }
  return apps;
}

/** Whether the commit changes a file of an app that only others of its files lead to. */
async function changesEdited(
  index: CommitIndex,
  folder: string,
  { adapter, environment }: StagedManager,
): Promise<boolean> {
  for (const file of await adapter.edited(filesIn(index, folder, environment))) {
    if ((await index.file(inFolder(folder, file))).isChanged) return true;
  }
  return false;
}

/** The files of an app, in the order in which they are written. */
export function filesOf({ manifest, pyproject, edited, lock }: StagedApp): readonly AppFile[] {
  const others = edited.filter((it) => it.path !== pyproject.path);
  return [manifest, pyproject, ...others, ...lock === undefined ? [] : [lock]];
}

/** The package manager for which HSM has written something into a folder; what is wrong there is not told here. */
async function writtenFor(
  index: CommitIndex,
  folder: string,
  adapters: readonly CompleteAdapter[],
): Promise<CompleteAdapter | undefined> {
  const files = filesIn(index, folder, undefined);
  for (const adapter of adapters) {
    const texts = await Promise.all(adapter.markedFiles.map(async (file) => {
      const text = await files.read(file);
      // Most of these are no app's of HSM.
      return file === "pyproject.toml" && !text?.includes("hsm") ? undefined : text;
    }));
    if (texts.every((it) => it === undefined)) continue;
    try {
      if ((await adapter.owned(files)).length > 0) return adapter;
    } catch (error) {
      if (!(error instanceof HsmError)) throw error;
      // Whoever changes it is told.
      if (texts.some((it) => it?.includes("tool.hsm"))) return adapter;
    }
  }
  return undefined;
}

function filesIn(
  index: CommitIndex,
  folder: string,
  environment: string | undefined,
): AppFiles {
  const read = async (file: string) => (await index.file(inFolder(folder, file))).text;
  return committedFiles(read, environment);
}

async function readApp(
  index: CommitIndex,
  { top, folder, changes, adapters, manager }: FindStagedAppsOptions & {
    readonly changes: readonly string[];
    readonly manager: StagedManager;
  },
): Promise<StagedApp> {
  const read = async (path: string): Promise<AppFile> => ({ path, ...await index.file(path) });
  // Most often the lock file lies beside the others: all are read at once.
  const early = Promise.all(stakesOf(adapters).map((name) => index.file(inFolder(folder, name))));
  const inside = (path: string) => relativePath(top, path);
  const manifest = await read(inFolder(folder, "hsm.yaml"));
  const { adapter, environment } = manager;
  const files = filesIn(index, folder, environment);
  const [locked] = (await adapter.lockFiles(join(top, folder), async (path) => {
    const file = inside(path);
    return file.startsWith("../") ? undefined : (await index.file(file)).text;
  })).map(inside);
  const root = locked === undefined ? folder : folderOf(locked);
  await early;
  const [pyproject, edited, lock, head] = await Promise.all([
    read(inFolder(folder, "pyproject.toml")),
    adapter.edited(files).then((all) => Promise.all(all.map((it) => read(inFolder(folder, it))))),
    locked === undefined ? undefined : read(locked),
    read(inFolder(root, "pyproject.toml")),
  ]);
  // One that is an app itself is judged by itself.
  const isApp = (at: string) => at === folder || index.paths.has(inFolder(at, "hsm.yaml"));
  const candidates = namedIn(changes, "pyproject.toml").filter((it) =>
    it !== head.path && isInside(folderOf(it), root) && !isApp(folderOf(it))
  );
  const isMember = candidates.length === 0 ? () => false : await membership(adapter, head);
  const members = await Promise.all(
    candidates.filter((it) => isMember(relative(`/${root}`, `/${folderOf(it)}`))).map(read),
  );
  const others = root === folder ? members : [head, ...members];
  return { folder, adapter, files, manifest, pyproject, edited, lock, others };
}

/** Tells the members of a workspace by their folders, seen from its root. */
async function membership(
  adapter: CompleteAdapter,
  { text = "", path }: AppFile,
): Promise<(folder: string) => boolean> {
  try {
    return await adapter.members(text, path) ?? (() => false);
  } catch (error) {
    // Whoever changes it is told; anybody else is not.
    if (error instanceof HsmError) return () => false;
    throw error;
  }
}

function namedIn(paths: Iterable<string>, name: string): readonly string[] {
  return [...paths].filter((it) => it === name || it.endsWith(`/${name}`));
}

/** The folder of a file in the repository; empty: the top. */
export function folderOf(path: string): string {
  const parent = dirname(path);
  return parent === "." ? "" : parent;
}
