/**
 * The workspace's plan for pyproject.toml.
 *
 * @module
 */

import { isWorkspaceMember } from "../adapters/uv/workspace.ts";
import { isMaybeMember } from "../checkout/distribution.ts";
import { hasCheckout } from "../checkout/verify.ts";
import { given } from "../given.ts";
import { normalizeName } from "../names.ts";
import { type InjectionResult, injectSources } from "../adapters/uv/inject.ts";
import { requirementName } from "../pyproject/plan.ts";
import { sourceTable } from "../adapters/uv/sources.ts";
import { readApp } from "../reconcile/read_app.ts";
import { findConstraints } from "../adapters/uv/transitive.ts";
import type { Source } from "../source.ts";
import type { Workspace } from "../workspace/workspace.ts";

/** A package and where it comes from. */
export interface PackageSource {
  /** The package's name. */
  readonly package: string;
  /** What the package manager is told. */
  readonly source: Source;
}

/** What uv must be told about packages that the app does not require itself, as `check` finds it. */
export interface TransitiveEntries {
  /** Entries of `[tool.uv] constraint-dependencies`: uv ignores the source of a package that nothing names otherwise. */
  readonly constraints: readonly string[];
  /** Entries of `[tool.uv] override-dependencies`: the manifest's source wins over one that a component carries. */
  readonly overrides: readonly string[];
}

/**
 * What pyproject.toml becomes with the given sources, in memory. Packages of the manifest that are not among them stay as
 * they are.
 *
 * @param entries Default: the overrides that HSM wrote before, and the constraints that are needed beside them.
 * @throws {HsmError} `pyproject-invalid`, `pyproject-unsupported`
 */
export async function planInjection(
  workspace: Workspace,
  sources: readonly PackageSource[],
  entries?: TransitiveEntries,
): Promise<InjectionResult> {
  const before = await workspace.pyproject();
  const mapped = new Map(sources.map((it) => [normalizeName(it.package), it.source]));
  const packages = workspace.manifest.packages;
  const { constraints, overrides } = entries ??
    await entriesWith(workspace, await recordedOverrides(workspace));
  return injectSources(before, {
    packages: packages.flatMap(({ key, name, extras, group, require }) => {
      const source = mapped.get(key);
      return source === undefined ? [] : [{ name, source, extras, group, require }];
    }),
    keep: packages.filter((it) => !mapped.has(it.key)).map((it) => it.name),
    constraints,
    overrides,
    excludes: await foreignMembers(workspace, mapped),
  }, "pyproject.toml");
}

/**
 * The folders of packages that uv would take for members of the app's workspace, and refuse: those of packages with a git
 * source, and checkouts that are uv workspaces themselves or have the distribution further in. What a package that is not
 * mapped comes from, pyproject.toml says, whatever its mode is by now.
 */
async function foreignMembers(
  workspace: Workspace,
  mapped: ReadonlyMap<string, Source>,
): Promise<readonly string[]> {
  const { workspace: members, sources, ownExcludes } = await workspace.project();
  if (members === undefined) return [];
  const isThere = (folder: string) => hasCheckout(workspace.root, folder);
  const isUsable = async (folder: string) =>
    !isThere(folder) || await isMaybeMember(workspace, folder);
  const kept = new Map(Object.entries(sources).map(([name, it]) => [normalizeName(name), it]));
  const excludes = new Set<string>();
  const used = new Set<string>();
  for (const { key, mode, path, subdirectory } of workspace.manifest.packages) {
    const source = mapped.get(key);
    const table = kept.get(key);
    const isGit = source !== undefined
      ? source.kind === "git"
      : table !== undefined
      ? [table].flat().some((it) => typeof it === "object" && it !== null && "git" in it)
      : mode === "prod";
    const folder = source !== undefined && source.kind !== "git"
      ? source.path
      : subdirectory === undefined
      ? path
      : `${path}/${subdirectory}`;
    for (const it of [path, folder]) {
      if (!isWorkspaceMember(members, it)) continue;
      if (!isGit && it === folder && (await isUsable(it))) used.add(it);
      else if (isThere(it)) excludes.add(it);
    }
  }
  // The checkout of a package that has left the manifest stays where it is.
  for (const it of ownExcludes) if (!await isUsable(it)) excludes.add(it);
  return [...excludes].filter((it) => !used.has(it));
}

/**
 * The overrides that HSM wrote before for packages that are in the manifest, and of others those for further packages:
 * only who has looked into every package knows that one is not needed any more.
 */
export async function recordedOverrides(
  workspace: Workspace,
  others: readonly string[] = [],
): Promise<readonly string[]> {
  const keys = new Set(workspace.manifest.packages.map((it) => it.key));
  const recorded = (await workspace.project()).ownOverrides
    .filter((it) => keys.has(requirementName(it) ?? ""));
  const names = new Set(recorded.map(requirementName));
  return [...recorded, ...others.filter((it) => !names.has(requirementName(it)))];
}

/** What uv must be told with these overrides: the constraints follow from the app and the manifest. */
export async function entriesWith(
  workspace: Workspace,
  overrides: readonly string[],
): Promise<TransitiveEntries> {
  const text = await workspace.pyproject();
  const { app } = readApp({ component: "app", file: "pyproject.toml", text });
  if (app === undefined) {
    return { constraints: (await workspace.project()).ownConstraints, overrides };
  }
  const components = workspace.manifest.packages.map((
    { name, mode, path: file, extras, group, require },
  ) => ({ name, mode, file, metadata: undefined, extras, require, ...given({ group }) }));
  return { constraints: findConstraints({ app, components }, overrides), overrides };
}

/** The names of those packages whose source in pyproject.toml is another, or missing. */
export async function changedSources(
  workspace: Workspace,
  sources: readonly PackageSource[],
): Promise<readonly string[]> {
  const project = await workspace.project();
  const present = new Map(
    Object.entries(project.sources).map(([name, it]) => [normalizeName(name), it]),
  );
  return sources
    .filter((it) => !isSame(present.get(normalizeName(it.package)), sourceTable(it.source)))
    .map((it) => it.package);
}

/** Whether a source is the wanted one; the user's may be anything, such as a list of several. */
function isSame(source: unknown, wanted: Readonly<Record<string, string | boolean>>): boolean {
  if (typeof source !== "object" || source === null || Array.isArray(source)) return false;
  const entries = Object.entries(source);
  return entries.length === Object.keys(wanted).length &&
    entries.every(([key, value]) => wanted[key] === value);
}
