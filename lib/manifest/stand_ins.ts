/**
 * Checkouts that stand in for what is locked (`inject: environment`), and the manifest as the app's files have it then.
 *
 * @module
 */

import type { Manifest, ManifestPackage } from "./model.ts";

/** Whether the checkout of a package stands in for what the app's files say. */
export function standsIn({ mode, inject }: Pick<ManifestPackage, "mode" | "inject">): boolean {
  return mode === "dev" && inject === "environment";
}

const FORMS = new WeakMap<Manifest, Manifest>();

/**
 * The manifest as the app's files are to have it: what a checkout stands in for is in production there, and a package without
 * a pin is the app's own affair. The same as it is where nothing stands in; always the same of the same.
 */
export function writtenForm(manifest: Manifest): Manifest {
  if (!manifest.packages.some(standsIn)) return manifest;
  const known = FORMS.get(manifest);
  if (known !== undefined) return known;
  const packages = manifest.packages.flatMap((it): readonly ManifestPackage[] => {
    if (!standsIn(it)) return [it];
    return it.pin === undefined ? [] : [{ ...it, mode: "prod" }];
  });
  const form = { ...manifest, packages };
  FORMS.set(manifest, form);
  return form;
}
