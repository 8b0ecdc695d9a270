/**
 * `hsm inject`: the packages' sources into pyproject.toml.
 *
 * @module
 */

import { unifiedDiff } from "../lib/text/diff.ts";
import { planInjection, type TransitiveEntries } from "../lib/packages/injection.ts";
import type { Change } from "../lib/adapters/uv/inject.ts";
import { refuseOutside } from "../lib/workspace/links_out.ts";
import type { Workspace } from "../lib/workspace/workspace.ts";
import type { MappedPackage } from "./map.ts";

/** What {@linkcode inject} injects. */
export interface InjectOptions {
  /** Where packages come from, as `map` returned it, or changed since. Packages left out stay as they are. */
  readonly sources: readonly MappedPackage[];
  /** What `check` found that uv must be told. Default: the overrides that HSM wrote before, and the constraints beside them. */
  readonly entries?: TransitiveEntries;
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
 * ```ts
 * import { inject, map, openWorkspace } from "@hsm/hsm";
 *
 * await using workspace = await openWorkspace();
 * const { sources } = await map(workspace);
 * const { diff } = await inject(workspace, { sources, dryRun: true });
 * console.log(diff);
 * ```
 *
 * @throws {HsmError} `pyproject-invalid`, `pyproject-unsupported`, `outside-root`, `file-changed`, `io`
 */
export async function inject(
  workspace: Workspace,
  { sources, entries, dryRun }: InjectOptions,
): Promise<InjectResult> {
  const before = await workspace.pyproject();
  const { text: after, changes } = await planInjection(workspace, sources, entries);
  const changed = after !== before;
  // The difference would show lines of it.
  if (changed) refuseOutside(workspace.root, "pyproject.toml");
  const diff = changed ? await unifiedDiff("pyproject.toml", before, after) : "";
  if (changed && !dryRun) {
    await workspace.stage("pyproject.toml", after);
    await workspace.flush();
  }
  return { changed, changes, diff };
}
