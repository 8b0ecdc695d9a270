/**
 * `hsm inject`: the packages' sources into pyproject.toml.
 *
 * @module
 */

import { isWorkspaceMember } from "../lib/adapters/uv_workspace.ts";
import { hasCheckout } from "../lib/checkout.ts";
import { unifiedDiff } from "../lib/diff.ts";
import { normalizeName } from "../lib/names.ts";
import { type Change, injectSources } from "../lib/pyproject/inject.ts";
import { readProject } from "../lib/pyproject/read.ts";
import type { Workspace } from "../lib/workspace.ts";
import type { MappedPackage } from "./map.ts";

/** What {@linkcode inject} injects. */
export interface InjectOptions {
  /** Where packages come from, as `map` returned it, or changed since. Packages left out stay as they are. */
  readonly sources: readonly MappedPackage[];
  /** Only says what would change. @default {false} */
  readonly dryRun?: boolean;
}

/** What {@linkcode inject} changed. */
export interface InjectResult {
  /** Whether pyproject.toml is (in a dry run: would be) another. */
  readonly changed: boolean;
  /** What changed, one entry for each source or requirement. */
  readonly changes: readonly Change[];
  /** The change of pyproject.toml as a unified diff; empty where there is none. */
  readonly diff: string;
}

/**
 * Writes the packages' sources into pyproject.toml, and their requirements where they are missing; takes out what HSM
 * once added for packages that have left the manifest.
 *
 * Touches pyproject.toml, in the workspace's transaction: `sync` or `workspace.commit()` makes it permanent. A file
 * that would not change is not written.
 *
 * @example
 * ```ts no-eval
 * import { inject, map, openWorkspace } from "@hsm/hsm";
 *
 * await using workspace = await openWorkspace();
 * const { sources } = await map(workspace);
 * const { diff } = await inject(workspace, { sources, dryRun: true });
 * console.log(diff);
 * ```
 *
 * @throws {HsmError} `pyproject-invalid`, `pyproject-unsupported`, `file-changed`, `io`
 */
export async function inject(
  workspace: Workspace,
  { sources, dryRun }: InjectOptions,
): Promise<InjectResult> {
  const before = await workspace.pyproject();
  const mapped = new Map(sources.map((it) => [normalizeName(it.package), it.source]));
  const packages = workspace.manifest.packages;
  const { text: after, changes } = injectSources(before, {
    packages: packages.flatMap(({ key, name, extras, group, require }) => {
      const source = mapped.get(key);
      return source === undefined ? [] : [{ name, source, extras, group, require }];
    }),
    keep: packages.filter((it) => !mapped.has(it.key)).map((it) => it.name),
    // uv ignores the source of a package that the app does not require, unless it is constrained.
    constraints: packages.filter((it) => !it.require).map((it) => it.name),
    overrides: [],
    excludes: await membersInProd(workspace, before),
  }, "pyproject.toml");
  const changed = after !== before;
  const diff = changed ? await unifiedDiff("pyproject.toml", before, after) : "";
  if (changed && !dryRun) {
    await workspace.stage("pyproject.toml", after);
    await workspace.flush();
  }
  return { changed, changes, diff };
}

/** The checkouts of prod packages that uv would take for members of the app's workspace: it refuses git sources for them. */
async function membersInProd(workspace: Workspace, pyproject: string): Promise<readonly string[]> {
  const { workspace: members } = readProject(pyproject, "pyproject.toml");
  if (members === undefined) return [];
  const excludes = [];
  for (const { mode, path } of workspace.manifest.packages) {
    if (mode !== "prod" || !await hasCheckout(workspace.root, path)) continue;
    if (isWorkspaceMember(members, path)) excludes.push(path);
  }
  return excludes;
}
