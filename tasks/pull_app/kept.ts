/**
 * What git may change beside HEAD and the files, kept for the way back: what is staged, which it brings again unstaged where it
 * puts changes aside, and the other branches, which a rebase moves along where `rebase.updateRefs` is set.
 *
 * @module
 */

import { resolve } from "@std/path";
import { succeeds } from "../../lib/attempt.ts";
import type { Context } from "../../lib/process/context.ts";
import { READING } from "../../lib/git/reading.ts";
import { whileHeld } from "../../lib/platform/held_files.ts";

/** git's index as it was. */
export interface SavedIndex {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly info: Deno.FileInfo;
}

/** The commits of branches, by their names in full. */
export type Branches = ReadonlyMap<string, string>;

/** Reads the index; undefined where there is none. */
export async function saveIndex({ $ }: Context, top: string): Promise<SavedIndex | undefined> {
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
  const how = { createNew: true, mode: (info.mode ?? 0o644) & 0o777 };
  if (!succeeds(() => Deno.writeFileSync(lock, bytes, how))) return false;
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

/** Reads where all branches are. */
export async function readBranches({ $ }: Context, top: string): Promise<Branches> {
  const format = "--format=%(objectname) %(refname)";
  const lines = await $`git ${READING} for-each-ref ${format} refs/heads`.cwd(top).noThrow()
    .lines();
  return new Map(
    lines.map((line) => {
      const [commit = "", ref = ""] = line.split(" ");
      return [ref, commit];
    }),
  );
}

/**
 * Moves branches back to where they were. One that somebody has moved since stays there.
 *
 * @param from Where they have been moved to.
 * @param to Where they were.
 */
export async function moveBranchesBack(
  { $ }: Context,
  top: string,
  from: Branches,
  to: Branches,
): Promise<void> {
  for (const [ref, commit] of to) {
    const now = from.get(ref);
    if (now === undefined || now === commit) continue;
    await $`git update-ref -m 'hsm pull --app: back' ${ref} ${commit} ${now}`.cwd(top).noThrow();
  }
}
