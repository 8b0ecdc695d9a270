/**
 * Why the app's repository is not pulled.
 *
 * @module
 */

import { HsmError, type HsmErrorOptions } from "../../lib/errors.ts";

/** The error that the app is not pulled, told before anything was touched. */
export function refused(state: string, options: HsmErrorOptions): HsmError {
  return new HsmError("pull-refused", `Cannot pull the app: ${state}`, options);
}
