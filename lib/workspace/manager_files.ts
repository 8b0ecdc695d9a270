/**
 * The files of an app that its package manager goes by, as they lie on the disk.
 *
 * @module
 */

import { join } from "@std/path";
import type { AppFiles, CompleteAdapter } from "../adapters/adapter.ts";
import { isThere } from "../files/is_there.ts";
import { readText } from "../files/read_text.ts";

/** The files of an app that are written for its package manager, or by it. */
export interface ManagerFiles {
  /** Those that HSM writes into, relative to the root, with `/`. */
  readonly edited: readonly string[];
  /** Those that the package manager itself writes, its lock file first, absolute. */
  readonly lockFiles: readonly string[];
}

/** The one that messages name of all those that HSM writes into: it says where packages come from. */
export function sourceFile([first = "pyproject.toml"]: readonly string[]): string {
  return first;
}

/** Finds them. Touches nothing. */
export async function findManagerFiles(
  root: string,
  { edited, lockFiles }: Pick<CompleteAdapter, "edited" | "lockFiles">,
  environment?: string,
): Promise<ManagerFiles> {
  return {
    edited: await edited(filesOnDisk(root, environment)),
    lockFiles: await lockFiles(root),
  };
}

/** An app's folder as adapters see it, whether there is a manifest or not. */
export function filesOnDisk(root: string, environment?: string): AppFiles {
  const read = (file: string) => readText(join(root, file), file, "pyproject-invalid");
  return {
    environment,
    pyproject: async () => await read("pyproject.toml") ?? "",
    read,
    has: (path) => isThere(root, path),
  };
}
