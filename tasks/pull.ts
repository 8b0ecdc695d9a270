/**
 * `hsm pull`: checkouts, fast-forwarded to what their remotes have.
 *
 * @module
 */

import {
  describeGap,
  type FillOptions,
  fillSubmodules,
  tellFilled,
  withoutSubmodules,
} from "../lib/checkout/fill_submodules.ts";
import { fetchUpstream, hintOfFailure, tellFetched } from "../lib/checkout/fetch_upstream.ts";
import { moveForward } from "./pull/forward.ts";
import { type CheckoutGroup, concerning, mapCheckouts } from "../lib/checkout/group.ts";
import { type CheckoutState, ownChanges, readCheckoutState } from "../lib/checkout/state.ts";
import { withArticle } from "../lib/git/operation.ts";
import { wantsSubmodules } from "../lib/checkout/submodules.ts";
import { findMismatch } from "../lib/checkout/verify.ts";
import { columns } from "../lib/text/columns.ts";
import { sumUp } from "../lib/text/sum_up.ts";
import type { Page } from "../lib/text/page.ts";
import {
  ADAPTER_ARGUMENTS,
  type Command,
  type CommandContext,
  type CommandOutcome,
  defineCommand,
} from "../lib/command/command.ts";
import { HsmError } from "../lib/errors.ts";
import { messageOf } from "../lib/process/failed_program.ts";
import { READING } from "../lib/git/reading.ts";
import { noneIn } from "../lib/packages/none.ts";
import { selectDevPackages } from "../lib/packages/select.ts";
import { countOf } from "../lib/text/words.ts";
import type { Workspace } from "../lib/workspace/workspace.ts";
import type { PullAppOptions, PullAppResult } from "./pull_app.ts";
import { flag } from "../lib/command/options.ts";
import { packageOptions } from "../lib/command/package_options.ts";
import type { PulledCheckout } from "../lib/events/outcomes.ts";

export type { PulledCheckout };

export type { PullAppResult };

/** What {@linkcode pull} pulls. */
export interface PullOptions {
  /** The packages, by name or glob, such as `plug-*`; default: all that are in dev mode. */
  readonly packages?: readonly string[] | undefined;
}

/** What {@linkcode pull} did. */
export interface PullResult {
  /** The checkouts of the dev packages asked for, in the manifest's order. */
  readonly checkouts: readonly PulledCheckout[];
}

/**
 * Fast-forwards the branches of dev checkouts to what they follow, several at a time.
 *
 * Touches only checkouts whose tracked files are as committed, which are on a branch that follows another, and have no
 * commits of their own beside it; all others are left alone, and it is said why. HEAD stays on its branch. What the new
 * commits bring is compared with what lies there before anything moves: files that are ignored or not tracked are never
 * overwritten. Submodules come along, by the same rules, and those that are missing are cloned, unless the manifest
 * says `submodules: false`. Where what a branch follows is gone, it stays.
 *
 * @example
 * ```ts
 * import { openWorkspace, pull } from "@hsm/hsm";
 *
 * await using workspace = await openWorkspace();
 * const { checkouts } = await pull(workspace);
 * console.log(checkouts); // [{ package: "my-plugin", path: "packages/my-plugin", state: "current" }]
 * ```
 *
 * @param workspace The workspace.
 * @param options Which packages.
 * @returns What became of each checkout, in the manifest's order: `updated`, `current`, `left` alone, what it follows
 * is `gone`, or `failed`, with the reason.
 * @throws {HsmError} `package-unknown`, `usage` for a package in prod mode, `git-failed`, `tool-missing`
 */
export async function pull(workspace: Workspace, options: PullOptions = {}): Promise<PullResult> {
  const packages = selectDevPackages(workspace.manifest, options.packages, "pull");
  if (packages.length === 0) return { checkouts: [] };
  const { filter } = workspace.manifest;
  const jobs = Math.max(1, Math.floor(workspace.jobs / packages.length));
  const outcomes = await mapCheckouts(workspace, packages, async (group) => {
    using _ = workspace.tell.begin({
      work: "pull",
      ...concerning(group),
      message: `Pulling ${group.names}`,
    });
    const pulled = await pullOne(workspace, group, { jobs, filter });
    for (const { name, path } of group.packages) {
      workspace.tell({ kind: "pulled", package: name, path, ...pulled });
    }
    return pulled;
  });
  return {
    checkouts: packages.map(({ name, path }, index) => ({
      package: name,
      path,
      ...outcomes[index]!,
    })),
  };
}

type Outcome = Omit<PulledCheckout, "package" | "path">;

