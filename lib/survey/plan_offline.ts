/**
 * What pyproject.toml would become, without asking anybody.
 *
 * @module
 */

import type { Change } from "../adapters/adapter.ts";
import type { HsmError } from "../errors.ts";
import type { ManifestPackage } from "../manifest/model.ts";
import { planInjection } from "../packages/injection.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { Survey } from "./survey.ts";

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
  await using survey = new Survey(workspace, { packages, asks: "none", assumesClones: true });
  const { sources, errors } = await survey.sources();
  const { texts, changes } = await planInjection(workspace, sources, undefined, survey.files);
  return {
    isRewritten: (await workspace.changedBy(texts)).length > 0,
    changes,
    unmapped: new Map([...errors].map(([{ key }, error]) => [key, error])),
  };
}
