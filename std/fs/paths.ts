/**
 * Paths as `@std/fs` takes them.
 *
 * @module
 */

import { fromFileUrl, resolve, SEPARATOR } from "@std/path";

/** The path that a text or a `file:` URL is. */
export function toPath(path: string | URL): string {
  return path instanceof URL ? fromFileUrl(path) : path;
}

/** Whether the second path lies in the first. */
export function isInside(folder: string, path: string): boolean {
  const top = resolve(folder);
  return resolve(path).startsWith(top.endsWith(SEPARATOR) ? top : top + SEPARATOR);
}

/** What lies at a path, links not followed; undefined: nothing. */
export async function lookAt(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.lstat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** What a path is called in messages. */
export function kindOf({ isFile, isDirectory }: Deno.FileInfo): string {
  return isFile ? "file" : isDirectory ? "dir" : "symlink";
}
