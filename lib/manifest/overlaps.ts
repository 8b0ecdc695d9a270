/**
 * Checkouts that would get into each other's way.
 *
 * @module
 */

import { foldersAbove, foldPath } from "../files/fold_path.ts";
import { sameRepository } from "../git/url.ts";
import type { ManifestPackage } from "./model.ts";

/** Two packages whose checkouts cannot both be where the manifest says. */
export interface Overlap {
  /** The one that lies inside the other, or comes later. */
  readonly package: ManifestPackage;
  /** The other one. */
  readonly other: ManifestPackage;
  /** Why, as it ends a sentence that names the first one's path. */
  readonly reason: string;
  /** What to do about it. */
  readonly hint: string;
}

const APART =
  "give each checkout a folder of its own; packages of one repository share it by the same `path`";
const ALIKE =
  "packages that share a checkout need the same `git` and `checkout`; others a `path` of their own";

/**
 * Finds checkouts that lie in another one, or whose paths are one folder where case does not count. Packages with the
 * same path share a checkout, which is fine where they agree on what it is of. Looks at what the manifest says alone,
 * whatever the modes; touches nothing.
 */
export function findOverlaps(packages: readonly ManifestPackage[]): readonly Overlap[] {
  const places = new Map<string, ManifestPackage>();
  const shared = new Map<string, ManifestPackage[]>();
  const overlaps: Overlap[] = [];
  for (const it of packages) {
    const place = foldPath(it.path);
    const other = places.get(place);
    if (other === undefined) places.set(place, it);
    else if (other.path !== it.path) {
      const reason =
        `and \`${other.path}\` of \`${other.name}\` are one folder where case does not count`;
      overlaps.push({ package: it, other, reason, hint: APART });
    } else {
      const others = shared.get(place) ?? [other];
      overlaps.push(...disagreements(it, others));
      shared.set(place, [...others, it]);
    }
  }
  for (const it of packages) {
    const other = foldersAbove(foldPath(it.path)).map((folder) => places.get(folder))
      .find((other) => other !== undefined);
    if (other === undefined) continue;
    const reason = `lies in \`${other.path}\`, the checkout of \`${other.name}\``;
    overlaps.push({ package: it, other, reason, hint: APART });
  }
  return overlaps;
}

/** What a package says of its checkout otherwise than those that it shares it with; who says nothing agrees. */
function disagreements(it: ManifestPackage, others: readonly ManifestPackage[]): Overlap[] {
  const find = (key: "git" | "checkout", differ: (one: string, other: string) => boolean) => {
    const other = others.find((other) =>
      it[key] !== undefined && other[key] !== undefined && differ(it[key], other[key])
    );
    if (other === undefined) return [];
    const reason = `is the checkout of \`${other.name}\` too, which has another \`${key}\``;
    return [{ package: it, other, reason, hint: ALIKE }];
  };
  return [
    // Where relative addresses begin makes no difference between them.
    ...find("git", (one, other) => one !== other && !sameRepository(one, other, "/")),
    ...find("checkout", (one, other) => one !== other),
  ];
}
