/**
 * What is installed, in words.
 *
 * @module
 */

import { shortCommit } from "../checkout/state.ts";
import { shortPath } from "../platform/paths.ts";
import type { InstalledPackage } from "./installed.ts";
import { describeFor } from "./standing.ts";

/** What is installed of a package, in a few words: which version, and which one it is. */
export function describeInstalled({ version, origin }: InstalledPackage, root: string): string {
  if (origin.kind === "stand-in") {
    const place = `${shortPath(root, origin.path)}, for ${describeFor(origin.for)}`;
    return origin.unguarded ? `${place}, without a guard` : place;
  }
  if (origin.kind === "folder") return `${version} ${origin.editable ? "editable" : "copied"}`;
  return origin.kind === "git" ? `${version} ${shortCommit(origin.commit)}` : version;
}
