/**
 * What is staged, kept for the way back: where git puts changes aside and brings them again, it brings them unstaged.
 *
 * @module
 */

import { whileHeld } from "../../lib/platform/held_files.ts";
import { resolve } from "@std/path";
import type { Context } from "../../lib/context.ts";
import { READING } from "../../lib/git/reading.ts";

/** git's index as it was. */
export interface SavedIndex {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly info: Deno.FileInfo;
}

/** Reads the index; undefined where there is none. */
export async function saveIndex(
  { $ }: Context,
  top: string,
): Promise<SavedIndex | undefined> {
  const path = resolve(
    top,
    await $`git ${READING} rev-parse --git-path index`.cwd(top).noThrow().text(),
  );
  try {
    return { path, bytes: Deno.readFileSync(path), info: Deno.statSync(path) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/**
 * Puts the index back, in the way in which git itself writes it: every git that runs meanwhile has the one or the other.
 *
 * @returns Whether it is back; not where another git is about to write it, or the disk refuses.
 */
export function putIndexBack({ path, bytes, info }: SavedIndex): boolean {
  const lock = `${path}.lock`;
  try {
    Deno.writeFileSync(lock, bytes, { createNew: true, mode: (info.mode ?? 0o644) & 0o777 });
  } catch {
    return false;
  }
  try {
    // A file that was changed just before the index was written is one that git looks into: it goes by this time.
    if (info.mtime !== null) Deno.utimeSync(lock, info.mtime, info.mtime);
    whileHeld(() => Deno.renameSync(lock, path));
    return true;
  } catch {
    Deno.removeSync(lock);
    return false;
  }
}
