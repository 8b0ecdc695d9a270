/**
 * What state a checkout is in, by one git call that changes nothing, not even the index.
 *
 * @module
 */

import { dirname } from "@std/path";
import { attempt } from "../attempt.ts";
import type { Context } from "../process/context.ts";
import { messageOf } from "../process/failed_program.ts";
import { type GitOperation, operationIn, withArticle } from "../git/operation.ts";
import { READING } from "../git/reading.ts";
import { infoAt } from "../files/is_there.ts";
import type { RunResult } from "../process/run.ts";
import { countOf } from "../text/words.ts";
import { withoutBuildLeftovers } from "./build_leftovers.ts";
import { type ParsedStatus, parseStatuses, STATUS } from "./parse_status.ts";

/** The state of a checkout. */
export interface CheckoutState extends ParsedStatus {
  /** What git is in the middle of. */
  readonly operation: GitOperation | undefined;
}

/** What lies at the place of a checkout. */
export type CheckoutReading =
  | { readonly kind: "checkout"; readonly state: CheckoutState }
  | { readonly kind: "missing" }
  /** There is something, and git says why it is no checkout, and perhaps how it can be one. */
  | { readonly kind: "foreign"; readonly reason: string; readonly hint?: string };

/**
 * Reads the state of the checkout in a folder.
 *
 * @param directory The folder, absolute.
 * @throws {HsmError} `tool-missing`
 */
export async function readCheckoutState(
  { $ }: Context,
  directory: string,
): Promise<CheckoutReading> {
  const place = placeOf(directory);
  if (typeof place !== "string") return place;
  const asked = $`git ${READING} ${STATUS}`.cwd(place)
    // A folder that is no checkout must not pass for the app's own repository around it.
    .env({ GIT_CEILING_DIRECTORIES: dirname(place) }).noThrow().spawn();
  const operation = operationIn(place);
  const result = await asked;
  if (result.success) {
    const [state] = parseStatuses(result.stdout);
    if (state !== undefined) return checkoutAt(place, state, operation);
  }
  return { kind: "foreign", ...whyForeign(result) };
}

/** Why git takes a folder for no checkout, as it stands behind "it is". */
function whyForeign(result: RunResult): { readonly reason: string; readonly hint?: string } {
  const lines = messageOf(result);
  const [reason = ""] = lines;
  if (/not a git repository/i.test(reason)) return { reason: "no git checkout" };
  if (!/detected dubious ownership/.test(reason)) return { reason };
  // git's own advice: only it knows how the folder must be named.
  const advice = lines.find((it) => it.startsWith("git config --global --add safe.directory "));
  const hint = "do that if you trust what lies there, or make it yours with `chown`";
  return advice === undefined
    ? { reason: "somebody else's, so git does not use it" }
    : { reason: `somebody else's, so git does not use it before you run \`${advice}\``, hint };
}

/** A checkout, by what git says of it. */
export function checkoutAt(
  place: string,
  state: ParsedStatus,
  operation: GitOperation | undefined,
): CheckoutReading {
  const untracked = withoutBuildLeftovers(place, state.untracked);
  return { kind: "checkout", state: { ...state, untracked, operation } };
}

// What follows looks at the disk synchronously: of a hundred checkouts each look takes a moment, and a turn of the
// event loop, on which the next git waits to be started, takes longer.

/** The real path of a checkout's folder; else what is there instead. */
export function placeOf(
  directory: string,
): string | Exclude<CheckoutReading, { kind: "checkout" }> {
  const real = attempt(() => Deno.realPathSync(directory));
  if (real !== undefined) {
    return infoAt(real)?.isDirectory ? real : { kind: "foreign", reason: "a file" };
  }
  const isLink = infoAt(directory)?.isSymlink;
  return isLink ? { kind: "foreign", reason: "a link that leads nowhere" } : { kind: "missing" };
}

/** The tracked files that differ from the commit, apart from what may be different in submodules. */
export function ownChanges({ changed, submodules }: CheckoutState): readonly string[] {
  const paths = new Set(submodules.map((it) => it.path));
  return changed.filter((it) => !paths.has(it));
}

/** Why a submodule is not to be moved, whatever the commit is that it is at. */
export function reasonToStay(state: CheckoutState): string | undefined {
  const { operation, branch } = state;
  const changed = ownChanges(state).length;
  if (operation !== undefined) return `is in the middle of ${withArticle(operation)}`;
  if (changed > 0) return `has ${countOf(changed, "changed file")}`;
  return branch === undefined ? undefined : `is on the branch ${branch}`;
}

/** How many files of a checkout differ from its commit, untracked ones included. */
export function dirtyCount({ changed, untracked }: CheckoutState): number {
  return changed.length + untracked.length;
}

/** What {@linkcode describeCheckout} describes. */
export interface CheckoutSummary
  extends Pick<CheckoutState, "commit" | "branch" | "upstream" | "ahead" | "behind" | "stashes"> {
  /** How many files differ from the commit, untracked ones included. */
  readonly dirty: number;
  /** What git is in the middle of. */
  readonly operation: GitOperation | undefined;
  /** Whether its remote was found to have no longer what it follows. */
  readonly upstreamGone?: boolean;
  /** The version that is installed of it, where that is worth a word. */
  readonly version?: string | undefined;
}

/** Whether the branch that a checkout follows is no longer there, as far as was fetched. */
export function isUpstreamGone(
  { upstream, ahead, commit }: Pick<CheckoutState, "upstream" | "ahead" | "commit">,
): boolean {
  return upstream !== undefined && ahead === undefined && commit !== undefined;
}

/** A checkout in a few words, such as `main, 2 ahead, 3 dirty`. */
export function describeCheckout(summary: CheckoutSummary): string {
  const { branch, commit, upstream, ahead, behind, dirty, stashes, operation, upstreamGone } =
    summary;
  const count = (n: number | undefined, what: string) => n ? [`${n} ${what}`] : [];
  const place = branch ?? `detached at ${shortCommit(commit ?? "")}`;
  return [
    summary.version === undefined ? place : `${place} ${summary.version}`,
    ...(commit === undefined ? ["no commit yet"] : []),
    // What nobody else has shows nowhere else.
    ...(branch !== undefined && commit !== undefined && upstream === undefined
      ? ["no upstream"]
      : []),
    ...(upstreamGone || isUpstreamGone(summary)
      ? [`${upstream} is gone`]
      : [...count(ahead, "ahead"), ...count(behind, "behind")]),
    ...count(dirty, "dirty"),
    ...count(stashes, "stashed"),
    ...(operation === undefined ? [] : [`in the middle of ${withArticle(operation)}`]),
  ].join(", ");
}

/** A commit as people read it. */
export function shortCommit(commit: string): string {
  return commit.slice(0, 7);
}
