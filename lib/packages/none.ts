/**
 * What there is to say where there are no packages.
 *
 * @module
 */

import type { Mode } from "../manifest/model.ts";

/** Of a manifest without any. */
export const NO_PACKAGES = "hsm.yaml names no packages yet";

/** Where only those of a mode count. */
export function noneIn(mode: Mode): string {
  return `No package is in ${mode} mode`;
}
