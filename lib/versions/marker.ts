/**
 * Environment markers as data (PEP 508, "Environment Markers").
 *
 * @module
 */

/** The operators of a marker. */
export type MarkerOperator =
  | "==="
  | "=="
  | "~="
  | "!="
  | "<="
  | ">="
  | "<"
  | ">"
  | "in"
  | "not in";

/** One comparison of a variable with a text. */
export interface MarkerComparison {
  /** The kind of node. */
  readonly kind: "compare";
  /** The variable, by today's name. */
  readonly variable: string;
  /** The operator, as though the variable stood on its left. */
  readonly operator: MarkerOperator;
  /** The text that the variable is compared with. */
  readonly value: string;
  /** Whether the text stood left of `in`: it is looked for in the variable. */
  readonly isReversed: boolean;
}

/** A marker: a tree of comparisons. */
export type Marker =
  | { readonly kind: "and" | "or"; readonly left: Marker; readonly right: Marker }
  | MarkerComparison;

/** Every comparison in a marker, from left to right. */
export function* comparisonsOf(marker: Marker): Generator<MarkerComparison> {
  if (marker.kind === "compare") yield marker;
  else {
    yield* comparisonsOf(marker.left);
    yield* comparisonsOf(marker.right);
  }
}
