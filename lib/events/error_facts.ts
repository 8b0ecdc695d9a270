/**
 * An error as data, as documents and events have it.
 *
 * @module
 */

import type { HsmError, HsmErrorCode } from "../errors.ts";

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
