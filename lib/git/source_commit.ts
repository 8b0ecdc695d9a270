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
  // git would also answer for a repository that the folder merely lies in.
  if (infoAt(`${folder}/.git`) === undefined) return undefined;
  const words = ["describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"];
  const env = withoutRepository(Deno.env.toObject());
  const told = await run(["git", ...READING, ...words], { cwd: folder, env }).catch(() =>
    undefined
  );
  return told?.success ? told.stdout.trim() : undefined;
}
