/**
 * Small pieces of sentences.
 *
 * @module
 */

/** The first of some things, and how many more there are: `a, b and 3 more`. */
export function listOf(items: readonly string[], most: number): string {
  const more = items.length - most;
  return items.slice(0, most).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/** A number with its noun: `1 file`, `2 files`. */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
