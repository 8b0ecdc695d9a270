/**
 * `hsm pull --app`: the app's own repository, brought up to date while packages are in dev mode.
 *
 * @module
 */

import { HsmError } from "../lib/errors.ts";
import { withoutGone } from "../lib/manifest/gone_packages.ts";
import { type Move, moveBack, moveRepository, settle } from "./pull_app/move.ts";
import { planPull, type PullPlan } from "./pull_app/plan.ts";
import { describePlace } from "../lib/git/repository_state.ts";
import {
  mergeLocks,
  mergeOwnEdits,
  readCommitted,
  type TrackedFile,
} from "./pull_app/tracked_files.ts";
import type { Workspace } from "../lib/workspace/workspace.ts";
import { sync, type SyncOptions, type SyncResult } from "./sync.ts";

/** How {@linkcode pullApp} goes about it; with `dryRun` it only fetches, and says what would come. */
export type PullAppOptions = Pick<SyncOptions, "yes" | "dryRun" | "noCheck" | "args">;

/** What {@linkcode pullApp} did. */
export interface PullAppResult {
  /** `behind`: what has come is not there yet, for it was a dry run. */
  readonly state: "updated" | "current" | "behind";
  /** The branch. */
  readonly branch: string;
  /** What it follows, such as `origin/main`. */
  readonly upstream: string;
  /** How git brings the two together; undefined where nothing has come. */
  readonly way?: "fast-forward" | "rebase" | "merge" | undefined;
  /** The commit before. */
  readonly from: string;
  /** The commit after; undefined in a dry run. */
  readonly to?: string | undefined;
  /** How many commits came. */
  readonly commits: number;
  /** How many commits of the branch's own there are. */
  readonly ahead: number;
  /** The files with edits of the user's own, which stay. */
  readonly kept: readonly string[];
  /** What the sync after that did. */
  readonly synced?: SyncResult;
}

/**
 * Brings the app's own repository up to date while packages are in dev mode, which `git pull` refuses: what HSM has
 * written into pyproject.toml and the lock file is set aside, git fast-forwards, rebases or merges as it is configured
 * to, and everything is synced again.
 *
 * Touches the app's repository as `git pull` does, pyproject.toml, the lock file and the environment. The user's own
 * edits of these files stay; where they do not go together with what has come, that is said before anything moves. If
 * anything fails, the branch goes back to where it was, and so does every file.
 *
 * @example
 * ```ts
 * import { openWorkspace, pullApp } from "@hsm/hsm";
 *
 * await using workspace = await openWorkspace();
 * const { state, commits } = await pullApp(workspace, { dryRun: true });
 * console.log(state, commits); // "current" 0
 * ```
 *
 * @param workspace The workspace.
 * @param options What goes for the sync after it.
 * @returns What came, and what the sync did.
 * @throws {HsmError} `pull-refused`, `git-failed`, `manifest-invalid`, `newer-format`, what `sync` throws, and
 * `rollback-failed` where the branch cannot go back
 */
export async function pullApp(
  workspace: Workspace,
  options: PullAppOptions = {},
): Promise<PullAppResult> {
  workspace.adapter.refuse(options.args ?? []);
  const plan = await fetchAndPlan(workspace);
  const { way, upstream, branch, before } = plan;
  const about = {
    branch,
    upstream: upstream.name,
    from: before.commit!,
    way: way?.kind,
    commits: upstream.behind,
    ahead: upstream.ahead,
    kept: plan.files.filter((it) => it.mine !== it.committed).map((it) => it.file),
  };
  if (way === undefined) return { state: "current", ...about };
  if (options.dryRun) return { state: "behind", ...about };
  const move = await moveRepository(workspace, plan, way);
  const { yes, noCheck, args } = options;
  let synced: SyncResult;
  try {
    await bringAlong(workspace, move);
    await settle(move);
    const locks = await mergeLocks(workspace, plan.files, committedNow(workspace, plan));
    for (const [file, text] of locks) await move.transaction.write(file, text);
    synced = await sync(workspace, { yes, noCheck, args });
  } catch (error) {
    throw await wayBack(workspace, move, error);
  }
  for (const path of plan.submodules) {
    const message =
      `the submodule ${path} stays where it is; \`git submodule update --init\` brings it along`;
    workspace.tell({ kind: "warned", path, message });
  }
  return { state: "updated", ...about, to: move.after.commit, synced };
}

async function fetchAndPlan(workspace: Workspace): Promise<PullPlan> {
  using _ = workspace.tell.begin({ work: "fetch-app", message: "Fetching the app" });
  return await planPull(workspace);
}

function committedNow(workspace: Workspace, { top }: PullPlan) {
  return ({ path }: TrackedFile) => readCommitted(workspace, top, "HEAD", path);
}

/** Puts the user's own edits into what has come. */
async function bringAlong(workspace: Workspace, { plan }: Move): Promise<void> {
  const { files, upstream } = plan;
  const known = workspace.manifest.packages.map((it) => it.name);
  const committed = committedNow(workspace, plan);
  const theirs = async (it: TrackedFile) => await committed(it) ?? null;
  const merged = await mergeOwnEdits(workspace, files, upstream.name, theirs);
  const encoder = new TextEncoder();
  const shared = merged.get("hsm.yaml");
  const local = merged.get("hsm.local.yaml") ?? await workspace.read("hsm.local.yaml");
  const remaining = withoutGone(local, shared ?? "", shared === undefined ? [] : known);
  const changed = new Map<string, Uint8Array | null>();
  for (const [file, text] of merged) changed.set(file, encoder.encode(text));
  if (remaining.gone.length > 0) {
    changed.set(
      "hsm.local.yaml",
      remaining.text === undefined ? null : encoder.encode(remaining.text),
    );
    const names = remaining.gone.join(", ");
    const message = `${names} left hsm.yaml, and so hsm.local.yaml; the checkout stays`;
    workspace.tell({ kind: "forgotten", packages: remaining.gone, message });
  }
  await workspace.replaceFiles(changed);
}

/** Brings the branch back after a failure; the files follow it when the workspace is disposed of. */
async function wayBack(workspace: Workspace, move: Move, error: unknown): Promise<unknown> {
  // What is committed is done, whatever came after.
  if (!move.transaction.isOpen) return error;
  const { before, upstream } = move.plan;
  const reason = await moveBack(move);
  if (reason === undefined) {
    const place = describePlace(before);
    const message = `the app is back on ${place}; what has come is in ${upstream.name}`;
    workspace.tell({ kind: "warned", message });
    return error;
  }
  return new HsmError("rollback-failed", `Cannot bring the app back to ${describePlace(before)}`, {
    causes: [reason, error instanceof Error ? error.message : String(error)],
    hint: `the app stays on ${describePlace(move.after)}, with your own edits: ` +
      "see to what is in the way, then run `hsm sync`",
    cause: error,
  });
}
