/**
 * `walk` of `@std/fs`, by `@nodelib/fs.walk`.
 *
 * @module
 */

import { basename, normalize, relative, SEPARATOR } from "@std/path";
import { type Entry, walkStream } from "npm:@nodelib/fs.walk@^3.0.1";
import { denoError } from "./deno_error.ts";
import { toPath } from "./paths.ts";

/** What {@linkcode walk} gives, and where it goes. */
export interface WalkOptions {
  /**
   * How many folders deep; 0: the root alone.
   *
   * @default {Infinity}
   */
  maxDepth?: number;
  /**
   * Whether files are given.
   *
   * @default {true}
   */
  includeFiles?: boolean;
  /**
   * Whether directories are given, the root among them.
   *
   * @default {true}
   */
  includeDirs?: boolean;
  /**
   * Whether links are given, where they are not followed.
   *
   * @default {true}
   */
  includeSymlinks?: boolean;
  /**
   * Whether links are followed.
   *
   * @default {false}
   */
  followSymlinks?: boolean;
  /**
   * Whether a link that is followed goes by the path that it leads to.
   *
   * @default {true}
   */
  canonicalize?: boolean;
  /** Only what ends in one of these is given, with a dot before it or without. */
  exts?: string[];
  /** Only what matches one of these is given. */
  match?: RegExp[];
  /** What matches one of these is not given, and not entered. */
  skip?: RegExp[];
}

/** What lies at a path. */
export interface WalkEntry extends Deno.DirEntry {
  /** Its path: the root's, and on from there. */
  path: string;
}

/** Walks a directory: the root first, and each directory before what is in it. */
export async function* walk(
  root: string | URL,
  options: WalkOptions = {},
): AsyncIterableIterator<WalkEntry> {
  const { maxDepth = Infinity, followSymlinks = false, canonicalize = true } = options;
  const { includeFiles = true, includeDirs = true, includeSymlinks = true } = options;
  const exts = options.exts?.map((it) => it.startsWith(".") ? it : `.${it}`);
  const isSkipped = (path: string) => options.skip?.some((it) => path.match(it) !== null) ?? false;
  const isWanted = (path: string) =>
    (exts?.some((it) => path.endsWith(it)) ?? true) &&
    (options.match?.some((it) => path.match(it) !== null) ?? true) && !isSkipped(path);

  if (maxDepth < 0) return;
  const top = toPath(root);
  if (includeDirs && isWanted(top)) {
    const path = normalize(top);
    const { isFile, isDirectory, isSymlink } = await Deno.stat(path);
    yield { path, name: basename(path), isFile, isDirectory, isSymlink };
  }
  if (maxDepth < 1 || isSkipped(top)) return;

  const pathOf = (entry: Entry) => normalize(entry.path);
  const depthOf = (path: string) => relative(top, path).split(SEPARATOR).length;
  const entries = walkStream(top, {
    deepFilter: (entry) => depthOf(pathOf(entry)) < maxDepth && !isSkipped(pathOf(entry)),
  });
  try {
    for await (const found of entries) {
      const entry = found as Entry;
      const path = pathOf(entry);
      const [isFile, isDirectory] = [entry.dirent.isFile(), entry.dirent.isDirectory()];
      const isSymlink = entry.dirent.isSymbolicLink();
      const about = { name: entry.name, isFile, isDirectory, isSymlink };
      if (isSymlink && followSymlinks) {
        const real = await Deno.realPath(path);
        const to = canonicalize ? real : path;
        if ((await Deno.lstat(real)).isDirectory) {
          yield* walk(to, { ...options, maxDepth: maxDepth - depthOf(path) });
        } else if (includeFiles && isWanted(to)) yield { path: to, ...about };
        continue;
      }
      const isIncluded = isSymlink ? includeSymlinks : isDirectory ? includeDirs : includeFiles;
      if (isIncluded && isWanted(path)) yield { path, ...about };
    }
  } catch (error) {
    throw denoError(error);
  }
}
