/**
 * Distribution names.
 *
 * @module
 */

/** A valid distribution name, as in the "Names and normalization" specification (PEP 508). */
export const NAME_PATTERN: RegExp = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;

/** The same, to stand in a longer pattern. */
export const NAME: string = NAME_PATTERN.source.slice(1, -1);

/** What a table says of distributions, by their names in the form in which they compare. */
export function byKey<T>(table: Readonly<Record<string, T>>): Map<string, T> {
  return new Map(Object.entries(table).map(([name, it]) => [normalizeName(name), it]));
}

/**
 * The form in which two distribution names compare equal (PEP 503).
 *
 * @example
 * ```ts
 * import { normalizeName } from "@hsm/hsm/adapter";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(normalizeName("My.Plugin__A"), "my-plugin-a");
 * ```
 */
export function normalizeName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}

const LEADING_NAME = new RegExp(`^\\s*(${NAME})`);

/** The normalized name that a requirement (PEP 508) is on; undefined where it begins with none. */
export function requirementName(text: string): string | undefined {
  const name = LEADING_NAME.exec(text)?.[1];
  return name === undefined ? undefined : normalizeName(name);
}
