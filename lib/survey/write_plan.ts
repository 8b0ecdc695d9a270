/**
 * A plan for the files that tell where packages come from, written into them.
 *
 * @module
 */

import type { Written } from "../adapters/adapter.ts";
import { exists } from "../files/is_there.ts";
import type { Injection } from "../packages/injection.ts";
import { shortPath } from "../platform/paths.ts";
import { unifiedDiff } from "../text/diff.ts";
import { refuseOutside } from "../workspace/links_out.ts";
import type { Workspace } from "../workspace/workspace.ts";
import type { InjectResult } from "../events/outcomes.ts";

export type { InjectResult };

/** A file as it would be. */
export interface PlannedFile {
  /** Its path, relative to the root, with `/`. */
  readonly file: string;
  /** What it would say; null: it would go. */
  readonly text: string | null;
  /** Its change, as a unified diff. */
  readonly diff: string;
}

/**
 * The files that a plan would change. Touches nothing.
 *
 * @throws {HsmError} `outside-root`, `io`
 */
export async function plannedFiles(
  workspace: Workspace,
  texts: Written["texts"],
): Promise<readonly PlannedFile[]> {
  const planned: PlannedFile[] = [];
  for (const { file, before, after } of await workspace.changedBy(texts)) {
    // The difference would show lines of it.
    refuseOutside(workspace.root, file);
    const diff = await unifiedDiff(file, before ?? "", after ?? "");
    planned.push({ file, text: after ?? null, diff });
  }
  return planned;
}

/**
 * Writes a plan, in the workspace's transaction. A file that would not change is not written.
 *
 * @param options `dryRun`: only says what would change.
 * @throws {HsmError} `outside-root`, `file-changed`, `io`
 */
export async function writePlan(
  workspace: Workspace,
  { texts, changes, former }: Injection,
  { dryRun }: { readonly dryRun: boolean },
): Promise<InjectResult> {
  const files = await plannedFiles(workspace, texts);
  if (files.length > 0 && !dryRun) {
    for (const { file, text } of files) await workspace.stage(file, text ?? undefined);
    await workspace.flush();
  }
  const diff = files.map((it) => it.diff).join("");
  const result = { changed: files.length > 0, changes, diff };
  if (dryRun) return result;
  workspace.tell({ kind: "injected", ...result });
  await tellOfFormer(workspace, former);
  return result;
}

/** What a package manager itself has made is the user's to delete. */
async function tellOfFormer({ root, tell, adapter }: Workspace, former: Injection["former"]) {
  for (const { name, lockFiles } of former) {
    const left = (await lockFiles(root)).filter(exists).map((it) => shortPath(root, it));
    if (left.length === 0) continue;
    const message = `${left.join(", ")} of ${name} stays, and ${adapter.name} does not go by it: ` +
      "delete it where nobody needs it";
    tell({ kind: "told", message });
  }
}
