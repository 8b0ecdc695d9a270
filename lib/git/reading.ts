/**
 * How git reads a checkout that anybody may have written.
 *
 * @module
 */

import { NO_PROTOCOL } from "../process/call.ts";

/**
 * Options before git's own command where HSM only reads a checkout: a repository that lies among another one's files is
 * not taken for a checkout, no file system monitor and no hook of its own configuration is run, nothing is fetched, and
 * not even the index is refreshed.
 */
export const READING: readonly string[] = [
  "--no-optional-locks",
  ...["-c", "safe.bareRepository=explicit"],
  ...["-c", "core.fsmonitor=false"],
  ...["-c", "core.hooksPath=/dev/null"],
  ...["-c", NO_PROTOCOL],
];
