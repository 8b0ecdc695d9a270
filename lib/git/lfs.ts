/**
 * Whether git can fetch what Git LFS keeps.
 *
 * @module
 */

import type { Context } from "../process/context.ts";

/**
 * What git lacks to fetch the files that Git LFS keeps, wherever it clones: `git-lfs` itself, or the filter in the user's
 * configuration. Touches nothing.
 *
 * @param cwd A folder that is there.
 * @returns What is missing, and the way out; undefined where nothing is.
 * @throws {HsmError} `tool-missing` where there is no git
 */
export async function lfsProblem(
  { $ }: Context,
  cwd: string,
): Promise<{ readonly message: string; readonly fix: string } | undefined> {
  const [isThere, isSetUp] = await Promise.all([
    $`git lfs version`.cwd(cwd).succeeds(),
    // What `git lfs install --local` wrote into one repository does not count in another.
    $`git config --get-regexp ${"^filter\\.lfs\\.(process|smudge)$"}`.cwd(cwd)
      .env({ GIT_DIR: "/dev/null" }).succeeds(),
  ]);
  if (!isThere) {
    return { message: "there is no git-lfs", fix: `install git-lfs, then run \`${INSTALL}\`` };
  }
  if (isSetUp) return undefined;
  return { message: `git-lfs is not set up in git's configuration`, fix: `run \`${INSTALL}\`` };
}

/** What sets it up for a user, once. */
const INSTALL = "git lfs install";
