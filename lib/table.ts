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

/** A value as a table; an empty one where it is none. */
export function tableOf(value: unknown): Table {
  return isTable(value) ? value : {};
}
