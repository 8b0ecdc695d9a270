/**
 * How pyproject.toml uses packages now, and how it would: what can be told without the editor of TOML.
 *
 * @module
 */

import { given } from "../../given.ts";
import { byKey, normalizeName, requirementName } from "../../names.ts";
import { openApp } from "../../project/read_project.ts";
import { uvFactsOf, type UvProject } from "./project.ts";
import { describeSource, type Source } from "../../source.ts";
import type { AppFiles, PackageSource, Use } from "../adapter.ts";
import { sourceTable, type UvSource } from "./source_table.ts";
import { isMaybeMember, isWorkspaceMember } from "./workspace.ts";
import { isTable } from "../../table.ts";

const PYPROJECT = "pyproject.toml";

/** How the app uses packages, by `[tool.uv.sources]`. */
export async function usesOf(files: AppFiles): Promise<ReadonlyMap<string, Use>> {
  const { sources } = await readFacts(files);
  return new Map([...byKey(sources)].map(([key, it]) => [key, useOf(it)]));
}

/** The packages that the record names. */
export async function ownedBy(files: AppFiles): Promise<readonly string[]> {
  return (await readFacts(files)).ownPackages;
}

/** An override of HSM's is there because a package has a source of its own, which counts as soon as it goes. */
export async function sourcedByOthers(files: AppFiles): Promise<readonly string[]> {
  return (await readFacts(files)).ownOverrides.flatMap((it) => requirementName(it) ?? []);
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

/** Sources in words; to uv a checkout may be a member of its workspace. */
export async function describeUvSources(
  files: AppFiles,
  sources: readonly Source[],
): Promise<readonly string[]> {
  const { workspace } = await readFacts(files);
  return await Promise.all(sources.map(async (it) => {
    const { kind } = await uvSource(files, workspace, it);
    return kind === "workspace" && it.kind === "path"
      ? `${it.path} (workspace member)`
      : describeSource(it);
  }));
}

/** What pyproject.toml says. */
export async function readFacts(files: AppFiles): Promise<UvProject> {
  return uvFactsOf(openApp(await files.pyproject(), PYPROJECT));
}

/** A source as uv tells it apart: a checkout in its workspace has to be called a member of it. */
export async function uvSource(
  files: AppFiles,
  workspace: UvProject["workspace"],
  source: Source,
): Promise<UvSource> {
  if (source.kind === "git" || workspace === undefined) return source;
  const { path } = source;
  const isMember = isWorkspaceMember(workspace, path) && await isUsable(files, path);
  return isMember ? { kind: "workspace", path } : source;
}

/** Whether a folder can be a member; one that is missing yet is taken for one. */
export async function isUsable(files: AppFiles, folder: string): Promise<boolean> {
  return !files.has(folder) || await isMaybeMember(files, folder);
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
export function isSame(
  source: unknown,
  wanted: Readonly<Record<string, string | boolean>>,
): boolean {
  if (!isTable(source)) return false;
  const entries = Object.entries(source);
  return entries.length === Object.keys(wanted).length &&
    entries.every(([key, value]) => wanted[key] === value);
}
