/**
 * What a result is shown on.
 *
 * @module
 */

import { createStyle, type Style } from "./style.ts";

/** What decides on the looks of a result. */
export interface Page {
  /** The colours. */
  readonly style: Style;
  /** The columns of the terminal; without one there is no end to a line. */
  readonly width: number;
  /** Whether many of a kind are listed one by one. */
  readonly verbose: boolean;
}

/** One without colours and without an end. */
export const PLAIN: Page = { style: createStyle(false), width: Infinity, verbose: false };
