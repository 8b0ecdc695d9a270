/**
 * Where the distribution of a package lies that is about to be added.
 *
 * @module
 */

import { repositoryFiles } from "../../lib/checkout/distribution.ts";
import { findFolders, readFolder, type RepositoryFiles } from "../../lib/checkout/find_folders.ts";
import { HsmError } from "../../lib/errors.ts";
import type { ManifestPackage, Pin } from "../../lib/manifest/model.ts";
import type { DistributionFiles } from "../../lib/metadata/cache.ts";
import { findInCommit } from "../../lib/metadata/find_in_commit.ts";
import { normalizeName } from "../../lib/names.ts";
import { PinReader, refOf } from "../../lib/metadata/pin_reader.ts";
import type { Workspace } from "../../lib/workspace/workspace.ts";
import { describePin } from "../../lib/packages/describe_pin.ts";
import { prodSource } from "../../lib/packages/map_package.ts";
import { isThere } from "../../lib/files/is_there.ts";

/** What looking for a package came to. */
export interface FoundFolder {
  /** Its folder; undefined where it lies at the top, or where nobody can say. */
  readonly folder: string | undefined;
  /** Whether it certainly is in no folder. */
  readonly isNowhere: boolean;
}

/**
 * The folder of a package now: in its checkout where it has one and is to use it, else at its remote's HEAD.
 *
 * @throws {HsmError} `source-not-found` where several folders have its name
 */
export async function findFolder(
  workspace: Workspace,
  it: ManifestPackage,
  { dev }: { readonly dev: boolean },
): Promise<FoundFolder> {
  const folders = dev && isThere(workspace.root, it.path)
    ? await findFolders(repositoryFiles(workspace, it.path), it.key)
    : (await findInCommit(workspace, it, "HEAD"))?.folders;
  return { folder: onlyFolder(it, folders), isNowhere: folders?.length === 0 };
}

/**
 * The folder of a package at its pin. Reads its metadata there into the cache, where the check then finds it.
 *
 * @param it The package, with the folder that it has elsewhere.
 * @returns The folder that it has elsewhere where nobody can say.
 * @throws {HsmError} `source-not-found` where it is in no folder, or in several that all have its name
 */
export async function findFolderAt(
  workspace: Workspace,
  it: ManifestPackage,
  pin: Pin,
): Promise<string | undefined> {
  const source = await prodSource(workspace, { ...it, pin }, true);
  const reader = new PinReader(workspace, [source]);
  const read = await reader.read(source, { online: true });
  if (read.kind !== "read") return it.subdirectory;
  const there = await readFolder(filesOf(read.files), "");
  if (there === "unclear" || (there && normalizeName(there.name) === it.key)) {
    return it.subdirectory;
  }
  const found = await findInCommit(workspace, it, refOf(source) ?? read.commit);
  if (found === undefined) return it.subdirectory;
  const { folders } = found;
  // One of another name is for the check to tell of.
  if (folders.length === 0 && there === undefined) {
    throw notFound(it, `no pyproject.toml at ${describePin(pin)} has this name`);
  }
  return onlyFolder(it, folders);
}

function onlyFolder(
  it: ManifestPackage,
  folders: readonly string[] = [],
): string | undefined {
  const [folder, ...others] = folders;
  if (others.length > 0) throw notFound(it, `${folders.join(", ")} all have this name`);
  return folder === "" ? undefined : folder;
}

/** What is known of one folder, as if it were a repository of its own. */
function filesOf(
  { pyproject, setupCfg, setupPy }: DistributionFiles,
): Pick<RepositoryFiles, "text" | "has"> {
  const has = { "setup.cfg": setupCfg !== undefined, "setup.py": setupPy !== "none" };
  return {
    text: (path) => Promise.resolve(path === "pyproject.toml" ? pyproject : undefined),
    has: (path) => Promise.resolve(has[path as keyof typeof has] ?? false),
  };
}

function notFound(it: ManifestPackage, state: string): HsmError {
  return new HsmError("source-not-found", `Cannot find ${it.name} in its repository: ${state}`, {
    hint: "say where it lies with `--subdirectory DIR`",
    details: { package: it.name },
  });
}
