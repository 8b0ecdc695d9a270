/**
 * What a failure of uv's means where it does pip's work.
 *
 * @module
 */

import type { Explanation } from "../adapter.ts";
import { explainUvFailure } from "../uv/failure.ts";
import { explainHatchFailure } from "./hatch_failure.ts";

/** Reads what uv or Hatch said. Pure. Where a package is to come from two places, it is a requirement that names the other one. */
export function explainPipFailure(text: string): Explanation {
  const ofHatch = explainHatchFailure(text);
  if (ofHatch.cause !== undefined) return ofHatch;
  const { misplaced, ...explanation } = explainUvFailure(text);
  if (!/conflicting URLs for package/.test(text)) {
    return misplaced === undefined ? explanation : { ...explanation, misplaced };
  }
  const by = /Failed to resolve dependencies for (?:package )?`([\w.-]+)/.exec(text)?.[1];
  const where = by === undefined ? "what requires it" : `the requirements of ${by}`;
  return {
    ...explanation,
    hint: `take the URL of ${misplaced} out of ${where}: pip cannot overrule it`,
  };
}
