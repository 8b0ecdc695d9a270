/**
 * The one document that `--json` prints.
 *
 * @module
 */

import type { ErrorFacts } from "../events/error_facts.ts";
import { toJson } from "../text/printable.ts";

/** What every document of `--json` has, whatever the command. */
export interface Envelope {
  /** The version of the documents' shapes, a whole number: what breaks readers raises it. */
  readonly version: number;
  /** What failed; where the exit status is not 0, but for that of `--exit-code`, it is there. */
  readonly error?: ErrorFacts | undefined;
}

/**
 * The version of all documents: raised where a field goes, gets another name, type or meaning, or is no longer there
 * always; not for a new field, command, error code, or value of an open list.
 */
export const DOCUMENT_VERSION = 1;

/** A result, or what failed, or both, as the document of `--json`. */
export function toDocument(data: object, error?: ErrorFacts): string {
  const version = DOCUMENT_VERSION;
  // The data of a command of somebody else's cannot take their place.
  return toJson(Object.assign({ version }, data, { version, error }));
}