async function pullOne(
  workspace: Workspace,
  group: CheckoutGroup,
  options: FillOptions,
): Promise<Outcome> {
  const pulled = await forwardOne(workspace, group);
  const isWanted = pulled.state === "updated" || pulled.state === "current";
  if (!isWanted || !wantsSubmodules(workspace.manifest, group.path)) return pulled;
  const onFilled = tellFilled(workspace, group.path);
  const gaps = await fillSubmodules(workspace, group.directory, { ...options, onFilled });
  if (gaps.length === 0) return pulled;
  const reason = [pulled.reason, ...gaps.map(describeGap)].filter((it) => it !== undefined)
    .join("; ");
  const isFailure = gaps.some((gap) => gap.isFailure);
  const hint = withoutSubmodules(group.packages[0].name, reason);
  return {
    ...pulled,
    ...(isFailure ? { state: "failed", hint } : {}),
    reason,
  };
}

async function forwardOne(workspace: Workspace, group: CheckoutGroup): Promise<Outcome> {
  const { directory, names } = group;
  const before = await readState(workspace, group);
  if ("reason" in before) return before;
  const mismatch = await findMismatch(workspace, group.packages[0]);
  if (mismatch !== undefined) {
    return { state: "left", reason: `it is ${mismatch.what}`, hint: mismatch.hint };
  }
  const reason = reasonToLeave(before);
  if (reason !== undefined) return { state: "left", reason };
  const fetched = await fetchUpstream(workspace, group, before.branch ?? "");
  if (!fetched.success) {
    const hint = hintOfFailure(workspace, group.path, fetched);
    return { state: "failed", reason: messageOf(fetched).join("; "), hint };
  }
  tellFetched(workspace, group, fetched.notes);
  if (fetched.gone !== undefined) return { state: "gone", ...fetched.gone };
  // What happened meanwhile counts as well, not only what the fetch brought.
  const after = await readState(workspace, group);
  if ("reason" in after) return after;
  const now = reasonToLeave(after) ?? reasonNotToForward(after);
  if (now !== undefined) return { state: "left", reason: now };
  const { branch, commit: from, behind } = after;
  const wants = wantsSubmodules(workspace.manifest, group.path);
  const submodules = wants ? after.submodules : undefined;
  if (branch === undefined || from === undefined) return { state: "current" };
  if (!behind && !submodules?.length) return { state: "current" };
  const upstream = behind
    ? await workspace.$.with({
      cwd: directory,
      action: `pull ${names}`,
    })`git ${READING} rev-parse --verify --quiet '@{upstream}^{commit}'`.text()
    : from;
  const forward = { directory, branch, from, to: upstream, submodules };
  const refused = await moveForward(workspace, forward);
  const refusal = refused?.state === "failed"
    ? { ...refused, hint: withoutSubmodules(group.packages[0].name, refused.reason) }
    : refused;
  if (!behind) return refusal ?? { state: "current" };
  const moved = await readState(workspace, group);
  const to = "reason" in moved ? undefined : moved.commit;
  if (refusal !== undefined && to === from) return refusal;
  return { state: "updated", from, to, reason: refusal?.reason, commits: behind };
}

async function readState(
  workspace: Workspace,
  { directory, path }: CheckoutGroup,
): Promise<CheckoutState | { readonly state: "left"; readonly reason: string }> {
  const reading = await readCheckoutState(workspace, directory);
  if (reading.kind === "checkout") return reading.state;
  const what = reading.kind === "missing" ? "missing" : reading.reason;
  return { state: "left", reason: `${path} is ${what}` };
}

/** Why a checkout is not to be touched, whatever its remote has. */
function reasonToLeave(state: CheckoutState): string | undefined {
  const { operation, branch, upstream, commit } = state;
  // What its submodules are like is looked at once it is known where they are to be.
  const changed = ownChanges(state).length;
  if (operation !== undefined) return `it is in the middle of ${withArticle(operation)}`;
  if (branch === undefined) return "its HEAD is detached";
  if (changed > 0) return `it has ${countOf(changed, "changed file")}`;
  if (upstream === undefined) return `${branch} follows no branch of a remote`;
  return commit === undefined ? `${branch} has no commit yet` : undefined;
}

/** Why a checkout cannot be fast-forwarded to what its remote has. */
function reasonNotToForward(state: CheckoutState): string | undefined {
  const { branch, upstream, ahead, behind } = state;
  if (ahead === undefined || behind === undefined) return `${upstream} is not fetched`;
  if (ahead === 0 || behind === 0) return undefined;
  return `${branch} and ${upstream} have diverged, by ${ahead} and ${countOf(behind, "commit")}`;
}

function describe(checkouts: readonly PulledCheckout[], { style, width, verbose }: Page): string {
  const { green, yellow, red, dim, bold } = style;
  const paint = { updated: green, current: dim, left: yellow, gone: red, failed: red } as const;
  const rows = sumUp(checkouts, {
    // What wants attention is told of each.
    kind: (it) => it.state === "current" && it.reason === undefined ? it.state : undefined,
    one: (it) => [
      { text: it.package, paint: bold },
      { text: outcomeOf(it), paint: paint[it.state] },
    ],
    many: (all) => [countOf(all.length, "package"), { text: "are up to date", paint: dim }],
    verbose,
  });
  return columns(rows, width);
}

