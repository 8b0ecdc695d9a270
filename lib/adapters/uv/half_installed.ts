/**
 * What is left of a package whose installation was killed: metadata that is not whole.
 *
 * uv cannot uninstall that, or only what the list said so far, and leaves it beside the package that it installs in its
 * place, so that one package has two versions.
 *
 * @module
 */

import { join } from "@std/path";
import { entriesOf, sitePackagesOf } from "../../files/site_packages.ts";
import { isThere } from "../../files/is_there.ts";
import { normalizeName } from "../../names.ts";

/**
 * Removes what is left of packages that are whole in another version beside it.
 *
 * @param environment The environment's folder, absolute.
 */
export async function removeHalfInstalled(environment: string): Promise<void> {
  for (const site of await sitePackagesOf(environment)) {
    const byName = Map.groupBy(await entriesOf(site), nameIn);
    for (const [name, folders] of byName) {
      if (name === undefined || folders.length < 2) continue;
      const rest = folders.filter((it) => WHOLE.some((file) => !isThere(site, join(it, file))));
      // Without a whole one it is all that is known of the package.
      if (rest.length === folders.length) continue;
      for (const it of rest) await Deno.remove(join(site, it), { recursive: true });
    }
  }
}

/** What an installed distribution has, where it can be uninstalled. */
const WHOLE = ["METADATA", "RECORD"];

/** The name of the distribution whose metadata is in a folder of this name. */
function nameIn(folder: string): string | undefined {
  const name = /^(.+)-[^-]+\.dist-info$/.exec(folder)?.[1];
  return name === undefined ? undefined : normalizeName(name);
}
