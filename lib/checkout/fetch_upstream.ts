/**
 * Fetching what a checkout's branch follows, where that is still there.
 *
 * @module
 */

import { join } from "@std/path";
import type { Context } from "../process/context.ts";
import { fetchCheckout, rejectedTags, REMOTE } from "../git/fetch_checkout.ts";
import { hintOfDenial } from "../git/hint_of_denial.ts";
import { gitFolder } from "../git/folder.ts";
import { readRemotes } from "../git/remotes.ts";
import { sameRepository } from "../git/url.ts";
import { redact } from "../text/redact.ts";
import { listOf } from "../text/words.ts";
import { READING } from "../git/reading.ts";
import { peekText } from "../files/read_file.ts";
import type { Commands } from "../process/commands.ts";
import type { RunResult } from "../process/run.ts";
import { type CheckoutGroup, concerning } from "./group.ts";

/** How a fetch ended. */
export interface FetchedUpstream extends RunResult {
  /** What there is to say where the remote has no longer what the branch follows. */
  readonly gone?: GoneUpstream | undefined;
  /** What else there is to say, a sentence each: tags that are others at the remote, a remote that has moved. */
  readonly notes: readonly string[];
}

/** The branch that a checkout follows is no longer at its remote. */
export interface GoneUpstream {
  /** The reason, for people. */
  readonly reason: string;
  /** What to do about it. */
  readonly hint: string;
}

/** How many tags a sentence lists. */
const LISTED = 5;

/**
 * Fetches into a checkout whose branch follows another one, and finds out whether that one is still there.
 *
 * Touches only remote-tracking branches and tags. The one of a branch that is gone goes as well, but where it alone has
 * commits: then it stays for them. A tag that moved stays as it is.
 * @throws {HsmError} `tool-missing`
 */
export async function fetchUpstream(
  context: Context,
  group: CheckoutGroup,
  branch: string,
): Promise<FetchedUpstream> {
  const { directory, path } = group;
  const result = await fetchCheckout(context, directory, { tags: takesTags(directory) });
  const tags = rejectedTags(result);
  const success = result.success || tags.length > 0;
  const movedTo = success ? await redirection(context, group, result) : undefined;
  const notes = movedTo === undefined ? [] : [describeMove(path, movedTo)];
  const fetched = { ...result, success, notes };
  if (!fetched.success || (tags.length === 0 && hasFetchedUpstream(directory))) return fetched;
  const $ = context.$.with({ cwd: directory });
  const format = "--format=%(upstream) %(upstream:remotename)";
  const followed = await $`git ${READING} for-each-ref ${format} ${`refs/heads/${branch}`}`
    .noThrow().text();
  const [, upstream = "", remote = ""] = /^(\S+) (\S+)$/.exec(followed) ?? [];
  if (tags.length > 0) notes.push(describeTags(path, remote, tags));
  const gone = hasFetchedUpstream(directory)
    ? undefined
    : await lookForUpstream($, { path, branch, upstream, remote });
  return { ...fetched, gone };
}

/** Tells of a checkout that was fetched, and what else there is to say of it. */
export function tellFetched(
  { tell }: Context,
  group: CheckoutGroup,
  notes: readonly string[],
): void {
  tell({ kind: "fetched", ...concerning(group) });
  for (const note of notes) {
    tell({ kind: "warned", ...concerning(group), message: `${group.path}: ${note}` });
  }
}

/**
 * Whether tags may come along that are on none of the branches: they would bring a shallow checkout its history, and
 * somebody may have chosen to have none.
 */
function takesTags(directory: string): boolean {
  const folder = gitFolder(directory);
  const isShallow = peekText(join(folder, "shallow")) !== undefined;
  return !isShallow && !/^\s*tagopt\s*=/im.test(peekText(join(folder, "config")) ?? "");
}

