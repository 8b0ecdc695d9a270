/**
 * Lists that stay short.
 *
 * @module
 */

/** So many of a kind are listed one by one; of more it is said how many there are. */
export const FEW = 5;

/** How {@linkcode sumUp} sums up. */
export interface SumUpOptions<Item, Row> {
  /** What an item has in common with others; undefined: it stands for itself. */
  readonly kind: (item: Item) => string | undefined;
  /** An item, one by one. */
  readonly one: (item: Item) => Row;
  /** All items of a kind. */
  readonly many: (items: readonly [Item, ...Item[]]) => Row;
  /** Whether all are listed one by one, however many there are. */
  readonly verbose: boolean;
}

/** Rows for items, one for each; but one for all of a kind of which there are many, in the place of the first. */
export function sumUp<Item, Row>(
  items: readonly Item[],
  { kind, one, many, verbose }: SumUpOptions<Item, Row>,
): readonly Row[] {
  const kinds = Map.groupBy(items, kind);
  const told = new Set<string>();
  return items.flatMap((it) => {
    const common = kind(it);
    const [first = it, ...others] = kinds.get(common) ?? [];
    if (verbose || common === undefined || others.length < FEW) return [one(it)];
    if (told.has(common)) return [];
    told.add(common);
    return [many([first, ...others])];
  });
}
