/**
 * A plan for the files that tell where packages come from, written into them.
 *
 * @module
 */

import type { Written } from "../adapters/adapter.ts";
import { unifiedDiff } from "../text/diff.ts";
import { refuseOutside } from "../workspace/links_out.ts";
import type { Workspace } from "../workspace/workspace.ts";
import type { InjectResult } from "../events/outcomes.ts";

export type { InjectResult };

/**
 * Writes a plan, in the workspace's transaction. A file that would not change is not written.
 *
 * @param options `dryRun`: only says what would change.
 * @throws {HsmError} `outside-root`, `file-changed`, `io`
 */
export async function writePlan(
  workspace: Workspace,
  { texts, changes }: Written,
  { dryRun }: { readonly dryRun: boolean },
): Promise<InjectResult> {
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
