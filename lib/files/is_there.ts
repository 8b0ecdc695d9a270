/**
 * Whether anything is at a path.
 *
 * @module
 */

import { join } from "@std/path";
import { attempt } from "../attempt.ts";
import { isMissing } from "./read_file.ts";
import { ioError } from "./system_error.ts";

/**
 * Whether there is anything, be it a link that leads nowhere.
 *
 * @param path The path, relative to the root.
 * @throws {HsmError} `io`
 */
export function isThere(root: string, path: string): boolean {
  try {
    Deno.lstatSync(join(root, path));
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw ioError(`look at ${path}`, join(root, path), error);
  }
}

/** What can be seen at a path, be it a link that leads nowhere; undefined where that is nothing. */
export function infoAt(path: string): Deno.FileInfo | undefined {
  return attempt(() => Deno.lstatSync(path));
}

/** Whether anything can be seen at a path. */
export function exists(path: string): boolean {
  return infoAt(path) !== undefined;
}

/** Whether there is a file at a path, be it through a link. */
export function isFile(path: string): boolean {
  return attempt(() => Deno.statSync(path).isFile) ?? false;
}
