/**
 * `hsm inject`: the packages' sources into pyproject.toml.
 *
 * @module
 */

import { unifiedDiff } from "../lib/text/diff.ts";
import type { Change, Needs } from "../lib/adapters/adapter.ts";
import { planInjection } from "../lib/packages/injection.ts";
import { refuseOutside } from "../lib/workspace/links_out.ts";
import type { Workspace } from "../lib/workspace/workspace.ts";
import type { MappedPackage } from "./map.ts";

/** What {@linkcode inject} injects. */
export interface InjectOptions {
  /** Where packages come from, as `map` returned it, or changed since. Packages left out stay as they are. */
  readonly sources: readonly MappedPackage[];
  /** What `check` found that the package manager must be told beside the sources. Default: what follows from what it was told before. */
  readonly entries?: Needs | undefined;
  /** Only says what would change. @default {false} */
  readonly dryRun?: boolean;
}

/** What {@linkcode inject} changed. */
export interface InjectResult {
  /** Whether a file that HSM writes into is (in a dry run: would be) another. */
  readonly changed: boolean;
  /** What changed, one entry for each source or requirement. */
  readonly changes: readonly Change[];
  /** The change of these files as a unified diff; empty where there is none. */
  readonly diff: string;
}

/**
 * Writes the packages' sources into pyproject.toml, or where else the package manager reads them, and their requirements
 * where they are missing; takes out what HSM once added for packages that have left the manifest.
 *
 * Touches these files, in the workspace's transaction: `sync` or `workspace.commit()` makes it permanent. A file that would
 * not change is not written.
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
  const { texts, changes } = await planInjection(workspace, sources, entries);
  const changed = await workspace.changedBy(texts);
  const diffs: string[] = [];
  for (const { file, before, after } of changed) {
    // The difference would show lines of it.
    refuseOutside(workspace.root, file);
    diffs.push(await unifiedDiff(file, before ?? "", after ?? ""));
  }
  if (changed.length > 0 && !dryRun) {
    for (const { file, after } of changed) await workspace.stage(file, after);
    await workspace.flush();
  }
  return { changed: changed.length > 0, changes, diff: diffs.join("") };
}
