/**
 * `ensureFile` of `@std/fs`.
 *
 * @module
 */

import { dirname } from "@std/path";
import { ensureDir } from "./ensure_dir.ts";
import { kindOf, lookAt, toPath } from "./paths.ts";

/**
 * Makes an empty file and the directories above it, where they are missing. What is in a file that is there stays.
 *
 * @throws {Error} where something else lies there, a link too.
 */
export async function ensureFile(filePath: string | URL): Promise<void> {
  const path = toPath(filePath);
  const stat = await lookAt(path);
  if (stat === undefined) {
    await ensureDir(dirname(path));
    return await Deno.writeFile(path, new Uint8Array());
  }
  if (stat.isFile) return;
  throw new Error(`Failed to ensure file exists: expected 'file', got '${kindOf(stat)}'`);
}
