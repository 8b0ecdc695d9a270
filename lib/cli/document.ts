/**
 * The one document that `--json` prints.
 *
 * @module
 */

import type { HsmError, HsmErrorCode } from "../errors.ts";
import { toJson } from "../text/printable.ts";

/** What every document of `--json` has, whatever the command. */
export interface Envelope {
  /** The version of the documents' shapes, a whole number: what breaks readers raises it. */
  readonly version: number;
  /** What failed; where the exit status is not 0, but for that of `--exit-code`, it is there. */
  readonly error?: ErrorFacts | undefined;
}

/** What failed. */
export interface ErrorFacts {
  /** The kind of error, one of the [error codes](errors.md). */
  readonly code: HsmErrorCode;
  /** What could not be done, and why. */
  readonly message: string;
  /** The next thing to do about it. */
  readonly hint?: string | undefined;
  /** What led to it, outermost first. */
  readonly causes?: readonly string[] | undefined;
  /** More about it, by its code. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  /** The files that were brought back to what they were, relative to the root. */
  readonly restored: readonly string[];
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

/** An error as it stands in a document, its sentences as the program says them. */
export function errorFacts(
  error: HsmError,
  restored: readonly string[],
  said: (message: string) => string,
): ErrorFacts {
  const { code, message, hint, causes, details } = error;
  return {
    code,
    message: said(message),
    hint: hint && said(hint),
    causes: causes.length === 0 ? undefined : causes.map(said),
    details: Object.keys(details).length === 0 ? undefined : details,
    restored,
  };
}
