/**
 * Merging two versions of a text, as git does it with files.
 *
 * @module
 */

import { join } from "@std/path";
import { HsmError } from "../errors.ts";
import { makeTemporary } from "../files/make_temporary.ts";
import type { Context } from "../process/context.ts";
import { messageOf } from "../process/failed_program.ts";

/** Two versions of a text, and what both come from. */
export interface Versions {
  readonly base: string;
  readonly mine: string;
  readonly theirs: string;
}

/**
 * Merges two versions of a text, line by line.
 *
 * @returns undefined where both changed the same lines, each in its own way.
 * @throws {HsmError} `git-failed`, `io`
 */
export async function mergeTexts(
  context: Context,
  { base, mine, theirs }: Versions,
): Promise<string | undefined> {
  if (mine === base || mine === theirs) return theirs;
  if (theirs === base) return mine;
  await using folder = await makeTemporary("hsm-merge-");
  const versions = { mine, base, theirs };
  for (const [name, text] of Object.entries(versions)) {
    await Deno.writeTextFile(join(folder.path, name), text);
  }
  const $ = context.$.with({ cwd: folder.path, keepBom: true });
  const result = await $`git merge-file --stdout --quiet -- mine base theirs`.noThrow();
  if (result.success) return result.stdout;
  // Otherwise it is the number of conflicts.
  if (result.code < 128) return undefined;
  throw new HsmError("git-failed", "Cannot merge two versions of a file", {
    causes: messageOf(result),
  });
}
