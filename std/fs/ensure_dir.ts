/**
 * `ensureDir` of `@std/fs`.
 *
 * @module
 */

import { kindOf } from "./paths.ts";

/**
 * Makes a directory and those above it, where they are missing.
 *
 * @throws {Error} where something else lies there; a link counts as what it leads to.
 */
export async function ensureDir(dir: string | URL): Promise<void> {
  // Asked first, so that a directory that is there needs no permission to write.
  if (await isDir(dir)) return;
  try {
    await Deno.mkdir(dir, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    // Somebody else was faster; what did they make?
    await isDir(dir);
  }
}

async function isDir(path: string | URL): Promise<boolean> {
  try {
    const stat = await Deno.stat(path);
    if (stat.isDirectory) return true;
    throw new Error(`Failed to ensure directory exists: expected 'dir', got '${kindOf(stat)}'`);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
