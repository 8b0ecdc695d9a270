/**
 * What a package says of itself: a dev package in its checkout, a prod package at its pin.
 *
 * @module
 */

import { join } from "@std/path";
import type { CompleteAdapter } from "../adapters/adapter.ts";
import { repositoryFiles } from "../checkout/distribution.ts";
import { findFolders } from "../checkout/find_folders.ts";
import { HsmError } from "../errors.ts";
import { given } from "../given.ts";
import type { ManifestPackage } from "../manifest/model.ts";
import { normalizeName } from "../names.ts";
import type { Component, ComponentMetadata } from "../reconcile/model.ts";
import { broken, type Problem } from "../reconcile/problem.ts";
import type { MetadataFile, MetadataResult } from "../project/metadata_file.ts";
import { placeFix } from "../reconcile/place_fix.ts";
import type { GitSource } from "../source.ts";
import type { CheckoutFiles } from "../workspace/checkout_files.ts";
import { completeMetadata, FIELDS, kindOfSetupPy, tagVersion } from "../project/setup_cfg.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { type DistributionFiles, type FileAbove, MAX_TEXT } from "./cache.ts";
import { describedVersion, isVersionFromGit, versionOfTag } from "./derive_version.ts";
import { rootsAbove } from "../files/fold_path.ts";
import { inFolder } from "../platform/paths.ts";
import { findInCommit } from "./find_in_commit.ts";
import { type PinnedFiles, refOf } from "./pin_reader.ts";

/** What was read of a package. */
export type Read = Pick<
  Component,
  "places" | "file" | "metadata" | "unchecked" | "problems" | "commit"
>;

/**
 * What a package says of itself in its checkout. Runs no foreign code, and touches nothing.
 *
 * @param folder The folder of its distribution, relative to the root.
 */
export async function readCheckout(
  workspace: Workspace,
  it: ManifestPackage,
  folder: string,
  files: CheckoutFiles,
): Promise<Read> {
  const read = await readDistribution(workspace, it, folder, files);
  if (!isMisnamed(read.metadata, it)) return read;
  // Where it is not where it is said to be, it may be in other folders of the checkout.
  return { ...read, places: await findFolders(repositoryFiles(workspace, it.path, files), it.key) };
}

async function readDistribution(
  workspace: Workspace,
  it: ManifestPackage,
  folder: string,
  checkout: CheckoutFiles,
): Promise<Read> {
  const names: Names = { component: it.name, top: `${it.path}/`, folder: pathIn(it.path, folder) };
  const text = (name: string) => checkout.text(`${folder}/${name}`);
  try {
    const pyproject = await text("pyproject.toml");
    const above = await readAbove(checkout, it.path, names.folder);
    const alone = { pyproject, setupCfg: undefined, setupPy: "none", ...above } as const;
    const first = await readFiles(workspace, alone, names);
    // Most say it all there, and a file that is not there is the dearest to look for.
    const files = first.isAll ? alone : {
      pyproject,
      setupCfg: await text("setup.cfg"),
      setupPy: kindOfSetupPy(await text("setup.py").catch(() => "?")),
      ...above,
    };
    const { isAll: _, ...read } = first.isAll ? first : await readFiles(workspace, files, names);
    if (!isVersionOpen(read.metadata) || !isVersionFromGit(pyproject)) return read;
    const directory = join(workspace.root, it.path);
    return withVersion(read, await describedVersion(workspace, directory, it), files);
  } catch (error) {
    if (!(error instanceof HsmError)) throw error;
    const file = String(error.details["file"] ?? folder);
    return { file, metadata: undefined, problems: [unusable(it.name, file, error.message)] };
  }
}

/** The nearest pyproject.toml above a distribution in its checkout. */
async function readAbove(
  files: CheckoutFiles,
  checkout: string,
  folder: string | undefined,
): Promise<Pick<DistributionFiles, "above">> {
  for (const above of rootsAbove(folder)) {
    const text = await files.text(`${checkout}/${inFolder(above, "pyproject.toml")}`);
    if (text !== undefined) return { above: { folder: above, text } };
  }
  return {};
}

