/**
 * How uv is told where packages come from: all of it in pyproject.toml.
 *
 * @module
 */

import { given } from "../../given.ts";
import type { ManifestPackage } from "../../manifest/model.ts";
import { normalizeName } from "../../names.ts";
import { requirementName } from "../../pyproject/plan.ts";
import { type ProjectFacts, readProject } from "../../pyproject/read.ts";
import { readGraph } from "../../reconcile/graph.ts";
import type { Component, ReconcileInput } from "../../reconcile/model.ts";
import { readApp } from "./read_app.ts";
import { describeSource, type Source } from "../../source.ts";
import type { AppFiles, PackageSource, Use, Wanted, Written } from "../adapter.ts";
import { injectSources } from "./inject.ts";
import { sourceTable, type UvSource } from "./sources.ts";
import { findConstraints, findOverrides } from "./transitive.ts";
import { isMaybeMember, isWorkspaceMember } from "./workspace.ts";

const PYPROJECT = "pyproject.toml";

/** Entries of `[tool.uv] constraint-dependencies` and `override-dependencies`. */
type UvNeeds = Readonly<Record<"constraints" | "overrides", readonly string[]>>;

/** How the app uses packages, by `[tool.uv.sources]`. */
export async function usesOf(files: AppFiles): Promise<ReadonlyMap<string, Use>> {
  const { sources } = await readFacts(files);
  return new Map([...byKey(sources)].map(([key, it]) => [key, useOf(it)]));
}

/** The packages that the record names. */
export async function ownedBy(files: AppFiles): Promise<readonly string[]> {
  return (await readFacts(files)).ownPackages;
}

/** The names of those packages whose source is another, or missing. */
export async function changedSources(
  files: AppFiles,
  sources: readonly PackageSource[],
): Promise<readonly string[]> {
  const { sources: tables, workspace } = await readFacts(files);
  const present = byKey(tables);
  const changed: string[] = [];
  for (const { package: name, source } of sources) {
    const wanted = sourceTable(await uvSource(files, workspace, source));
    if (!isSame(present.get(normalizeName(name)), wanted)) changed.push(name);
  }
  return changed;
}

/** A source in words; to uv a checkout may be a member of its workspace. */
export async function describeUvSource(files: AppFiles, source: Source): Promise<string> {
  const { workspace } = await readFacts(files);
  const { kind } = await uvSource(files, workspace, source);
  return kind === "workspace" && source.kind === "path"
    ? `${source.path} (workspace member)`
    : describeSource(source);
}

/** Writes sources, requirements, and what uv needs beside them. */
export async function writeSources(
  files: AppFiles,
  { packages, needs }: Wanted,
): Promise<Written> {
  const before = await files.pyproject();
  const { workspace } = await readFacts(files);
  const written = await Promise.all(packages.map(async (it) => {
    if (it.source === undefined) return [];
    return [{ ...it, source: await uvSource(files, workspace, it.source) }];
  }));
  const { text, changes } = injectSources(before, {
    packages: written.flat(),
    keep: packages.filter((it) => it.source === undefined).map((it) => it.name),
    ...(needs as UvNeeds | undefined) ?? await findNeeds(files, packages),
    excludes: await foreignMembers(files, packages),
  }, PYPROJECT);
  return { texts: new Map([[PYPROJECT, text]]), changes };
}

/**
 * What uv must be told of packages that others require.
 *
 * @param input What is known of them; undefined: no more than what was written before. Where anything of it is missing,
 * what was written before stays: a component that nobody could look into may be the one that needs it.
 */
export async function findNeeds(
  files: AppFiles,
  packages: readonly ManifestPackage[],
  input?: ReconcileInput,
): Promise<UvNeeds> {
  const text = await files.pyproject();
  const app = input?.app ?? readApp({ component: "app", file: PYPROJECT, text }).app;
  const { ownConstraints, ownOverrides } = await readFacts(files);
  const recorded = keepManaged(ownOverrides, packages);
  if (app === undefined) return { constraints: ownConstraints, overrides: recorded };
  const known = input ?? { app, components: packages.map(unknownComponent) };
  const { graph } = readGraph(known);
  const found = input === undefined ? [] : findOverrides(graph);
  const isCertain = known.components.every((it) => it.metadata !== undefined);
  const overrides = isCertain ? found : [...recorded, ...beside(recorded, found, known)];
  return { constraints: findConstraints(graph, overrides), overrides };
}

