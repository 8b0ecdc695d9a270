/**
 * What the files that tell where packages come from would become.
 *
 * @module
 */

import type { Written } from "../adapters/adapter.ts";
import type { HsmError } from "../errors.ts";
import type { ManifestPackage } from "../manifest/model.ts";
import { readSynced } from "../workspace/synced.ts";
import type { Survey } from "./survey.ts";

/** What would be written, and what not. */
export interface Plan extends Written {
  /** Why it is not known where packages come from: of them everything stays as it is. */
  readonly errors: ReadonlyMap<ManifestPackage, HsmError>;
  /** Whether nothing has changed since a sync. */
  readonly isSynced: boolean;
}

/**
 * Plans what a sync would write, as far as that is known: of a package that does not come from anywhere it writes nothing.
 *
 * @throws {HsmError} `pyproject-invalid`, `pyproject-unsupported`
 */
export async function planOf(survey: Survey): Promise<Plan> {
  const { workspace, files } = survey;
  // The last sync has written all that is to be written, and nothing has changed since.
  if (readSynced(workspace.root) !== undefined) {
    return { texts: new Map(), changes: [], errors: new Map(), isSynced: true };
  }
  const [{ planInjection }, { sources, errors }, needs] = await Promise.all([
    import("../packages/injection.ts"),
    survey.sources(),
    survey.needs(),
  ]);
  return { ...await planInjection(workspace, sources, needs, files), errors, isSynced: false };
}
