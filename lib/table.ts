/**
 * Tables, as parsers of TOML, YAML and JSON give them.
 *
 * @module
 */

/** A table: values by key. */
export type Table = Readonly<Record<string, unknown>>;

/** Whether a value is a table. */
export function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !(value instanceof Date);
}

/** A table of one's own, without a prototype: every key is safe, `__proto__` included. */
export function bareTable<T>(entries: Iterable<readonly [string, T]>): Record<string, T> {
  return Object.assign(Object.create(null), Object.fromEntries(entries));
}

/** A value as a table; undefined where it is none. */
export function asTable(value: unknown): Table | undefined {
  return isTable(value) ? value : undefined;
}

/** A value as a text; undefined where it is none. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** A value as a list; an empty one where it is none. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The texts in a list; none where it is no list. */
export function textsOf(value: unknown): readonly string[] {
  return listOf(value).filter((it) => typeof it === "string");
}

/** A value as a table; an empty one where it is none. */
export function tableOf(value: unknown): Table {
  return isTable(value) ? value : {};
}
