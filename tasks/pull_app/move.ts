/**
 * Moving the app's own repository, with the files at stake set aside, and back.
 *
 * @module
 */

import { join, resolve } from "@std/path";
import { type Context, createContext } from "../../lib/process/context.ts";
import { messageOf } from "../../lib/process/failed_program.ts";
import { NO_BACKGROUND } from "../../lib/git/fetch_checkout.ts";
import { READING } from "../../lib/git/reading.ts";
import { HsmError } from "../../lib/errors.ts";
import { infoAt } from "../../lib/files/is_there.ts";
import type { RunResult } from "../../lib/process/run.ts";
import { countOf } from "../../lib/text/words.ts";
import type { ReadRepository } from "../../lib/transaction/restore.ts";
import type { Transaction } from "../../lib/transaction/transaction.ts";
import type { Workspace } from "../../lib/workspace/workspace.ts";
import {
  type Branches,
  moveBranchesBack,
  putIndexBack,
  readBranches,
  type SavedIndex,
  saveIndex,
} from "./kept.ts";
import type { PullPlan } from "./plan.ts";
import { readRepositoryState } from "../../lib/git/read_repository.ts";
import {
  describePlace,
  isSamePlace,
  type RepositoryState,
} from "../../lib/git/repository_state.ts";
import { IN_PULL } from "../../lib/workspace/open.ts";
import { decodeText, placeOf, readCommitted, type TrackedFile } from "./tracked_files.ts";
import type { Way } from "./upstream.ts";

/** The app's repository, about to be moved in an open transaction. */
interface Moving {
  readonly workspace: Workspace;
  /** What was planned. */
  readonly plan: PullPlan;
  /** The transaction, in which the files go back. */
  readonly transaction: Transaction;
  /** Runs git without a signal: what has begun is brought to its end. */
  readonly git: Context;
  /** Reads where the repository is. */
  readonly read: ReadRepository;
}

/** The app's repository, moved. */
export interface Move extends Moving {
  /** Where the repository is now. */
  readonly after: RepositoryState;
  /** What else of git's own goes back with it. */
  readonly kept: Kept;
}

/** What git may change beside HEAD, as it was, and as git has left it. */
interface Kept {
  readonly index: SavedIndex | undefined;
  readonly branches: Branches;
  readonly moved: Branches;
}

/**
 * Sets the files at stake to what is committed, and has git move the repository, in the user's own configuration and with
 * the user's own hooks. git is not interrupted: a signal is heeded once it has ended.
 *
 * Where git stops half way, it is told to abort, and the repository is where it was, to the last entry of the index.
 *
 * @throws {HsmError} `git-failed`; what is uncommitted then goes back with the transaction
 */
