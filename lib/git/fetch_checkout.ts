/**
 * Bringing checkouts what their remotes have, without touching their files.
 *
 * @module
 */

import { askGit, type GitContext } from "./ask.ts";
import type { RunResult } from "../process/run.ts";

/** git must not stay behind and tidy up in the background, where a later command would meet it. */
export const NO_BACKGROUND: readonly string[] = ["-c", "gc.auto=0", "-c", "maintenance.auto=false"];

/**
 * Fetches into a checkout, and nothing for its submodules. Touches only its remote-tracking branches and tags.
 *
 * @param directory The checkout, absolute.
 * @param environment More variables, such as those of `withoutPrompts`.
 * @param remote The remote, by name; default: the one whose branch the checkout's branch follows.
 */
export function fetchCheckout(
  context: GitContext,
  directory: string,
  environment: Readonly<Record<string, string>>,
  remote?: string,
): Promise<RunResult> {
  const options = ["-c", "protocol.ext.allow=never", ...NO_BACKGROUND];
  const args = [...options, "fetch", "--quiet", "--no-recurse-submodules"];
  if (remote !== undefined) args.push("--", remote);
  return askGit(context, args, { cwd: directory, env: environment });
}
