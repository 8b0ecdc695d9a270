/**
 * The files that every command and the package manager count on: each is a regular file, or is not there.
 *
 * @module
 */

import { isAbsolute, join } from "@std/path";
import type { CompleteAdapter } from "../adapters/adapter.ts";
import type { HsmError } from "../errors.ts";
import { irregularity, isMissing } from "../files/read_file.ts";
import { ioError } from "../files/system_error.ts";
import { shortPath } from "../platform/paths.ts";
import type { ManagerFiles } from "./manager_files.ts";

/** Those that every app has. */
const FILES = ["hsm.yaml", "hsm.local.yaml", "pyproject.toml", ".gitignore"];

/**
 * Looks for what is no regular file where one is wanted, through links. Opens none of them.
 *
 * @returns An `io` error for each.
 */
export function findIrregular(root: string): readonly HsmError[] {
  return irregularAmong(root, FILES);
}

/** {@linkcode findIrregular}, also among those of the package manager, which would wait at a FIFO for ever. */
export function findIrregularWith(
  root: string,
  { settings }: Pick<CompleteAdapter, "settings">,
  { edited, lockFiles }: ManagerFiles,
): readonly HsmError[] {
  const files = [...FILES, ...edited, ...settings, ...lockFiles];
  return irregularAmong(root, [...new Set(files)]);
}

function irregularAmong(root: string, files: readonly string[]): readonly HsmError[] {
  return files.flatMap((file) => {
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
