/**
 * Moving the app's own repository, with the files at stake set aside, and back.
 *
 * @module
 */

import { askGit, type GitContext, gitMessage } from "../git/ask.ts";
import { NO_BACKGROUND } from "../git/fetch_checkout.ts";
import { HsmError } from "../errors.ts";
import type { RunResult } from "../process/run.ts";
import type { Transaction } from "../transaction/transaction.ts";
import type { Workspace } from "../workspace/workspace.ts";
import type { PullPlan } from "./plan.ts";
import { readRepositoryState } from "./read_state.ts";
import { describePlace, isSamePlace, type RepositoryState } from "./state.ts";
import { IN_PULL } from "../workspace/open.ts";
import { readCommitted } from "./tracked_files.ts";
import type { Way } from "./upstream.ts";

/** The app's repository, moved in an open transaction. */
export interface Move {
  /** What was planned. */
  readonly plan: PullPlan;
  /** The transaction, in which the files go back. */
  readonly transaction: Transaction;
  /** Where the repository is now. */
  readonly after: RepositoryState;
}

/**
 * Sets the files at stake to what is committed, and has git move the repository, in the user's own configuration and with
 * the user's own hooks. git is not interrupted: a signal is heeded once it has ended.
 *
 * Where git stops half way, it is told to abort, and the repository is where it was.
 *
 * @throws {HsmError} `git-failed`; what is uncommitted then goes back with the transaction
 */
export async function moveRepository(
  workspace: Workspace,
  plan: PullPlan,
  way: Way,
): Promise<Move> {
  const { files, before } = plan;
  const transaction = await workspace.transaction();
  const read = readerOf(workspace);
  await transaction.noteRepository(before, { read, first: true });
  for (const { file, committed, text } of files) {
    await transaction.write(file, committed, { expected: text ?? null });
  }
  const result = await runGit(workspace, transaction, plan, way.args);
  const state = await read();
  if (result.success && state !== undefined && state.busy === undefined) {
    return { plan, transaction, after: state };
  }
  if (result.success) throw leftUnmerged(state);
  if (state?.busy !== undefined && way.kind !== "fast-forward") {
    await runGit(workspace, transaction, plan, [way.kind, "--abort"]);
  }
  // What was staged elsewhere may be unstaged now, as git does it.
  const back = await read();
  if (isSamePlace(back, before)) await transaction.noteRepository(back!, { read, first: true });
  throw new HsmError(
    "git-failed",
    `Cannot pull the app: \`git ${way.kind === "rebase" ? "rebase" : "merge"}\` failed`,
    {
      causes: messagesOf(result),
      hint: isSamePlace(back, before)
        ? `the app is as it was, on ${describePlace(before)}; ${
          state?.busy === undefined
            ? "commit or put aside what is in git's way, then run the command again"
            : `bring your commits and ${plan.upstream.name} together with packages in prod mode (\`hsm prod NAME\`)`
        }`
        : "look at `git status`",
    },
  );
}

/**
 * Moves the repository back to where it was, so that the files can go back too. Nothing is lost: what has come is in the
 * branch that it came from, and git's reflog has the rest.
 *
 * @returns Why it stays where it is; undefined: it is back.
 */
export async function moveBack(workspace: Workspace, move: Move): Promise<string | undefined> {
  const { plan, transaction, after } = move;
  const { top, branch, before, files } = plan;
  const read = readerOf(workspace);
  if (!isSamePlace(await read(), after)) return "somebody has moved it meanwhile";
  try {
    for (const { file, path } of files) {
      const text = await readCommitted(unhurried(workspace), top, "HEAD", path);
      await transaction.write(file, text ?? null);
    }
    const how = [
      "checkout",
      "--quiet",
      "--no-overwrite-ignore",
      "-B",
      branch,
      before.commit!,
      "--",
    ];
    const result = await runGit(workspace, transaction, plan, [...NO_BACKGROUND, ...how]);
    const state = await read();
    if (!isSamePlace(state, before)) return messagesOf(result).join("; ");
    await transaction.noteRepository(state!, { read, first: true });
    return undefined;
  } catch (error) {
    if (!(error instanceof HsmError)) throw error;
    return error.message;
  }
}

/** Notes that the files as they are now belong to where the repository is now. */
export async function settle(workspace: Workspace, { transaction, after }: Move): Promise<void> {
  await transaction.noteRepository(after, { read: readerOf(workspace), first: false });
}

function readerOf(workspace: Workspace): () => Promise<RepositoryState | undefined> {
  return () => readRepositoryState(unhurried(workspace), workspace.root);
}

/** git without a signal: what has begun is brought to its end. */
function unhurried({ ownEnv, reporter }: Workspace): GitContext {
  return { env: ownEnv, reporter, signal: new AbortController().signal };
}

async function runGit(
  workspace: Workspace,
  transaction: Transaction,
  { top, environment, files }: PullPlan,
  args: readonly string[],
): Promise<RunResult> {
  const env = {
    ...environment,
    // Nobody is asked for a message, or for a list of commits.
    GIT_EDITOR: ":",
    GIT_SEQUENCE_EDITOR: ":",
    // And a hook that runs hsm must not wait for this one.
    [IN_PULL]: workspace.root,
  };
  const about = { program: "git", files: files.map((it) => it.file), folder: top };
  return await transaction.runProgram(
    about,
    (onStart) => askGit(unhurried(workspace), args, { cwd: top, env, onStart, detached: true }),
  );
}

/** git tells conflicts on standard output. */
function messagesOf({ stdout, stderr, code }: RunResult): readonly string[] {
  const conflicts = stdout.split("\n").filter((line) => line.startsWith("CONFLICT"));
  const said = gitMessage({ stderr, code }).filter((line) => !/^hint: /.test(line));
  return [...conflicts, ...said].slice(0, 10);
}

function leftUnmerged(state: RepositoryState | undefined): HsmError {
  const where = state === undefined ? "" : `, on ${describePlace(state)}`;
  return new HsmError(
    "git-failed",
    `Cannot bring back what git had put aside (\`git stash list\`): it does not go together with what has come${where}`,
    { hint: "resolve the conflicts, then run `hsm sync`" },
  );
}
