/**
 * Choosing packages that have a checkout.
 *
 * @module
 */

import { HsmError } from "../errors.ts";
import type { Manifest, ManifestPackage } from "../manifest/model.ts";
import { selectPackages } from "./select.ts";

/**
 * The dev packages that have the given names, in the manifest's order; without names all of them.
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
  const prod = packages.filter((it) => it.mode === "prod").map((it) => it.name);
  if (names !== undefined && names.length > 0 && prod.length > 0) {
    throw new HsmError(
      "usage",
      `Cannot ${action} ${prod.join(", ")}: in prod mode there is no checkout`,
      { hint: `run \`hsm dev ${prod.join(" ")}\``, details: { packages: prod } },
    );
  }
  return packages.filter((it) => it.mode === "dev");
}
