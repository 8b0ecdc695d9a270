/**
 * What is left of a package whose installation was killed: metadata beside that of the package that came in its place.
 *
 * uv uninstalls what the list of files says, RECORD, and that is missing, empty or cut by then. What it does not name stays,
 * so that one package has two versions.
 *
 * @module
 */

import { join } from "@std/path";
import { entriesOf, sitePackagesOf } from "../../files/site_packages.ts";
import { normalizeName } from "../../names.ts";

/**
 * Removes the metadata of what uv has just uninstalled, as far as it could.
 *
 * @param environment The environment's folder, absolute.
 * @param said What uv said of it.
 */
export async function removeHalfInstalled(environment: string, said: string): Promise<void> {
  /** The version that each package has now; undefined: it is gone. */
  const versions = new Map<string, string | undefined>();
  for (const [, sign, name = "", version] of said.matchAll(/^ ([-+~]) ([\w.-]+)==(\S+)/gm)) {
    const key = normalizeName(name);
    versions.set(key, sign === "-" ? versions.get(key) : version);
  }
  for (const site of await sitePackagesOf(environment)) {
    const byName = Map.groupBy(await entriesOf(site), (it) => distributionIn(it)?.key);
    for (const [key = "", folders] of byName) {
      if (!versions.has(key)) continue;
      const version = versions.get(key);
      const rest = folders.filter((it) => distributionIn(it)?.version !== version);
      // A version that is written in another way is not told from the others.
      if (version !== undefined && rest.length === folders.length) continue;
      for (const it of rest) await Deno.remove(join(site, it), { recursive: true });
    }
  }
}

/** What distribution has its metadata in a folder of this name. */
function distributionIn(
  folder: string,
): { readonly key: string; readonly version: string } | undefined {
  const [, name, version] = /^(.+)-([^-]+)\.dist-info$/.exec(folder) ?? [];
  if (name === undefined || version === undefined) return undefined;
  return { key: normalizeName(name), version };
}
