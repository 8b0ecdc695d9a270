/**
 * Checkouts that would get into each other's way.
 *
 * @module
 */

import { foldersAbove, foldPath } from "../fold_path.ts";
import type { ManifestPackage } from "./model.ts";

/** Two packages whose checkouts cannot both be where the manifest says. */
export interface Overlap {
  /** The one that lies inside the other, or comes later. */
  readonly package: ManifestPackage;
  /** The other one. */
  readonly other: ManifestPackage;
  /** Why, as it ends a sentence that names the first one's path. */
  readonly reason: string;
}

/**
 * Finds checkouts that lie in another one, or whose paths are one folder where case does not count. Packages with the
 * same path share a checkout, which is fine. Looks at the paths alone, whatever the modes; touches nothing.
 */
export function findOverlaps(packages: readonly ManifestPackage[]): readonly Overlap[] {
  const places = new Map<string, ManifestPackage>();
  const overlaps: Overlap[] = [];
  for (const it of packages) {
    const place = foldPath(it.path);
    const other = places.get(place);
    if (other === undefined) places.set(place, it);
    else if (other.path !== it.path) {
      const reason =
        `and \`${other.path}\` of \`${other.name}\` are one folder where case does not count`;
      overlaps.push({ package: it, other, reason });
    }
  }
  for (const it of packages) {
    const other = foldersAbove(foldPath(it.path)).map((folder) => places.get(folder))
      .find((other) => other !== undefined);
    if (other === undefined) continue;
    const reason = `lies in \`${other.path}\`, the checkout of \`${other.name}\``;
    overlaps.push({ package: it, other, reason });
  }
  return overlaps;
}
