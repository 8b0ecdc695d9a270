/**
 * What is left of a package whose installation was killed: its metadata, without the list of its files.
 *
 * uv cannot uninstall that, warns of it at every sync and leaves it beside the package that it installs in its place, so
 * that one package has two versions.
 *
 * @module
 */

import { basename, dirname, join, resolve } from "@std/path";
import { entriesOf } from "../../files/site_packages.ts";
import { isThere } from "../../files/is_there.ts";
import { normalizeName } from "../../names.ts";

const WARNING =
  /^warning: Failed to uninstall package at `(.+\.dist-info)` due to missing `RECORD` file/gm;

/**
 * Removes what uv says that it could not uninstall, where the package is whole beside it.
 *
 * @param root The folder that uv ran in.
 * @param said What uv said.
 */
export async function removeHalfInstalled(root: string, said: string): Promise<void> {
  for (const [, path = ""] of said.matchAll(WARNING)) {
    const folder = resolve(root, path);
    const [around, own] = [dirname(folder), basename(folder)];
    const whole = (await entriesOf(around)).some((it) =>
      it !== own && nameIn(it) === nameIn(own) && isThere(around, join(it, "RECORD"))
    );
    // Without another one it is all that is known of the package.
    if (whole && !isThere(folder, "RECORD")) await Deno.remove(folder, { recursive: true });
  }
}

/** The name of the distribution that has this folder. */
function nameIn(folder: string): string | undefined {
  const name = /^(.+)-[^-]+\.dist-info$/.exec(folder)?.[1];
  return name === undefined ? undefined : normalizeName(name);
}
