/**
 * What changes in the app's files.
 *
 * @module
 */

import { NAME_PATTERN } from "./names.ts";

/** One change to a file that HSM writes into. */
export interface Change {
  /** The package's name; for an exclude the folder, for what is about no package the table, in brackets. */
  readonly package: string;
  /** The adapter's word for it, such as `source` or `requirement`; `exclude` is about a folder. */
  readonly what: string;
  /** What was done to it. */
  readonly action: "add" | "replace" | "remove";
  /** What was there, as the file writes it. */
  readonly from?: string;
  /** What is there now. */
  readonly to?: string;
}

/** Whether a change is about a package. */
export function isOfPackage({ package: name, what }: Change): boolean {
  return what !== "exclude" && NAME_PATTERN.test(name);
}
