/**
 * `copy` of `@std/fs`, by fs-extra's.
 *
 * @module
 */

import { dirname, resolve } from "@std/path";
// @ts-types="../types/fs_extra.d.ts"
import { copy as copyTree } from "npm:fs-extra@^11.4.1/esm";
import { denoError } from "./deno_error.ts";
import { isInside, lookAt, toPath } from "./paths.ts";

/** How {@linkcode copy} copies. */
export interface CopyOptions {
  /**
   * Whether what lies at the destination is overwritten.
   *
   * @default {false}
   */
  overwrite?: boolean;
  /**
   * Whether the copies have their originals' times.
   *
   * @default {false}
   */
  preserveTimestamps?: boolean;
}

/**
 * Copies a file, a link or a directory with all that is in it. Links are copied as links.
 *
 * @throws {Deno.errors.AlreadyExists} where something lies at the destination, unless `overwrite` is set.
 */
export async function copy(
  src: string | URL,
  dest: string | URL,
  { overwrite = false, preserveTimestamps = false }: CopyOptions = {},
): Promise<void> {
  const from = resolve(toPath(src));
  const to = resolve(toPath(dest));
  if (from === to) throw new Error("Source and destination cannot be the same");
  const { isDirectory } = await Deno.lstat(from);
  if (isDirectory && isInside(from, to)) {
    throw new Error(`Cannot copy '${from}' to a subdirectory of itself: '${to}'`);
  }
  const there = await lookAt(to);
  if (there !== undefined && isDirectory && !there.isDirectory) {
    throw new Error(`Cannot overwrite non-directory '${to}' with directory '${from}'`);
  }
  if (there !== undefined && !overwrite) {
    throw new Deno.errors.AlreadyExists(`'${to}' already exists.`);
  }
  // fs-extra makes what is missing above a file, too.
  if (!isDirectory) await Deno.stat(dirname(to));
  try {
    await copyTree(from, to, { overwrite, preserveTimestamps, filter: isCopied });
  } catch (error) {
    throw denoError(error);
  }
}

/** Sockets and pipes are left out; fs-extra fails at them. */
async function isCopied(path: string): Promise<boolean> {
  const { isFile, isDirectory, isSymlink } = await Deno.lstat(path);
  return isFile || isDirectory || isSymlink;
}
