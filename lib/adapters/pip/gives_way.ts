/**
 * Which lines of the user's speak against the manifest, so that HSM sets them aside.
 *
 * @module
 */

import { parseRequirement } from "../../versions/requirement.ts";
import type { LinePackage } from "./line_package.ts";
import type { ReachedFile } from "./reach.ts";
import type { RequirementLine } from "./requirement_file.ts";

/**
 * Whether a line gives way to the manifest's word on the package that it is about: as a constraint, a source of the user's
 * own, a certain archive (`--hash`), or as a version that pip-compile has found. A requirement of the user's stays.
 */
export function givesWay(
  line: RequirementLine,
  { isRequired, isConstraint, isCompiled }: ReachedFile,
  { from }: Pick<LinePackage, "from">,
): boolean {
  if (isConstraint) return true;
  return isRequired && (from !== undefined || line.hasHashes || (isCompiled && isExact(line)));
}

function isExact({ value }: RequirementLine): boolean {
  const parsed = parseRequirement(value);
  return parsed.ok && /^===?[^*]+$/.test(parsed.value.specifier);
}