/** Where a server has sent git to, if that is another repository by its name; what is renamed is found for a while. */
async function redirection(
  context: Context,
  { directory, git }: CheckoutGroup,
  { stderr }: RunResult,
): Promise<string | undefined> {
  const [, url] = /^warning: redirecting to (\S+)$/m.exec(stderr) ?? [];
  const { root } = context;
  if (url === undefined || (git !== undefined && sameRepository(url, git, root))) return undefined;
  const remotes = await readRemotes(context, directory) ?? [];
  const addresses = remotes.flatMap((it) => it.fetch);
  return addresses.some((it) => sameRepository(url, it, root)) ? undefined : redact(url);
}

function describeMove(path: string, url: string): string {
  return `its remote has moved to ${url}; correct \`git\` in hsm.yaml, and ` +
    `\`git -C ${path} remote set-url NAME URL\``;
}

function describeTags(path: string, remote: string, tags: readonly string[]): string {
  const fetch = `git -C ${path} fetch --force ${remote} tag ${tags.length === 1 ? tags[0] : "TAG"}`;
  return `its remote has another commit as ${listOf(tags, LISTED)}; \`${fetch}\` takes it`;
}

/** Says what there is to say of an upstream that is gone, and forgets it. */
async function lookForUpstream(
  $: Commands,
  { path, branch, upstream, remote }: {
    readonly path: string;
    readonly branch: string;
    readonly upstream: string;
    readonly remote: string;
  },
): Promise<GoneUpstream | undefined> {
  const [, short] = /^refs\/remotes\/(.+)$/.exec(upstream) ?? [];
  // One that follows a branch of its own repository has no remote.
  if (short === undefined) return undefined;
  const head = `refs/remotes/${remote}/HEAD`;
  const before = await $`git ${READING} symbolic-ref --quiet ${head}`.noThrow().text();
  await forget($, upstream, short);
  const told = await $`git ${REMOTE} ls-remote --symref -- ${remote} HEAD`.noThrow();
  const name = told.success ? defaultBranch(told.stdout) : undefined;
  const reason = `its upstream ${short} is gone`;
  const brings = `\`git -C ${path} push -u ${remote} ${branch}\` brings this one back`;
  if (name === undefined || name === branch) return { reason, hint: brings };
  const switches = `\`git -C ${path} switch ${name}\` goes on with`;
  return before === upstream
    ? {
      reason: `${reason}, ${name} is its remote's default branch now`,
      hint: `${switches} it, \`git -C ${path} remote set-head ${remote} --auto\` tells git`,
    }
    : { reason, hint: `${switches} its remote's default branch, ${brings}` };
}

/** What to do about a fetch that failed, where git says that there is no such repository, or was not let in. */
export function hintOfFailure(
  context: Context,
  path: string,
  { stderr }: Pick<RunResult, "stderr">,
): string | undefined {
  const denial = hintOfDenial(context, stderr);
  if (denial !== undefined) return denial;
  return /repository .*not found|does not appear to be a git repository|does not exist/i.test(
      stderr,
    )
    ? `if it has moved, correct \`git\` in hsm.yaml, and \`git -C ${path} remote set-url NAME URL\``
    : undefined;
}

/** Whether the last fetch brought what the branch is to be merged with: git notes that line by line, as `git pull` needs it. */
function hasFetchedUpstream(directory: string): boolean {
  const noted = peekText(join(gitFolder(directory), "FETCH_HEAD"));
  return noted === undefined || /^[0-9a-f]+\t\t/m.test(noted);
}

/** Deletes a remote-tracking branch, unless it alone has commits. */
async function forget($: Commands, upstream: string, short: string): Promise<void> {
  const named = `${upstream}^{commit}`;
  const commit = await $`git ${READING} rev-parse --verify --quiet ${named}`.noThrow().text();
  if (commit === "") return;
  const others = ["HEAD", "--branches", "--tags", `--exclude=${short}`, "--remotes"];
  const alone = await $`git ${READING} rev-list --count --max-count=1 ${commit} --not ${others} --`
    .noThrow().text();
  if (alone === "0") await $`git update-ref -d ${upstream} ${commit}`.noThrow();
}

/** What `git ls-remote --symref` says of HEAD; undefined where that is no name that a hint could show as it is. */
function defaultBranch(text: string): string | undefined {
  return /^ref: refs\/heads\/(\w[\w./-]*)\tHEAD$/m.exec(text)?.[1];
}
