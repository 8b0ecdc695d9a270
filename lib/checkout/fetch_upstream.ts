/**
 * Fetching what a checkout's branch follows, where that is still there.
 *
 * @module
 */

import { join } from "@std/path";
import { askGit, type GitContext } from "../git/ask.ts";
import { fetchCheckout } from "../git/fetch_checkout.ts";
import { gitFolder } from "../git/folder.ts";
import { READING } from "../git/reading.ts";
import { peekText } from "../read_file.ts";
import type { RunResult } from "../process/run.ts";
import type { CheckoutGroup } from "./group.ts";

/** How a fetch ended. */
export interface FetchedUpstream extends RunResult {
  /** What there is to say where the remote has no longer what the branch follows. */
  readonly gone?: GoneUpstream;
}

/** The branch that a checkout follows is no longer at its remote. */
export interface GoneUpstream {
  /** The reason, for people. */
  readonly reason: string;
  /** What to do about it. */
  readonly hint: string;
}

/**
 * Fetches into a checkout whose branch follows another one, and finds out whether that one is still there.
 *
 * Touches only remote-tracking branches and tags. The one of a branch that is gone goes as well, but where it alone has
 * commits: then it stays for them.
 *
 * @param environment More variables, such as those of `withoutPrompts`.
 * @throws {HsmError} `tool-missing`
 */
export async function fetchUpstream(
  context: GitContext,
  { directory, path }: CheckoutGroup,
  branch: string,
  environment: Readonly<Record<string, string>>,
): Promise<FetchedUpstream> {
  const fetched = await fetchCheckout(context, directory, environment);
  if (!fetched.success || hasFetchedUpstream(directory)) return fetched;
  const ask = async (...args: string[]) => {
    const { success, stdout } = await askGit(context, args, { cwd: directory, env: environment });
    return success ? stdout.trim() : "";
  };
  const followed = await ask(
    ...READING,
    ...["for-each-ref", "--format=%(upstream) %(upstream:remotename)", `refs/heads/${branch}`],
  );
  const [, upstream = "", remote = ""] = /^(\S+) (\S+)$/.exec(followed) ?? [];
  const [, short] = /^refs\/remotes\/(.+)$/.exec(upstream) ?? [];
  if (short === undefined) return fetched;
  const before = await ask(...READING, "symbolic-ref", "--quiet", `refs/remotes/${remote}/HEAD`);
  await forget(ask, upstream, short);
  const name = defaultBranch(await ask(...REMOTE, "ls-remote", "--symref", "--", remote, "HEAD"));
  const switches = `\`git -C ${path} switch ${name}\` goes on with`;
  const gone = `its upstream ${short} is gone`;
  const brings = `\`git -C ${path} push -u ${remote} ${branch}\` brings this one back`;
  if (name === undefined) return { ...fetched, gone: { reason: gone, hint: brings } };
  if (before !== upstream || name === branch) {
    const hint = `${switches} its remote's default branch, ${brings}`;
    return { ...fetched, gone: { reason: gone, hint } };
  }
  return {
    ...fetched,
    gone: {
      reason: `${gone}, ${name} is its remote's default branch now`,
      hint: `${switches} it, \`git -C ${path} remote set-head ${remote} --auto\` tells git`,
    },
  };
}

/** What to do about a fetch that failed, where git says that there is no such repository. */
export function hintOfFailure(
  path: string,
  { stderr }: Pick<RunResult, "stderr">,
): string | undefined {
  return /repository .*not found|does not appear to be a git repository|does not exist/i.test(
      stderr,
    )
    ? `if it has moved, correct \`git\` in hsm.yaml, and \`git -C ${path} remote set-url NAME URL\``
    : undefined;
}

const REMOTE = ["-c", "protocol.ext.allow=never"];

/** Whether the last fetch brought what the branch is to be merged with: git notes that line by line, as `git pull` needs it. */
function hasFetchedUpstream(directory: string): boolean {
  const noted = peekText(join(gitFolder(directory), "FETCH_HEAD"));
  return noted === undefined || /^[0-9a-f]+\t\t/m.test(noted);
}

/** Deletes a remote-tracking branch, unless it alone has commits. */
async function forget(
  ask: (...args: string[]) => Promise<string>,
  upstream: string,
  short: string,
): Promise<void> {
  const commit = await ask(...READING, "rev-parse", "--verify", "--quiet", `${upstream}^{commit}`);
  if (commit === "") return;
  const others = ["HEAD", "--branches", "--tags", `--exclude=${short}`, "--remotes"];
  const alone = ["rev-list", "--count", "--max-count=1", commit, "--not", ...others, "--"];
  if (await ask(...READING, ...alone) === "0") await ask("update-ref", "-d", upstream, commit);
}

/** What `git ls-remote --symref` says of HEAD; undefined where that is no name that a hint could show as it is. */
function defaultBranch(text: string): string | undefined {
  return /^ref: refs\/heads\/(\w[\w./-]*)\tHEAD$/m.exec(text)?.[1];
}
