/**
 * A package of which nobody knows where it lives.
 *
 * @module
 */

import { HsmError } from "../errors.ts";

/**
 * The error that hsm.yaml names no repository.
 *
 * @param action What cannot be done without, such as `map plug-a`.
 * @param details The package, or the packages.
 */
export function noRepository(
  action: string,
  details: { readonly package: string } | { readonly packages: readonly string[] },
): HsmError {
  return new HsmError("manifest-invalid", `Cannot ${action}: hsm.yaml names no repository`, {
    hint:
      "give the package a `git:`, or hsm.yaml one for all: `git: https://github.com/org/{name}.git`",
    details,
  });
}
