/**
 * A package's entry in the manifest, as short as it can be.
 *
 * @module
 */

import type { EditValue, PackageKey } from "./edits.ts";
import { shortPin } from "./merge.ts";
import type { Mode, Pin } from "./model.ts";

/** What an entry says; what is undefined is left out. */
export interface NewEntry {
  /** The repository, where it is not the one that hsm.yaml names for all. */
  readonly git?: string | undefined;
  /** The version in production. */
  readonly pin?: Pin | undefined;
  /** What the tags of its releases begin with. */
  readonly tagPrefix?: string | undefined;
  /** Where the distribution lies inside the repository. */
  readonly subdirectory?: string | undefined;
  /** The extras that are asked for. */
  readonly extras?: readonly string[] | undefined;
  /** The dependency group of the requirement. */
  readonly group?: string | undefined;
  /** Whether the app requires it itself. @default {true} */
  readonly require?: boolean | undefined;
  /** How it is used. */
  readonly mode?: Mode | undefined;
  /** The checkout's folder. */
  readonly path?: string | undefined;
  /** The branch that a new clone checks out. */
  readonly checkout?: string | undefined;
  /** Whether the package manager fetches what Git LFS keeps. @default {false} */
  readonly lfs?: boolean | undefined;
}

/** An entry: its pin alone where that says all, else its keys in the order of the documentation. */
export function newEntry(entry: NewEntry): string | Partial<Record<PackageKey, EditValue>> {
  const { git, pin, tagPrefix, subdirectory, extras = [], group, require = true, mode } = entry;
  const { path, checkout, lfs = false } = entry;
  const keys: Partial<Record<PackageKey, EditValue>> = {
    ...(git === undefined ? {} : { git }),
    ...pin,
    ...(tagPrefix === undefined ? {} : { tag_prefix: tagPrefix }),
    ...(subdirectory === undefined ? {} : { subdirectory }),
    ...(extras.length === 0 ? {} : { extras }),
    ...(group === undefined ? {} : { group }),
    ...(require ? {} : { require }),
    ...(mode === undefined ? {} : { mode }),
    ...(path === undefined ? {} : { path }),
    ...(checkout === undefined ? {} : { checkout }),
    ...(lfs ? { lfs } : {}),
  };
  const [[key, value] = [], ...others] = Object.entries(keys);
  const isShort = others.length === 0 && typeof value === "string" && pin !== undefined &&
    Object.keys(shortPin(value))[0] === key;
  return isShort ? value : keys;
}
