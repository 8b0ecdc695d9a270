/**
 * What can be changed in a manifest file, as data.
 *
 * @module
 */

import type { Pin } from "./model.ts";

/** What a key of a package can be set to. */
export type EditValue = string | boolean | readonly string[];

/** A key that a package can have. */
export type PackageKey =
  | "git"
  | "tag"
  | "rev"
  | "branch"
  | "tag_prefix"
  | "subdirectory"
  | "extras"
  | "group"
  | "require"
  | "mode"
  | "inject"
  | "path"
  | "checkout"
  | "submodules"
  | "lfs";

/** One change to a manifest file. Packages are found by their normalized name (PEP 503). */
export type ManifestEdit =
  | {
    /** Sets a key, and adds the package where the file does not name it. A pin's key replaces the pin that stands there. */
    readonly kind: "set-package-key";
    readonly package: string;
    readonly key: PackageKey;
    readonly value: EditValue;
  }
  /** Takes a key away, where it stands. */
  | { readonly kind: "unset-package-key"; readonly package: string; readonly key: PackageKey }
  /** Sets the pin, and adds the package where the file does not name it. The short form stays short where it can. */
  | { readonly kind: "set-pin"; readonly package: string; readonly pin: Pin }
  /** Adds a package that the file does not name yet: a text is its short form. */
  | {
    readonly kind: "add-package";
    readonly package: string;
    readonly value: string | Readonly<Partial<Record<PackageKey, EditValue>>>;
  }
  /** Takes a package away, where the file names it. */
  | { readonly kind: "remove-package"; readonly package: string };
