/**
 * Distribution names.
 *
 * @module
 */

/** A valid distribution name, as in the "Names and normalization" specification (PEP 508). */
export const NAME_PATTERN = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;

/**
 * The form in which two distribution names compare equal (PEP 503).
 *
 * @example
 * ```ts
 * import { normalizeName } from "@hsm/hsm";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(normalizeName("My.Plugin__A"), "my-plugin-a");
 * ```
 */
export function normalizeName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}
