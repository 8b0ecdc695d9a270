/**
 * What overrides are on.
 *
 * @module
 */

import { normalizeName } from "../names.ts";
import { parseRequirement } from "./requirement.ts";

/** The names of the packages that overrides are on, normalized. */
export function overriddenNames(overrides: readonly string[]): ReadonlySet<string> {
  return new Set(overrides.map((text) => {
    const parsed = parseRequirement(text);
    return parsed.ok ? parsed.value.key : normalizeName(text);
  }));
}
