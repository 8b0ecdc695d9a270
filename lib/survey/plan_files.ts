/**
 * What the files that tell where packages come from would become.
 *
 * @module
 */

import type { HsmError } from "../errors.ts";
import type { ManifestPackage } from "../manifest/model.ts";
import { type Injection, planInjection } from "../packages/injection.ts";
import { readSynced } from "../workspace/synced.ts";
import type { MappedPackage, Survey } from "./survey.ts";

/** What would be written, and what not. */
export interface FilesPlan extends Injection {
  /** Where packages come from. */
  readonly sources: readonly MappedPackage[];
  /** Why it is not known where others come from: of them everything stays as it is. */
  readonly errors: ReadonlyMap<ManifestPackage, HsmError>;
  /** Whether nothing has changed since a sync. */
  readonly isSynced: boolean;
}

/**
 * Plans what a sync writes, as far as that is known: of a package that does not come from anywhere it writes nothing.
 *
 * @param packages Default: those that the survey is about. All others stay as they are.
 * @throws {HsmError} `pyproject-invalid`, `pyproject-unsupported`
 */
export async function planFiles(
  survey: Survey,
  packages: readonly ManifestPackage[] = survey.written.packages,
): Promise<FilesPlan> {
  const { workspace, files } = survey;
  const [{ sources, errors }, needs] = await Promise.all([
    survey.sources(packages),
    survey.needs(),
  ]);
  const written = await planInjection(workspace, sources, needs, files);
  return { ...written, sources, errors, isSynced: false };
}

/** {@linkcode planFiles}, for who only looks: where nothing has changed since a sync, that has written all that is to be written. */
export async function planUnlessSynced(survey: Survey): Promise<FilesPlan> {
  const { root, env } = survey.workspace;
  if (readSynced(root, env) === undefined) return await planFiles(survey);
  return {
    ...{ texts: new Map(), changes: [], former: [] },
    ...{ sources: [], errors: new Map(), isSynced: true },
  };
}
