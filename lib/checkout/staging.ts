/**
 * Where a clone comes about, beside its place, until it is complete.
 *
 * @module
 */

import { basename, dirname, join } from "@std/path";
import { HsmError } from "../errors.ts";
import type { ManifestPackage } from "../manifest/model.ts";
import { isAlive } from "../transaction/process.ts";

/**
 * Makes the folder in which a clone comes about: on the same disk as its place, and named after its process. Folders that
 * killed runs left for the same place are removed.
 */
export async function makeStaging(directory: string): Promise<string> {
  // All at once: while a clone waits for turns of the event loop, no git runs in its place.
  const folder = dirname(directory);
  Deno.mkdirSync(folder, { recursive: true });
  const prefix = `.${basename(directory)}.hsm-`;
  for (const name of await staleNames(folder, prefix)) await removeStaging(join(folder, name));
  return Deno.makeTempDirSync({ dir: folder, prefix: `${prefix}${Deno.pid}-` });
}

/** Removes such a folder with all that is in it. What somebody still writes to is left to the next clone. */
export async function removeStaging(staging: string): Promise<void> {
  if (removeEmpty(staging)) return;
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      return await Deno.remove(staging, { recursive: true });
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return;
      // A git whose hsm was killed may still run, and add to the folder while it is emptied.
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Of a clone that has moved to its place only the folder is left. */
function removeEmpty(staging: string): boolean {
  try {
    Deno.removeSync(staging);
    return true;
  } catch {
    return false;
  }
}

/** The names of the folders that processes which are gone have left. */
async function staleNames(folder: string, prefix: string): Promise<readonly string[]> {
  const stale = [];
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (!isDirectory || !name.startsWith(prefix)) continue;
    const pid = /^(\d+)-[0-9a-z]+$/.exec(name.slice(prefix.length))?.[1];
    // Only what is surely nobody's any more.
    if (pid !== undefined && await isAlive(Number(pid)) === false) stale.push(name);
  }
  return stale;
}

/**
 * Makes sure that a missing checkout's place is where its path says: below the root, unless the path itself leaves it.
 *
 * @throws {HsmError} `checkout-mismatch` where a link leads out of the root
 */
export async function checkPlace(
  root: string,
  { name, path }: Pick<ManifestPackage, "name" | "path">,
): Promise<void> {
  if (path.startsWith("../")) return;
  const top = await Deno.realPath(root);
  let folder = dirname(join(root, path));
  let real: string | undefined;
  while ((real = await realPath(folder)) === undefined) folder = dirname(folder);
  if (real === top || real.startsWith(join(top, "/"))) return;
  throw new HsmError(
    "checkout-mismatch",
    `Cannot clone ${name} into ${path}: a link on the way leads out of the app's folder`,
    {
      hint: `remove the link, or set \`path\` of ${name} in hsm.local.yaml to where it is to be`,
      details: { package: name, path },
    },
  );
}

/** Where a path leads; undefined where it leads nowhere: making a folder there fails by itself. */
async function realPath(path: string): Promise<string | undefined> {
  return await Deno.realPath(path).catch(() => undefined);
}