/** The way from a checkout to a folder in it; undefined: it is the checkout itself, or outside of it. */
function pathIn(checkout: string, folder: string): string | undefined {
  return folder.startsWith(`${checkout}/`) ? folder.slice(checkout.length + 1) : undefined;
}

/**
 * What a package says of itself at a pin.
 *
 * @param pin `online`: whether its remote may be asked for more than what was read of it.
 */
export async function readPinned(
  workspace: Workspace,
  it: ManifestPackage,
  { source, pinned, online }: {
    readonly source: GitSource;
    readonly pinned: PinnedFiles;
    readonly online: boolean;
  },
): Promise<Read> {
  // Twelve digits of a commit tell it from all others.
  const pin = source.tag ?? source.rev?.slice(0, 12) ?? source.branch;
  const names = { component: it.name, top: `${it.name}@${pin}:`, folder: source.subdirectory };
  // Which files it has is not known.
  const file = nameFile(names, "").replace(/[:/]$/, "");
  if (pinned.kind === "unchecked") return { file, metadata: undefined, unchecked: pinned.reason };
  if (pinned.kind === "missing") {
    const { pinNotFound } = await import("./pin_not_found.ts");
    return { file, metadata: undefined, problems: [await pinNotFound(workspace, it, source)] };
  }
  const { isAll: _, ...told } = await readFiles(workspace, pinned.files, names);
  const { adapter } = workspace;
  const read = { ...withSubmodules(told, it, pinned.files, adapter), commit: pinned.commit };
  const { pyproject, setupCfg, setupPy } = pinned.files;
  const isBare = pyproject === undefined && setupCfg === undefined && setupPy === "none";
  if (online && (isBare || isMisnamed(read.metadata, it))) {
    const found = await findInCommit(workspace, it, refOf(source) ?? pinned.commit);
    const { folders: places = [], isHidden = true } = found ?? {};
    if (!isBare || isHidden) return { ...read, places };
    return { file, metadata: undefined, places, problems: [absent(it, places)] };
  }
  if (!isVersionOpen(read.metadata) || source.tag === undefined) return read;
  if (!isVersionFromGit(pinned.files.pyproject)) return read;
  return withVersion(read, versionOfTag(source.tag, it), pinned.files);
}

/** Whether what is where the package is said to be certainly has another name. */
function isMisnamed(metadata: ComponentMetadata | undefined, { key }: ManifestPackage): boolean {
  const { name, guesses = [] } = metadata ?? {};
  return name !== undefined && normalizeName(name) !== key && !guesses.includes("name");
}

function absent({ name, subdirectory }: ManifestPackage, places: readonly string[]): Problem {
  const where = subdirectory === undefined ? "at the top of its repository" : `in ${subdirectory}`;
  return {
    code: "source-missing",
    severity: "error",
    message: `${name} has neither pyproject.toml nor setup.py ${where}`,
    sides: [{
      component: name,
      file: "hsm.yaml",
      requirement: subdirectory === undefined ? name : `subdirectory: ${subdirectory}`,
    }],
    fix: placeFix(name, places) ??
      `correct the name or the \`subdirectory\` of ${name} in hsm.yaml, or pin it to a version that has it`,
  };
}

/** How messages name the files of a distribution. */
interface Names {
  /** The component. */
  readonly component: string;
  /** What stands before a path in the repository. */
  readonly top: string;
  /** The distribution's folder in the repository; undefined: its top. */
  readonly folder: string | undefined;
}

function nameFile({ top, folder = "" }: Names, name: string): string {
  return `${top}${inFolder(folder, name)}`;
}

/** Tells who does without submodules that nobody can do without them in prod mode. */
function withSubmodules(
  read: Read,
  { name, submodules }: ManifestPackage,
  { gitmodules }: DistributionFiles,
  { name: manager, can }: CompleteAdapter,
): Read {
  if (submodules || !gitmodules || can.leavesSubmodules) return read;
  const problem: Problem = {
    code: "submodules-fetched",
    severity: "warning",
    message: `${manager} fetches the submodules of ${name} in prod mode, always`,
    sides: [{ component: name, file: "hsm.yaml", requirement: "submodules: false" }],
    fix: `make sure that ${manager} can fetch them: this key leaves them out in dev mode only`,
  };
  return { ...read, problems: [...read.problems ?? [], problem] };
}

