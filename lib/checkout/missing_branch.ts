/**
 * Whether a checkout has ever been where the manifest's `checkout` says: it may have been cloned before that was written.
 *
 * @module
 */

import { join } from "@std/path";
import type { Context } from "../process/context.ts";
import { READING } from "../git/reading.ts";
import { peekText } from "../files/read_file.ts";
import type { CheckoutGroup } from "./group.ts";

/**
 * The branch that the manifest says is to be checked out, where the checkout has none of that name. Who has been there
 * may be anywhere else by now, on a branch of their own for example.
 *
 * Touches nothing; asks git only where a look at its files does not find the branch.
 */
export async function missingBranch(
  { $ }: Context,
  { directory, checkout }: CheckoutGroup,
): Promise<string | undefined> {
  if (checkout === undefined || isInFiles(directory, checkout)) return undefined;
  const refs = [`refs/heads/${checkout}`, `refs/tags/${checkout}`];
  const { success, stdout } = await $`git ${READING} for-each-ref --count=1 -- ${refs}`
    .cwd(directory).noThrow();
  return success && stdout === "" ? checkout : undefined;
}

/** Whether git's own folder has the branch, as far as it keeps it in files there. */
function isInFiles(directory: string, branch: string): boolean {
  const ref = `refs/heads/${branch}`;
  return peekText(join(directory, ".git", ref)) !== undefined ||
    peekText(join(directory, ".git/packed-refs"))?.includes(` ${ref}\n`) === true;
}

/** What there is to say of it. */
export function describeMissingBranch({ path }: CheckoutGroup, branch: string): string {
  return `${path} has no local branch ${branch}, which the manifest names: ` +
    `\`git -C ${path} fetch && git -C ${path} switch ${branch}\` goes there`;
}
