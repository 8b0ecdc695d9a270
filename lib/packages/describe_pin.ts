/**
 * Pins in words.
 *
 * @module
 */

import type { Pin } from "../manifest/model.ts";

/** A pin in a word or two: a tag as it is, a branch and a commit named as such. */
export function describePin(pin: Pin | undefined): string {
  if (pin === undefined) return "no pin";
  if ("tag" in pin) return pin.tag;
  return "rev" in pin ? `rev ${pin.rev.slice(0, 12)}` : `branch ${pin.branch}`;
}
