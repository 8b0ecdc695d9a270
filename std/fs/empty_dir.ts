/**
 * `emptyDir` of `@std/fs`. fs-extra's says nothing where it may not look into the directory, and empties nothing.
 *
 * @module
 */

import { join } from "@std/path";
import { toPath } from "./paths.ts";

/** Removes what is in a directory, or makes it where it is missing. */
export async function emptyDir(dir: string | URL): Promise<void> {
  const path = toPath(dir);
  try {
    const entries = await Array.fromAsync(Deno.readDir(path));
    await Promise.all(
      entries.map(({ name }) => Deno.remove(join(path, name), { recursive: true })),
    );
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    await Deno.mkdir(path, { recursive: true });
  }
}