export async function moveRepository(
  workspace: Workspace,
  plan: PullPlan,
  way: Way,
): Promise<Move> {
  const { before, files, top, upstream } = plan;
  const { root, ownEnv, tell } = workspace;
  const { signal } = new AbortController();
  const git = createContext({ root, env: ownEnv, tell, signal });
  const transaction = await workspace.transaction();
  const read = () => readRepositoryState(git, root);
  const moving = { workspace, plan, transaction, git, read };
  const index = await saveIndex(git, top);
  const branches = await readBranches(git, top);
  await transaction.noteRepository(before, { read, first: true });
  for (const { file, committed, text } of files) {
    await transaction.write(file, committed, { expected: text });
  }
  await relist(git, plan);
  const result = await runGit(moving, way.args);
  const state = await read();
  const isThere = await git.$`git ${READING} merge-base --is-ancestor ${upstream.commit} HEAD`
    .cwd(top).succeeds();
  // Whatever a hook of git's made of its exit status.
  if (isThere && state !== undefined && state.busy === undefined) {
    const moved = await readBranches(git, top);
    return { ...moving, after: state, kept: { index, branches, moved } };
  }
  if (isThere && state?.branch === before.branch) throw leftUnmerged(state);
  if (state?.busy !== undefined && way.kind !== "fast-forward") {
    await runGit(moving, [way.kind, "--abort"]);
  }
  const back = await read();
  const isBack = isSamePlace(back, before);
  if (isBack) await restage(moving, index);
  const left = isBack ? await leftBehind(git, plan) : [];
  const butFor = left.length === 0
    ? ""
    : `, but for ${countOf(left.length, "file")} that git has left half way (\`git status\`), ` +
      `such as ${left[0]}`;
  throw new HsmError(
    "git-failed",
    `Cannot pull the app: \`git ${way.kind === "rebase" ? "rebase" : "merge"}\` failed`,
    {
      causes: messagesOf(result),
      hint: isBack
        ? `the app is as it was, on ${describePlace(before)}${butFor}; ${
          state?.busy === undefined
            ? "see to what git says, then run the command again"
            : `bring your commits and ${upstream.name} together with packages in prod mode (\`hsm prod NAME\`)`
        }`
        : "look at `git status`",
    },
  );
}

/** What git has changed and not changed back, as where the disk was full, as seen from the top. */
async function leftBehind(
  context: Context,
  { top, changes, files }: PullPlan,
): Promise<readonly string[]> {
  const own = new Set(files.map((it) => it.path));
  const come = changes.filter((it) => it.to?.kind === "file" && !own.has(it.path));
  const $ = context.$.with({ cwd: top });
  const listed = await $`git ${READING} diff-files --name-only -z`.noThrow().text();
  const dirty = new Set(listed.split("\0"));
  const changed = come.filter((it) => it.from !== undefined && dirty.has(it.path));
  const ids = changed.length === 0
    ? []
    : await $`git ${READING} hash-object -- ${changed.map((it) => it.path)}`.noThrow().lines();
  // Nothing had been in the place of what is new.
  const made = come.filter((it) => it.from === undefined && infoAt(join(top, it.path))?.isFile);
  const overwritten = changed.filter(({ to }, at) => to?.id === ids[at]);
  return [...overwritten, ...made].map((it) => it.path);
}

/**
 * Moves the repository back to where it was, so that the files can go back too. Nothing is lost: what has come is in the
 * branch that it came from, and git's reflog has the rest. A file that somebody else has changed meanwhile stays as it is
 * where git can go back without it.
 *
 * @returns Why it stays where it is; undefined: it is back.
 */
export async function moveBack(move: Move): Promise<string | undefined> {
  const { plan, transaction, git, read, after, kept } = move;
  const { top, branch, before } = plan;
  const now = await read();
  if (!isSamePlace(now, after)) return "somebody has moved it meanwhile";
  try {
    for (const [file, path] of placesAtStake(move)) {
      const text = await readCommitted(git, top, "HEAD", path);
      // What HSM alone has made git does not know, and the transaction takes it away.
      if (text === undefined && !plan.files.some((it) => it.file === file)) continue;
      await transaction.write(file, text ?? null).catch(unlessChanged);
    }
    const how = ["--quiet", "--no-overwrite-ignore", "--no-recurse-submodules"];
    const to = ["-B", branch, before.commit!, "--"];
    const result = await runGit(move, [...NO_BACKGROUND, "checkout", ...how, ...to]);
    const state = await read();
    if (!isSamePlace(state, before)) return messagesOf(result).join("; ");
    await moveBranchesBack(git, top, kept.moved, kept.branches);
    // What the user has staged since stays staged.
    await restage(move, now?.index === after.index ? kept.index : undefined);
    return undefined;
  } catch (error) {
    if (!(error instanceof HsmError)) throw error;
    return error.message;
  }
}

/** The files at stake that git tracked before, and those that were changed since, with where git has them. */
function placesAtStake({ plan, transaction }: Move): ReadonlyMap<string, string> {
  const { top, files } = plan;
  const changed = transaction.changed
    .map((file) => [file, placeOf(top, resolve(transaction.root, file))] as const)
    .filter(([, path]) => !path.startsWith("../"));
  return new Map([...changed, ...files.map(({ file, path }) => [file, path] as const)]);
}

/** Where git converts line endings, a file of another length than the one it has listed is changed to it, whatever it holds. */
async function relist({ $ }: Context, { top, files }: PullPlan): Promise<void> {
  if (!files.some(isConverted)) return;
  const paths = files.filter(isConverted).map((it) => it.path);
  await $`git ${NO_BACKGROUND} update-index -- ${paths}`.cwd(top).noThrow();
}

function isConverted({ committed, text, current }: TrackedFile): boolean {
  return current !== text || committed.includes("\r\n");
}

/** Somebody else's file is not written: git finds out whether it is in its way. */
function unlessChanged(error: unknown): void {
  if (!(error instanceof HsmError) || error.code !== "file-changed") throw error;
}

/** Has staged what was staged, where that is known, and notes that the files belong to this index. */
async function restage(
  { transaction, read, plan }: Moving,
  index: SavedIndex | undefined,
): Promise<void> {
  let state = await read();
  const isOther = state?.index !== plan.before.index || plan.files.some(isConverted);
  if (isOther && index !== undefined && putIndexBack(index)) {
    state = await read();
  }
  await transaction.noteRepository(state!, { read, first: true });
}

/** Notes that the files as they are now belong to where the repository is now. */
export async function settle({ transaction, read, after }: Move): Promise<void> {
  await transaction.noteRepository(after, { read, first: false });
}

async function runGit(
  { workspace, transaction, git, plan }: Moving,
  args: readonly string[],
): Promise<RunResult> {
  const { top, files, upstream } = plan;
  const env = {
    // Nobody is asked for a message, or for a list of commits.
    GIT_EDITOR: ":",
    GIT_SEQUENCE_EDITOR: ":",
    // And a hook that runs hsm must not wait for this one.
    [IN_PULL]: workspace.root,
  };
  // Whoever else writes into a file meanwhile, such as an editor, has something to keep; a lock file is always made anew.
  const isWork = async (file: string, bytes: Uint8Array | null) => {
    const found = files.find((it) => it.file === file);
    if (found === undefined || found.isLock) return true;
    const text = bytes === null ? undefined : decodeText(bytes);
    // Where it stopped half way, HEAD is not yet there.
    for (const commit of ["HEAD", upstream.commit]) {
      if (text === await readCommitted(git, top, commit, found.path)) return true;
    }
    return false;
  };
  const about = { program: "git", files: files.map((it) => it.file), folder: top, isWork };
  return await transaction.runProgram(
    about,
    (onStart) =>
      git.$.with({ cwd: top, env, onStart, detached: true, isRemote: true })`git ${args}`.noThrow()
        .spawn(),
  );
}

/** git tells conflicts on standard output. */
function messagesOf({ stdout, stderr, code }: RunResult): readonly string[] {
  const conflicts = stdout.split("\n").filter((line) => line.startsWith("CONFLICT"));
  const said = messageOf({ stderr, code }).filter((line) => !/^hint: /.test(line));
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