/** What the files say together, and whether no other one could add to it. */
async function readFiles(
  { adapter }: Pick<Workspace, "adapter">,
  files: Pick<DistributionFiles, "pyproject" | "setupCfg" | "setupPy" | "above">,
  names: Names,
): Promise<Read & { readonly isAll: boolean }> {
  const { component } = names;
  const { pyproject, setupCfg, setupPy } = files;
  const problems: Problem[] = [];
  const file = nameFile(names, "pyproject.toml");
  const above = files.above && nameAbove(files.above, names);
  const read = async (name: string, text: string): Promise<MetadataResult> => {
    const own = { file: nameFile(names, name), text };
    const wrong = [own, ...above === undefined ? [] : [above]].flatMap((it) => {
      const message = wrongText(it.text, it.file);
      return message === undefined ? [] : [unusable(component, it.file, message)];
    });
    if (wrong.length > 0) return { metadata: undefined, problems: wrong };
    return await adapter.readMetadata({ component, ...own, ...given({ above }) }, setupPy);
  };
  const first = pyproject === undefined ? undefined : await read("pyproject.toml", pyproject);
  problems.push(...first?.problems ?? []);
  const fields = first?.fromSetupCfg ?? [];
  if (first !== undefined) {
    const { metadata, unchecked } = first;
    const isTold = metadata !== undefined || problems.length > 0 || first.isAll === true;
    if (isTold && (fields.length === 0 || setupCfg === undefined)) {
      return { file, metadata, problems, isAll: fields.length === 0, ...given({ unchecked }) };
    }
  }
  if (setupCfg !== undefined) {
    const second = await read("setup.cfg", setupCfg);
    problems.push(...second.problems);
    const own = nameFile(names, "setup.cfg");
    const { metadata } = second;
    if (first?.metadata !== undefined) {
      const whole = completeMetadata(first.metadata, fields, own, metadata);
      return { file, metadata: whole, problems, isAll: true };
    }
    if (metadata !== undefined || problems.length > 0) {
      // A setup.cfg may hold nothing but the settings of tools.
      const isElsewhere = setupPy === "program" && metadata?.dynamic.length === FIELDS.length;
      const place = isElsewhere ? nameFile(names, "setup.py") : own;
      return { file: place, metadata, problems, isAll: true };
    }
  }
  if (setupPy !== "none") {
    const { unchecked } = await read("setup.py", "");
    const place = nameFile(names, "setup.py");
    return { file: place, metadata: undefined, problems, isAll: true, ...given({ unchecked }) };
  }
  const unchecked = first?.unchecked ?? "it has no pyproject.toml, setup.cfg or setup.py";
  return { file, metadata: undefined, unchecked, problems, isAll: false };
}

function nameAbove({ folder, text }: FileAbove, names: Names): MetadataFile["above"] {
  const path = folder === "" ? names.folder : names.folder?.slice(folder.length + 1);
  return { file: `${names.top}${inFolder(folder, "pyproject.toml")}`, text, path: path ?? "." };
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

/**
 * With a version that is derived from git: a guess, for a commit may have two tags. Setuptools puts the tags of
 * a setup.cfg behind it.
 */
function withVersion(
  read: Read,
  derived: string | undefined,
  { setupCfg }: Pick<DistributionFiles, "setupCfg">,
): Read {
  if (derived === undefined || read.metadata === undefined) return read;
  const version = setupCfg === undefined ? derived : tagVersion(setupCfg, derived);
  if (version === undefined) return read;
  const { metadata } = read;
  const guesses = new Set([...metadata.guesses ?? [], "version" as const]);
  return { ...read, metadata: { ...metadata, version, guesses: [...guesses] } };
}

function unusable(component: string, file: string, message: string): Problem {
  return broken({ component, file }, `${component}: ${message}`, `correct ${file}`);
}
