/**
 * Where a requirement says that its distribution comes from.
 *
 * @module
 */

import type { Edge, Node } from "./graph.ts";
import type { Marker } from "../versions/marker.ts";
import type { SourceEntry } from "./model.ts";
import {
  comparePlaces,
  type Origin,
  type Place,
  placeOf,
  placeOfStated,
  placeOfUrl,
} from "./places.ts";
import { parseMarker } from "../versions/requirement.ts";

/** One of the places of a requirement. */
export interface EdgePlace {
  /** The place; undefined: it cannot be told from outside. */
  readonly place: Place | undefined;
  /** Where it counts; undefined: everywhere. */
  readonly marker: Marker | undefined;
  /** The entry of the owner's sources; undefined: the requirement's own URL. */
  readonly entry: SourceEntry | undefined;
}

/** The places of a requirement: its URL's, else those that the owner's sources name for it. */
export function placesOf(edge: Edge): readonly EdgePlace[] {
  const { owner, requirement: { key, url }, extra, group } = edge;
  if (url !== undefined) return [{ place: placeOfUrl(url), marker: undefined, entry: undefined }];
  const entry = owner.sources.get(key);
  const origin: Origin = owner.component ?? { source: { kind: "path", path: "." } };
  return entry?.choices.filter((it) => isFor(it.extra, extra) && isFor(it.group, group))
    .map((it) => {
      const marker = it.marker === undefined ? undefined : parseMarker(it.marker);
      const place = it.from && placeOfStated(it.from, origin);
      return { place, marker: marker?.ok ? marker.value : undefined, entry };
    }) ?? [];
}

/** Whether a requirement on a managed package names another place than the manifest's. */
export function isForeign(edge: Edge, { component }: Node): boolean {
  const wanted = placeOf(component ?? {});
  return placesOf(edge).some(({ place }) =>
    place === undefined || wanted === undefined || comparePlaces(place, wanted) !== "same"
  );
}

function isFor(wanted: string | undefined, name: string | undefined): boolean {
  return wanted === undefined || wanted === name;
}
