/**
 * What the packages of a workspace say of themselves: dev packages from their checkouts, prod packages from their pins,
 * through the cache.
 *
 * @module
 */

import { join } from "@std/path";
import { HsmError } from "../errors.ts";
import { given } from "../given.ts";
import type { PackageSource } from "../packages/injection.ts";
import type { ManifestPackage } from "../manifest/model.ts";
import { normalizeName } from "../names.ts";
import { mapAll } from "../process/pool.ts";
import type { Component, ComponentMetadata } from "../reconcile/model.ts";
import type { Problem } from "../reconcile/problem.ts";
import { readMetadata } from "../reconcile/read_metadata.ts";
import type { GitSource } from "../packages/source.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { cacheFolder } from "../cache/cache.ts";
import { type DistributionFiles, MAX_TEXT, MetadataCache } from "./cache.ts";
import { describedVersion, isVersionFromGit, versionOfTag } from "./derive_version.ts";
import { type PinnedFiles, PinReader } from "./pin_reader.ts";

/**
 * Reads the metadata of packages. Runs no foreign code, and touches nothing but the cache.
 *
 * @param sources Where the packages come from.
 * @param online Whether the remote of a package, given by its normalized name, may be asked; a tag or branch is then
 * looked up again. Of the others only what the cache knows is read.
 * @param ahead Has read pins already.
 */
export async function readComponents(
  workspace: Workspace,
  sources: readonly PackageSource[],
  online: (key: string) => boolean,
  ahead?: PinReader,
): Promise<readonly Component[]> {
  const bySource = new Map(sources.map((it) => [normalizeName(it.package), it.source]));
  const packages = workspace.manifest.packages.filter((it) => bySource.has(it.key));
  const reader = ahead ?? new PinReader(
    new MetadataCache(cacheFolder(workspace.env)),
    workspace,
    sources.map((it) => it.source).filter((it) => it.kind === "git"),
  );
  const components = await mapAll(packages, Math.max(workspace.jobs, 16), async (it) => {
    const source = bySource.get(it.key)!;
    using _ = workspace.reporter.progress(`Reading what ${it.name} needs`);
    const read = source.kind === "git"
      ? await readPinned(workspace, reader, it, source, online(it.key))
      : await readCheckout(workspace, it, source.path);
    const { name, mode, extras, group, require } = it;
    return { name, mode, extras, require, ...given({ group }), ...read };
  });
  const silent = packages.filter((it) => {
    const source = bySource.get(it.key);
    return source?.kind === "git" && online(it.key) && reader.isSilent(source.git);
  });
  if (silent.length > 0) {
    workspace.reporter.warn(
      `no answer from the remotes of ${silent.map((it) => it.name).join(", ")}: ` +
        "their tags and branches are taken to be where they were",
    );
  }
  return components;
}

type Read = Pick<Component, "file" | "metadata" | "unchecked" | "problems">;

async function readCheckout(
  workspace: Workspace,
  it: ManifestPackage,
  folder: string,
): Promise<Read> {
  const nameFile = (name: string) => `${folder}/${name}`;
  const text = (name: string) => workspace.readCheckoutFile(nameFile(name));
  try {
    const pyproject = await text("pyproject.toml");
    // Most say it all there, and a file that is not there is the dearest to look for.
    const first = readFiles(it.name, { pyproject, setupCfg: undefined, setupPy: false }, nameFile);
    const read = isTold(first) ? first : readFiles(it.name, {
      pyproject,
      setupCfg: await text("setup.cfg"),
      setupPy: await exists(join(workspace.root, folder, "setup.py")),
    }, nameFile);
    if (!isVersionOpen(read.metadata) || !isVersionFromGit(pyproject)) return read;
    const version = await describedVersion(
      workspace,
      join(workspace.root, it.path),
      it,
    );
    return withVersion(read, version);
  } catch (error) {
    if (!(error instanceof HsmError)) throw error;
    const file = String(error.details["file"] ?? `${folder}/pyproject.toml`);
    return { file, metadata: undefined, problems: [broken(it.name, file, error.message)] };
  }
}

/** Whether a file said something, be it that it is broken. */
function isTold({ metadata, problems }: Read): boolean {
  return metadata !== undefined || (problems !== undefined && problems.length > 0);
}

function exists(path: string): Promise<boolean> {
  return Deno.stat(path).then(() => true, () => false);
}

/** What a package says of itself at a pin. */
export async function readPinned(
  workspace: Workspace,
  reader: PinReader,
  it: ManifestPackage,
  source: GitSource,
  online: boolean,
): Promise<Read> {
  // Twelve digits of a commit tell it from all others.
  const pin = source.tag ?? source.rev?.slice(0, 12) ?? source.branch;
  const folder = source.subdirectory === undefined ? "" : `${source.subdirectory}/`;
  const nameFile = (name: string) => `${it.name}@${pin}:${folder}${name}`;
  const pinned: PinnedFiles = await reader.read(source, { online });
  const file = nameFile("pyproject.toml");
  if (pinned.kind === "unchecked") return { file, metadata: undefined, unchecked: pinned.reason };
  if (pinned.kind === "missing") {
    const { pinNotFound } = await import("./pin_not_found.ts");
    return { file, metadata: undefined, problems: [await pinNotFound(workspace, it, source)] };
  }
  const read = readFiles(it.name, pinned.files, nameFile);
  if (!isVersionOpen(read.metadata) || source.tag === undefined) return read;
  if (!isVersionFromGit(pinned.files.pyproject)) return read;
  return withVersion(read, versionOfTag(source.tag, it));
}

/** The metadata in the first of the files that has it. */
function readFiles(
  component: string,
  files: DistributionFiles,
  nameFile: (name: string) => string,
): Read {
  const problems: Problem[] = [];
  let unchecked = "it has no pyproject.toml, setup.cfg or setup.py";
  const candidates = [
    ["pyproject.toml", files.pyproject],
    ["setup.cfg", files.setupCfg],
    ["setup.py", files.setupPy ? "" : undefined],
  ] as const;
  for (const [name, text] of candidates) {
    if (text === undefined) continue;
    const file = nameFile(name);
    const wrong = wrongText(text, file);
    if (wrong !== undefined) {
      return { file, metadata: undefined, problems: [broken(component, file, wrong)] };
    }
    const result = readMetadata({ component, file, text });
    problems.push(...result.problems);
    const read = { file, metadata: result.metadata, problems };
    if (isTold(read)) return read;
    unchecked = result.unchecked ?? unchecked;
  }
  return { file: nameFile("pyproject.toml"), metadata: undefined, unchecked, problems };
}

/** What is wrong with a file before it is read; git gives what is not UTF-8 with replacement characters. */
function wrongText(text: string, file: string): string | undefined {
  if (text.length > MAX_TEXT) return `Cannot read ${file}: it has more than 1 MB`;
  const at = text.indexOf("\uFFFD");
  if (at < 0) return undefined;
  return `Cannot read ${file}: line ${text.slice(0, at).split("\n").length} is not UTF-8`;
}

function isVersionOpen(metadata: ComponentMetadata | undefined): boolean {
  return metadata !== undefined && metadata.version === undefined &&
    metadata.dynamic.includes("version");
}

function withVersion(read: Read, version: string | undefined): Read {
  if (version === undefined || read.metadata === undefined) return read;
  return { ...read, metadata: { ...read.metadata, version } };
}

function broken(component: string, file: string, message: string): Problem {
  return {
    code: "metadata-broken",
    severity: "error",
    message: `${component}: ${message}`,
    sides: [{ component, file }],
    fix: `correct ${file}`,
  };
}
