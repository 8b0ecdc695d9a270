/**
 * The files that every command and the package manager count on: each is a regular file, or is not there.
 *
 * @module
 */

import { isAbsolute, join } from "@std/path";
import type { HsmError } from "../errors.ts";
import { irregularity, isMissing } from "../read_file.ts";
import { ioError } from "../system_error.ts";
import { shortPath } from "../transaction/content.ts";

/** Beside the lock file; the last two uv reads by itself, and it would wait at a FIFO for ever. */
const FILES = [
  "hsm.yaml",
  "hsm.local.yaml",
  "pyproject.toml",
  ".gitignore",
  "uv.toml",
  ".python-version",
];

/**
 * Looks for what is no regular file where one is wanted, through links. Opens none of them.
 *
 * @param others Files beside those that every app has, absolute or relative to the root.
 * @returns An `io` error for each.
 */
export function findIrregular(root: string, others: readonly string[] = []): readonly HsmError[] {
  return [...new Set([...FILES, ...others])].flatMap((file) => {
    const path = isAbsolute(file) ? file : join(root, file);
    return irregularFile(path, shortPath(root, path)) ?? [];
  });
}

/**
 * Why what lies at a path cannot be read as a file.
 *
 * @param name The file, as messages name it.
 * @returns undefined where it is a regular file, or nothing.
 */
export function irregularFile(path: string, name: string): HsmError | undefined {
  try {
    return irregularity(Deno.statSync(path), path, name);
  } catch (error) {
    return isMissing(error) ? undefined : ioError(`look at ${name}`, path, error);
  }
}
