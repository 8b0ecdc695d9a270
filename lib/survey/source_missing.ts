/**
 * Packages of which it is not known where they come from.
 *
 * @module
 */

import type { HsmError } from "../errors.ts";
import type { ManifestPackage } from "../manifest/model.ts";
import type { Read } from "../metadata/read_components.ts";

/** A package that is not where the manifest says is a problem of its own. */
export function sourceMissing({ name, mode, path }: ManifestPackage, error: HsmError): Read {
  const file = mode === "dev" ? path : "hsm.yaml";
  return {
    file,
    metadata: undefined,
    problems: [{
      code: "source-missing",
      severity: "error",
      message: error.message,
      sides: [{ component: name, file }],
      fix: error.hint ?? "correct hsm.yaml",
    }],
  };
}
