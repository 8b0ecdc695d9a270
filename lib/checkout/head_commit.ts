/**
 * Where a checkout is.
 *
 * @module
 */

import { dirname, join } from "@std/path";
import type { Context } from "../process/context.ts";
import { READING } from "../git/reading.ts";

/** The commit that a checkout is at; undefined before the first one. Touches nothing. */
export async function headCommit({ root, $ }: Context, path: string): Promise<string | undefined> {
  const directory = join(root, path);
  const { success, stdout } = await $`git ${READING} rev-parse --verify --quiet HEAD`.cwd(directory)
    // A folder that is no checkout must not pass for the app's own repository around it.
    .env({ GIT_CEILING_DIRECTORIES: dirname(directory) }).noThrow();
  return success ? stdout.trim() : undefined;
}
