/**
 * What pyproject.toml would become, without asking anybody.
 *
 * @module
 */

import type { Change } from "../adapters/adapter.ts";
import type { HsmError } from "../errors.ts";
import type { ManifestPackage } from "../manifest/model.ts";
import { readSynced } from "../workspace/synced.ts";
import type { Workspace } from "../workspace/workspace.ts";

/** What pyproject.toml would become, and what would not go into it. */
export interface OfflinePlan {
  /** Whether it would be another. */
  readonly isRewritten: boolean;
  /** What would change in it. */
  readonly changes: readonly Change[];
  /** Why it is not known where packages come from, by their keys. */
  readonly unmapped: ReadonlyMap<string, HsmError>;
}

/**
 * What pyproject.toml would become, as far as that is known without asking a remote.
 *
 * @throws {HsmError} `pyproject-invalid`, `pyproject-unsupported`
 */
export async function planOffline(
  workspace: Workspace,
  packages: readonly ManifestPackage[],
): Promise<OfflinePlan> {
  // The last sync has written all that is to be written, and nothing has changed since.
  if (readSynced(workspace.root) !== undefined) {
    return { isRewritten: false, changes: [], unmapped: new Map() };
  }
  const [{ planInjection }, { Survey }] = await Promise.all([
    import("../packages/injection.ts"),
    import("./survey.ts"),
  ]);
  await using survey = new Survey(workspace, { packages, asks: "none", assumesClones: true });
  const { sources, errors } = await survey.sources();
  const { texts, changes } = await planInjection(workspace, sources, undefined, survey.files);
  return {
    isRewritten: (await workspace.changedBy(texts)).length > 0,
    changes,
    unmapped: new Map([...errors].map(([{ key }, error]) => [key, error])),
  };
}
