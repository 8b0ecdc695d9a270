/**
 * Where a clone comes about, beside its place, until it is complete.
 *
 * @module
 */

import { succeeds } from "../attempt.ts";
import type { TemporaryFolder } from "../files/make_temporary.ts";
import { whileHeld } from "../platform/held_files.ts";
import { basename, dirname, join } from "@std/path";
import { ioError } from "../files/system_error.ts";
import { isThereStill } from "../platform/process.ts";
import { isThere } from "../files/is_there.ts";

/**
 * Makes the folder in which a clone comes about: on the same disk as its place, and named after its process. Folders that
 * killed runs left for the same place are removed.
 *
 * @throws {HsmError} `io` where the folder around it is not to be written to.
 */
export async function makeStaging(directory: string): Promise<TemporaryFolder> {
  // All at once: while a clone waits for turns of the event loop, no git runs in its place.
  const folder = dirname(directory);
  try {
    Deno.mkdirSync(folder, { recursive: true });
    const prefix = `.${basename(directory)}.hsm-`;
    for (const name of await staleNames(folder, prefix)) await removeStaging(join(folder, name));
    // Unlike Deno's temporary folders it may have any name that a checkout may.
    const path = join(folder, `${prefix}${Deno.pid}-${crypto.randomUUID().slice(0, 8)}`);
    Deno.mkdirSync(path, { mode: 0o700 });
    return { path, [Symbol.asyncDispose]: () => removeStaging(path) };
  } catch (error) {
    throw ioError(`make a folder in ${folder}`, folder, error);
  }
}

/** Removes such a folder with all that is in it. What somebody still writes to is left to the next clone. */
async function removeStaging(staging: string): Promise<void> {
  // Of a clone that has moved to its place only the folder is left.
  if (succeeds(() => Deno.removeSync(staging))) return;
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

/** The names of the folders that processes which are gone have left. */
async function staleNames(folder: string, prefix: string): Promise<readonly string[]> {
  const stale = [];
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (!isDirectory || !name.startsWith(prefix)) continue;
    const pid = /^(\d+)-[0-9a-z]+$/.exec(name.slice(prefix.length))?.[1];
    if (pid === undefined) continue;
    const at = Deno.statSync(join(folder, name)).birthtime?.toISOString();
    // Only what is surely nobody's any more.
    if (await isThereStill({ pid: Number(pid), at }) === false) stale.push(name);
  }
  return stale;
}

/**
 * Moves what came about in such a folder to its place, unless there is anything by then: another hsm's clone, or what
 * somebody put there. (Of what comes in the very moment only an empty folder is replaced: POSIX's rename() does so.)
 *
 * @param path The place, relative to the root.
 * @returns Whether it was moved.
 */
export function moveIntoPlace(made: string, root: string, path: string): boolean {
  if (isThere(root, path)) return false;
  try {
    whileHeld(() => Deno.renameSync(made, join(root, path)));
    return true;
  } catch (error) {
    if (isThere(root, path)) return false;
    throw error;
  }
}
