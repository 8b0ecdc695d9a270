/**
 * What a checkout has as a tag.
 *
 * @module
 */

import { dirname, join } from "@std/path";
import type { Context } from "../process/context.ts";
import { READING } from "../git/reading.ts";
import type { ManifestPackage } from "../manifest/model.ts";
import { placeOf } from "./state.ts";

/** The commit that a checkout has as a tag; undefined where it has none, or is none. Touches nothing. */
export async function tagCommit(
  { root, $ }: Context,
  { path }: ManifestPackage,
  tag: string,
): Promise<string | undefined> {
  const directory = join(root, path);
  if (typeof placeOf(directory) !== "string") return undefined;
  const name = `refs/tags/${tag}^{commit}`;
  const { success, stdout } =
    await $`git ${READING} rev-parse --verify --quiet --end-of-options ${name}`.cwd(directory)
      // A folder that is no checkout must not pass for the app's own repository around it.
      .env({ GIT_CEILING_DIRECTORIES: dirname(directory) }).noThrow();
  return success ? stdout.trim() : undefined;
}
