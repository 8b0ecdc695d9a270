/**
 * Naming what is not read.
 *
 * @module
 */

import type { ComponentMetadata, MetadataField } from "./model.ts";

/** How many of them a message names. */
const MAX_SHOWN = 5;

/** The end of a message of fields that are computed: what they come from, if that is known. */
export function tellUnread(
  { metadata }: { readonly metadata: ComponentMetadata | undefined },
  fields: readonly MetadataField[],
): string {
  const places = [...new Set(fields.flatMap((field) => metadata?.unread?.[field] ?? []))];
  if (places.length === 0) return "";
  const more = places.length - MAX_SHOWN;
  const shown = [...places.slice(0, MAX_SHOWN), ...(more > 0 ? [`${more} more`] : [])];
  return `: ${shown.join(", ")} ${places.length === 1 ? "is" : "are"} not read`;
}