function outcomeOf({ state, commits = 0, reason, hint }: PulledCheckout): string {
  const why = [reason, hint].filter((it) => it !== undefined).join("; ");
  if (state === "failed") {
    return commits === 0
      ? "not fetched"
      : `updated: ${countOf(commits, "new commit")}, submodules not fetched`;
  }
  // The error has the rest.
  if (state === "gone") return "not pulled";
  if (state === "left") return `left alone: ${why}`;
  const what = state === "current" ? "is up to date" : `updated: ${countOf(commits, "new commit")}`;
  return `${what}${why === "" ? "" : `, and ${why}`}`;
}

function failureOf(checkouts: readonly PulledCheckout[]): HsmError | undefined {
  const failed = checkouts.filter((it) => it.state === "failed" || it.state === "gone");
  const [first] = failed;
  if (first === undefined) return undefined;
  const names = failed.map((it) => it.package);
  const byPath = [...Map.groupBy(failed, (it) => it.path).values()];
  const causes = byPath.map((shared) =>
    `${shared.map((it) => it.package).join(", ")}: ${shared[0]?.reason}`
  );
  const isOne = byPath.length === 1;
  const more = {
    details: { packages: names },
    hint: isOne ? first.hint : "`hsm pull NAME` says what to do about each of them",
  };
  if (failed.every((it) => it.state === "failed")) {
    return new HsmError("git-failed", `Cannot fetch ${names.join(", ")}`, { causes, ...more });
  }
  const message = `Cannot pull ${names.join(", ")}${isOne ? `: ${first.reason}` : ""}`;
  return new HsmError("checkout-upstream-gone", message, { causes: isOne ? [] : causes, ...more });
}

/** `hsm pull --app`. */
async function runPullApp(
  context: CommandContext,
  wait: boolean,
  options: Pick<PullAppOptions, "dryRun" | "noCheck">,
): Promise<CommandOutcome<PullAppResult>> {
  const { pullApp } = await import("./pull_app.ts");
  await using workspace = await context.open({ wait });
  const { yes, passthrough: args } = context;
  const result = await pullApp(workspace, { yes, args, ...options });
  const { state, commits, upstream, way, kept } = result;
  const what = `${countOf(commits, "new commit")} of ${upstream}, by ${way}`;
  const said = state === "current"
    ? "is up to date"
    : state === "updated"
    ? `updated: ${what}`
    : `would be updated: ${what}`;
  const own = kept.length === 0 ? "" : `; with your own edits of ${kept.join(", ")}`;
  return { data: result, text: columns([["the app", said + own]], context.width) };
}

/** What `hsm pull` prints; with `--app` what {@linkcode pullApp} did. */
export type PullDocument = PullResult | PullAppResult;

/**
 * `hsm pull`.
 *
 * @throws {HsmError} `git-failed` where a checkout cannot be fetched, `checkout-upstream-gone`
 */
export const pullCommand: Command<PullDocument> = defineCommand({
  name: "pull",
  group: "The checkouts",
  summary: "Fast-forward clean checkouts; the others are left alone",
  description:
    "With `--app`: the app's own repository instead, as git is configured to, and a sync. What hsm wrote is set aside, " +
    "your own edits stay; if anything fails, all is as it was.",
  examples: ["hsm pull", "hsm pull my-plugin", "hsm pull --app"],
  positional: "packages",
  packageMode: "dev",
  passthrough: `with \`--app\`, ${ADAPTER_ARGUMENTS}`,
  excludes: [
    ["app", "packages", "run `hsm pull --app`, then `hsm pull`"],
  ],
  needs: [
    ["dryRun", "app", "a pull of checkouts never overwrites anything"],
    ["noCheck", "app", "a pull of checkouts checks nothing"],
    ["--", "app", "a pull of checkouts installs nothing"],
  ],
  options: {
    ...packageOptions("Only these; default: all in dev mode", "All in dev mode"),
    app: flag("The app's own repository instead, with a sync after it"),
    dryRun: flag("With `--app`: only fetch, and say what would come"),
    noCheck: flag("With `--app`: go on though something does not fit"),
    wait: flag("Wait for another hsm in this workspace"),
  },
  async run(
    context,
    { packages, app, dryRun = false, noCheck, wait = false },
  ): Promise<CommandOutcome<PullDocument>> {
    if (app) return await runPullApp(context, wait, { dryRun, noCheck });
    await using workspace = await context.open({ wait });
    const { checkouts } = await pull(workspace, { packages });
    return {
      data: { checkouts },
      text: describe(checkouts, context),
      proof: checkouts.length === 0 ? noneIn("dev") : undefined,
      failure: failureOf(checkouts),
    };
  },
});
