/**
 * What changes in the app's files.
 *
 * @module
 */

/** One change to a file that HSM writes into. */
export interface Change {
  /** The package's name; for an exclude the folder. */
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
