/**
 * Where packages come from, as far as that can be told of each.
 *
 * @module
 */

import { standsIn } from "../manifest/stand_ins.ts";
import type { MappedPackage, Survey } from "./survey.ts";

/**
 * Tells where the packages come from that a survey is about.
 *
 * @throws {HsmError} `checkout-missing`, `source-not-found`, `pin-missing`, of the first package of which it cannot be told;
 * `pyproject-invalid`
 */
export async function mapSources(survey: Survey): Promise<readonly MappedPackage[]> {
  const { workspace } = survey;
  // What is wrong with the app's own files is said first.
  await workspace.adapter.owned(workspace.filesFor());
  const { sources, errors } = await survey.sources();
  for (const error of errors.values()) throw error;
  // A checkout that is to stand in for a package and does not would go unnoticed.
  for (const it of survey.packages.filter(standsIn)) await survey.source(it);
  for (const it of sources) survey.tell({ kind: "mapped", ...it });
  return sources;
}
