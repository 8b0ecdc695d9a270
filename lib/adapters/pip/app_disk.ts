/**
 * The app's files as they are on disk, for who runs a program on them.
 *
 * @module
 */

import { join } from "@std/path";
import { isThere } from "../../files/is_there.ts";
import { MAX_WRITTEN_BYTES, peekText } from "../../files/read_file.ts";
import type { AppFiles, Written } from "../adapter.ts";
import { OWN_REQUIREMENTS, REQUIREMENTS } from "./files.ts";
import { bringsOwned, reachedFiles } from "./reach.ts";

/** Files that can be read. */
export type Readable = Pick<AppFiles, "read" | "has">;

/** The files on disk; `candidate`: with other texts in the place of some. */
export function filesOnDisk(root: string, candidate: Written["texts"] = new Map()): Readable {
  return {
    read: (file) =>
      Promise.resolve(
        candidate.has(file) ? candidate.get(file) : peekText(join(root, file), MAX_WRITTEN_BYTES),
      ),
    has: (path) => isThere(root, path),
  };
}

/** The file that brings all that is to be installed; undefined where HSM has written none. */
export async function entryFile(files: Readable): Promise<string | undefined> {
  if (await files.read(REQUIREMENTS) === undefined) return undefined;
  return bringsOwned(await reachedFiles(files)) ? OWN_REQUIREMENTS : REQUIREMENTS;
}
