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

/**
 * Whether a package is the app's own affair: with `inject: environment` and without a pin HSM writes nothing of it, be it in
 * production or not, and what the app's own files say counts.
 */
export function isAppsAffair({ pin, inject }: Pick<ManifestPackage, "pin" | "inject">): boolean {
  return pin === undefined && inject === "environment";
}

/** Whether git is to see nothing of what is in development, for all of it stands in for something. */
export function isUnseen({ packages }: Pick<Manifest, "packages">): boolean {
  const inDev = packages.filter((it) => it.mode === "dev");
  return inDev.length > 0 && inDev.every(standsIn);
}

const FORMS = new WeakMap<Manifest, Manifest>();

/**
 * The manifest as the app's files are to have it: what a checkout stands in for is in production there, and what is
 * the app's own affair is left out. The same as it is where there is neither; always the same of the same.
 */
export function writtenForm(manifest: Manifest): Manifest {
  if (!manifest.packages.some((it) => standsIn(it) || isAppsAffair(it))) return manifest;
  const known = FORMS.get(manifest);
  if (known !== undefined) return known;
  const packages = manifest.packages.flatMap((it): readonly ManifestPackage[] => {
    if (isAppsAffair(it)) return [];
    return standsIn(it) ? [{ ...it, mode: "prod" }] : [it];
  });
  const form = { ...manifest, packages };
  FORMS.set(manifest, form);
  return form;
}
