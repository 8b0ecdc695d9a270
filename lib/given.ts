/**
 * Options bags.
 *
 * @module
 */

/** What {@linkcode given} makes of an options bag. */
export type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The options that have a value: an absent one and one that is undefined are the same to whoever gives it. */
export function given<T extends object>(options: T): Given<T> {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as Given<T>;
}
