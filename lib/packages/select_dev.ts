/**
 * Choosing packages that have a checkout.
 *
 * @module
 */

import { HsmError } from "../errors.ts";
import type { Manifest, ManifestPackage } from "../manifest/model.ts";
import { normalizeName } from "../names.ts";
import { isGlob, selectPackages } from "./select.ts";

/**
 * The dev packages that have the given names or match the given globs, in the manifest's order; without names all of
 * them.
 *
 * @param action What is to be done with them, for the error: "Cannot <action> NAME".
 * @throws {HsmError} `package-unknown`; `usage` where one that was named is in prod mode
 */
export function selectDevPackages(
  manifest: Manifest,
  names: readonly string[] | undefined,
  action: string,
): readonly ManifestPackage[] {
  const packages = selectPackages(manifest, names);
  const named = new Set(names?.filter((it) => !isGlob(it)).map(normalizeName));
  const prod = packages.filter((it) => it.mode === "prod" && named.has(it.key))
    .map((it) => it.name);
  if (prod.length > 0) {
    throw new HsmError(
      "usage",
      `Cannot ${action} ${prod.join(", ")}: in prod mode there is no checkout`,
      { hint: `run \`hsm dev ${prod.join(" ")}\``, details: { packages: prod } },
    );
  }
  return packages.filter((it) => it.mode === "dev");
}
