/**
 * Choosing packages by name.
 *
 * @module
 */

import { HsmError } from "../errors.ts";
import type { Manifest, ManifestPackage } from "../manifest/model.ts";
import { normalizeName } from "../names.ts";
import { suggest } from "../text/suggest.ts";

/**
 * The packages of the manifest that have the given names, in the manifest's order; without names all of them.
 *
 * @throws {HsmError} `package-unknown`, with the nearest name
 */
export function selectPackages(
  manifest: Manifest,
  names: readonly string[] | undefined,
): readonly ManifestPackage[] {
  if (names === undefined || names.length === 0) return manifest.packages;
  const wanted = new Set(names.map(normalizeName));
  const known = new Set(manifest.packages.map((it) => it.key));
  const unknown = names.filter((name) => !known.has(normalizeName(name)));
  if (unknown.length > 0) {
    const [first = ""] = unknown;
    const suggestion = suggest(first, manifest.packages.map((it) => it.name));
    throw new HsmError(
      "package-unknown",
      `Cannot find ${unknown.map((name) => `\`${name}\``).join(", ")} in hsm.yaml`,
      {
        hint: suggestion !== undefined
          ? `did you mean \`${suggestion}\`?`
          : known.size === 0
          ? "hsm.yaml names no packages yet"
          : `it names ${manifest.packages.map((it) => it.name).join(", ")}`,
        details: { packages: unknown },
      },
    );
  }
  return manifest.packages.filter((it) => wanted.has(it.key));
}
