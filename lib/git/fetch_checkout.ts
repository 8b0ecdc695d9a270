/**
 * Bringing checkouts what their remotes have, without touching their files.
 *
 * @module
 */

import type { Context } from "../process/context.ts";
import { REMOTE_ALLOWED } from "../process/call.ts";
import type { RunResult } from "../process/run.ts";

/** Options before git's own command where it may ask a remote. */
export const REMOTE: readonly string[] = ["-c", REMOTE_ALLOWED];

/** git must not stay behind and tidy up in the background, where a later command would meet it. */
export const NO_BACKGROUND: readonly string[] = ["-c", "gc.auto=0", "-c", "maintenance.auto=false"];

/** How {@linkcode fetchCheckout} fetches. */
export interface FetchCheckoutOptions {
  /** The remote, by name; default: the one whose branch the checkout's branch follows. */
  readonly remote?: string | undefined;
  /** Whether all tags are to come along, as with a clone; {@linkcode rejectedTags} then tells of those that moved. */
  readonly tags?: boolean;
  /** More variables. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Fetches into a checkout, and nothing for its submodules. Touches only its remote-tracking branches and tags.
 *
 * @param directory The checkout, absolute.
 */
export async function fetchCheckout(
  { $ }: Context,
  directory: string,
  { remote, tags = false, env }: FetchCheckoutOptions = {},
): Promise<RunResult> {
  // Told to be quiet, git does not say either which tags it leaves as they are.
  const how = tags ? ["--tags", "--no-progress"] : ["--quiet"];
  const from = remote === undefined ? [] : ["--", remote];
  return await $`git ${REMOTE} ${NO_BACKGROUND} fetch ${how} --no-recurse-submodules ${from}`
    .cwd(directory).env(env).noThrow();
}

/**
 * The tags of which a fetch found another commit at the remote, and left the checkout's as they are. git calls that a
 * failure, after it has fetched all else.
 *
 * @returns none where the fetch failed otherwise.
 */
export function rejectedTags({ success, stderr }: RunResult): readonly string[] {
  if (success || /^(?:error|fatal): /m.test(stderr)) return [];
  const rejected = stderr.split("\n").filter((line) => line.startsWith(" ! "));
  const tags = rejected.map((line) =>
    /^ ! \[rejected\] +(\S+) +-> .*\(would clobber existing tag\)$/.exec(line)?.[1]
  );
  return tags.every((it) => it !== undefined) ? tags : [];
}
