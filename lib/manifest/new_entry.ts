/**
 * A package's entry in the manifest, as short as it can be.
 *
 * @module
 */

import { given } from "../given.ts";
import type { EditValue, PackageKey } from "./edits.ts";
import { shortPin } from "./merge.ts";
import type { ManifestPackage } from "./model.ts";

/** What an entry says; what is undefined is left out, and so is what holds without a word. */
export type NewEntry = {
  readonly [Key in Exclude<keyof ManifestPackage, "name" | "key">]?:
    | ManifestPackage[Key]
    | undefined;
};

/** An entry: its pin alone where that says all, else its keys in the order of the documentation. */
export function newEntry(entry: NewEntry): string | Partial<Record<PackageKey, EditValue>> {
  const { git, pin, tagPrefix, subdirectory, extras, group, require, mode } = entry;
  const { inject, path, checkout, submodules, lfs } = entry;
  const keys: Partial<Record<PackageKey, EditValue>> = given({
    git,
    ...pin,
    tag_prefix: tagPrefix,
    subdirectory,
    extras: extras?.length === 0 ? undefined : extras,
    group,
    require: require === false ? false : undefined,
    mode,
    inject,
    path,
    checkout,
    submodules: submodules === false ? false : undefined,
    lfs: lfs || undefined,
  });
  const [[key, value] = [], ...others] = Object.entries(keys);
  const isShort = others.length === 0 && typeof value === "string" && pin !== undefined &&
    Object.hasOwn(shortPin(value), key!);
  return isShort ? value : keys;
}
