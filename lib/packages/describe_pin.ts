/**
 * Pins in words.
 *
 * @module
 */

import type { Pin } from "../manifest/model.ts";

/** The tag that something is pinned to; undefined: it has no pin, or another one. */
export function tagOf({ pin }: { readonly pin?: Pin | undefined }): string | undefined {
  return pin !== undefined && "tag" in pin ? pin.tag : undefined;
}

/** A pin in a word or two: a tag as it is, a branch and a commit named as such. */
export function describePin(pin: Pin | undefined): string {
  if (pin === undefined) return "no pin";
  if ("tag" in pin) return pin.tag;
  return "rev" in pin ? `rev ${pin.rev.slice(0, 12)}` : `branch ${pin.branch}`;
}