/** Those that were found beside the recorded ones; where a package comes from unknown, nobody can say that it is another place. */
function beside(
  recorded: readonly string[],
  found: readonly string[],
  { components }: ReconcileInput,
): readonly string[] {
  const names = new Set(recorded.map(requirementName));
  const homeless = components.filter((it) => it.source === undefined);
  for (const it of homeless) names.add(normalizeName(it.name));
  return found.filter((it) => !names.has(requirementName(it)));
}

function unknownComponent(it: ManifestPackage): Component {
  const { name, mode, path: file, extras, group, require } = it;
  return { name, mode, file, metadata: undefined, extras, require, ...given({ group }) };
}

/** Those of the overrides that are on packages of the manifest. */
function keepManaged(
  overrides: readonly string[],
  packages: readonly ManifestPackage[],
): readonly string[] {
  const keys = new Set(packages.map((it) => it.key));
  return overrides.filter((it) => keys.has(requirementName(it) ?? ""));
}

async function readFacts(files: AppFiles): Promise<ProjectFacts> {
  return readProject(await files.pyproject(), PYPROJECT);
}

/** A source as uv tells it apart: a checkout in its workspace has to be called a member of it. */
async function uvSource(
  files: AppFiles,
  workspace: ProjectFacts["workspace"],
  source: Source,
): Promise<UvSource> {
  if (source.kind === "git" || workspace === undefined) return source;
  const { path } = source;
  const isMember = isWorkspaceMember(workspace, path) && await isUsable(files, path);
  return isMember ? { kind: "workspace", path } : source;
}

/** Whether a folder can be a member; one that is missing yet is taken for one. */
async function isUsable(files: AppFiles, folder: string): Promise<boolean> {
  return !files.has(folder) || await isMaybeMember(files, folder);
}

/**
 * The folders of packages that uv would take for members of the app's workspace, and refuse: those of packages with a git
 * source, and checkouts that are uv workspaces themselves or have the distribution further in. What a package that stays
 * as it is comes from, pyproject.toml says, whatever its mode is by now.
 */
async function foreignMembers(
  files: AppFiles,
  packages: Wanted["packages"],
): Promise<readonly string[]> {
  const { workspace, ownExcludes, sources } = await readFacts(files);
  if (workspace === undefined) return [];
  const kept = byKey(sources);
  const excludes = new Set<string>();
  const used = new Set<string>();
  for (const { key, mode, path, subdirectory, source } of packages) {
    const table = kept.get(key);
    const isGit = source !== undefined
      ? source.kind === "git"
      : table !== undefined
      ? [table].flat().some((it) => isTable(it) && "git" in it)
      : mode === "prod";
    const folder = source?.kind === "path"
      ? source.path
      : subdirectory === undefined
      ? path
      : `${path}/${subdirectory}`;
    for (const it of [path, folder]) {
      if (!isWorkspaceMember(workspace, it)) continue;
      if (!isGit && it === folder && (await isUsable(files, it))) used.add(it);
      else if (files.has(it)) excludes.add(it);
    }
  }
  // The checkout of a package that has left the manifest stays where it is.
  for (const it of ownExcludes) if (!await isUsable(files, it)) excludes.add(it);
  return [...excludes].filter((it) => !used.has(it));
}

function byKey(sources: Table): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(sources).map(([name, it]) => [normalizeName(name), it]));
}

type Table = Readonly<Record<string, unknown>>;

function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Where a source of `[tool.uv.sources]` leads, whatever else it says. */
export function useOf(value: unknown): Use {
  if (!isTable(value)) return { kind: "foreign", isSeveral: Array.isArray(value) };
  const text = (key: string) => typeof value[key] === "string" ? value[key] : undefined;
  const git = text("git");
  if (git !== undefined) {
    const [tag, rev, branch, subdirectory] = ["tag", "rev", "branch", "subdirectory"].map(text);
    const lfs = value["lfs"] === true ? true : undefined;
    return { kind: "git", git, ...given({ tag, rev, branch, subdirectory, lfs }) };
  }
  const path = text("path");
  if (path !== undefined) return { kind: "path", path, editable: value["editable"] === true };
  if (value["workspace"] === true) return { kind: "path", path: undefined, editable: true };
  return { kind: "foreign", isSeveral: false };
}

/** Whether a source is the wanted one; the user's may be anything, such as a list of several. */
function isSame(source: unknown, wanted: Readonly<Record<string, string | boolean>>): boolean {
  if (!isTable(source)) return false;
  const entries = Object.entries(source);
  return entries.length === Object.keys(wanted).length &&
    entries.every(([key, value]) => wanted[key] === value);
}
