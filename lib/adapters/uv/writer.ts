/**
 * How uv is told where packages come from: all of it in pyproject.toml.
 *
 * @module
 */

import { given } from "../../given.ts";
import type { ManifestPackage } from "../../manifest/model.ts";
import { byKey, normalizeName, requirementName } from "../../names.ts";
import { readGraph } from "../../reconcile/read_graph.ts";
import type { Component, ReconcileInput } from "../../reconcile/model.ts";
import { appFile } from "../app_file.ts";
import { readApp } from "./read_app.ts";
import type { AppFiles, Wanted, Written } from "../adapter.ts";
import { injectSources } from "./inject.ts";
import { findConstraints, findOverrides } from "./transitive.ts";
import { isUsable, readFacts, uvSource } from "./uses.ts";
import { isWorkspaceMember } from "./workspace.ts";
import { isTable } from "../../table.ts";

const PYPROJECT = "pyproject.toml";

/** Entries of `[tool.uv] constraint-dependencies` and `override-dependencies`. */
type UvNeeds = Readonly<Record<"constraints" | "overrides", readonly string[]>>;

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
  const app = input?.app ?? readApp(await appFile(files)).app;
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
