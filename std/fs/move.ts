/**
 * `move` of `@std/fs`, by fs-extra's, which also moves from one file system to another.
 *
 * @module
 */

import { dirname, resolve } from "@std/path";
// @ts-types="../types/fs_extra.d.ts"
import { move as moveTree } from "npm:fs-extra@^11.4.1/esm";
import { denoError } from "./deno_error.ts";
import { isInside, lookAt, toPath } from "./paths.ts";

/** How {@linkcode move} moves. */
export interface MoveOptions {
  /**
   * Whether what lies at the destination is overwritten.
   *
   * @default {false}
   */
  overwrite?: boolean;
}

/**
 * Moves a file or directory.
 *
 * @throws {Deno.errors.AlreadyExists} where something lies at the destination, unless `overwrite` is set.
 * @throws {Deno.errors.NotSupported} for a directory that would lie in itself.
 */
export async function move(
  src: string | URL,
  dest: string | URL,
  { overwrite = false }: MoveOptions = {},
): Promise<void> {
  const from = toPath(src);
  const to = toPath(dest);
  const isSame = resolve(from) === resolve(to);
  const { isDirectory } = await Deno.stat(from);
  if (isDirectory && (isSame || isInside(from, to))) {
    throw new Deno.errors.NotSupported(
      `Cannot move '${src}' to a subdirectory of itself, '${dest}'.`,
    );
  }
  if (isSame && overwrite) return;
  if (!overwrite && await lookAt(to) !== undefined) {
    throw new Deno.errors.AlreadyExists("dest already exists.");
  }
  // fs-extra makes what is missing above it, too.
  await Deno.stat(dirname(to));
  try {
    await moveTree(from, to, { overwrite });
  } catch (error) {
    throw denoError(error);
  }
}
