/**
 * Choosing packages by name.
 *
 * @module
 */

import { globToRegExp } from "@std/path";
import { attempt } from "../attempt.ts";
import { HsmError } from "../errors.ts";
import type { Manifest, ManifestPackage } from "../manifest/model.ts";
import { normalizeName } from "../names.ts";
import { NO_PACKAGES } from "./none.ts";
import { suggest } from "../text/suggest.ts";

/** What stands for all packages, be there any or none. */
export const ALL = "*";

/**
 * The packages of the manifest that have the given names or match the given globs (`*`, `?`, `[abc]`, `{a,b}`), in the manifest's
 * order; without names all of them. Names and globs compare normalized (PEP 503).
 *
 * @throws {HsmError} `package-unknown`, with the nearest name, where a name or glob stands for no package
 */
export function selectPackages(
  manifest: Manifest,
  names: readonly string[] | undefined,
): readonly ManifestPackage[] {
  const { packages } = manifest;
  if (names === undefined) return packages;
  const selected = new Set<ManifestPackage>();
  const unknown = [];
  for (const name of names) {
    const matches = matcher(name);
    const found = packages.filter((it) => matches(it.name));
    if (found.length === 0 && name !== ALL) unknown.push(name);
    for (const it of found) selected.add(it);
  }
  if (unknown.length > 0) throw unknownPackages(manifest, unknown);
  return packages.filter((it) => selected.has(it));
}

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

/** Whether a word stands for all packages that match it: no name has what makes a glob. */
export function isGlob(word: string): boolean {
  return /[*?[{]/.test(word);
}

/** What finds out whether a word, a name or a glob, stands for the package of a name. */
export function matcher(word: string): (name: string) => boolean {
  const wanted = normalizeName(word);
  if (!isGlob(word)) return (name) => normalizeName(name) === wanted;
  // A range the wrong way round, such as `[z-a]`, stands for nothing.
  const glob = attempt(() => globToRegExp(wanted, { extended: false, globstar: false }));
  return (name) => glob?.test(normalizeName(name)) ?? false;
}

function unknownPackages({ packages }: Manifest, unknown: readonly string[]): HsmError {
  const [first = ""] = unknown;
  const names = packages.map((it) => it.name);
  const suggestion = isGlob(first) ? undefined : suggest(first, names);
  return new HsmError(
    "package-unknown",
    `Cannot find ${unknown.map((name) => `\`${name}\``).join(", ")} in hsm.yaml`,
    {
      hint: suggestion !== undefined
        ? `did you mean \`${suggestion}\`?`
        : names.length === 0
        ? NO_PACKAGES
        : `it names ${names.join(", ")}`,
      details: { packages: unknown },
    },
  );
}
