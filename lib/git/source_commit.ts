/**
 * Which commit the files of a folder are.
 *
 * @module
 */

import { run } from "../process/run.ts";
import { infoAt } from "../files/is_there.ts";
import { withoutRepository } from "./ask.ts";
import { READING } from "./reading.ts";

/**
 * The commit that a checkout is at, `-dirty` behind it where tracked files differ from it, as `git describe` says it.
 *
 * @param folder The root of the checkout.
 * @returns Undefined where it is none, or git cannot tell.
 */
export async function sourceCommit(folder: string): Promise<string | undefined> {
  return await ask(folder, "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*");
}

/** When that commit was made, in seconds since 1970; undefined likewise. */
export async function sourceTime(folder: string): Promise<number | undefined> {
  const told = await ask(folder, "log", "-1", "--format=%ct");
  return told === undefined ? undefined : Number(told);
}

async function ask(folder: string, ...words: string[]): Promise<string | undefined> {
  // git would also answer for a repository that the folder merely lies in.
  if (infoAt(`${folder}/.git`) === undefined) return undefined;
  const env = withoutRepository(Deno.env.toObject());
  const told = await run(["git", ...READING, ...words], { cwd: folder, env }).catch(() =>
    undefined
  );
  return told?.success ? told.stdout.trim() : undefined;
}
