/**
 * What the app's branch follows, and the way in which git is to bring the two together: the user's own, as `git pull`
 * would find it in git's configuration.
 *
 * @module
 */

import { readDenial } from "../../lib/git/denial.ts";
import type { Context } from "../../lib/process/context.ts";
import { messageOf } from "../../lib/process/failed_program.ts";
import { fetchCheckout, NO_BACKGROUND } from "../../lib/git/fetch_checkout.ts";
import { READING } from "../../lib/git/reading.ts";
import { HsmError, type HsmErrorOptions } from "../../lib/errors.ts";
import { countOf } from "../../lib/text/words.ts";

/** What a branch follows, as far as it was fetched. */
export interface Upstream {
  /** Its name, such as `origin/main`. */
  readonly name: string;
  /** Its name in full. */
  readonly ref: string;
  /** Its commit. */
  readonly commit: string;
  /** How many commits the branch has that it has not. */
  readonly ahead: number;
  /** How many commits it has that the branch has not. */
  readonly behind: number;
}

/** How the commits of a branch and of what it follows are brought together. */
export interface Way {
  /** What it is. */
  readonly kind: "fast-forward" | "rebase" | "merge";
  /** git's arguments. */
  readonly args: readonly string[];
}

/** A branch of the app's repository. */
export interface Branch {
  /** The top of the repository, absolute. */
  readonly top: string;
  /** Its name, such as `main`. */
  readonly branch: string;
}

/**
 * Fetches what a branch follows, as `git pull` would, and compares the two. Touches remote-tracking branches and tags.
 *
 * @throws {HsmError} `pull-refused` where it follows nothing that is there; `git-failed` where the remote is not reached
 */
export async function fetchUpstream(context: Context, at: Branch): Promise<Upstream> {
  const { top, branch } = at;
  const $ = context.$.with({ cwd: top });
  const format = "--format=%(upstream)%00%(upstream:short)%00%(upstream:track)";
  const look = async () =>
    (await $`git ${READING} for-each-ref ${format} refs/heads/${branch}`.noThrow().text())
      .split("\0");
  if (!(await look())[0]) {
    const remotes = await $`git ${READING} remote`.noThrow().text();
    const [remote = "origin"] = remotes.match(/^\w[\w.-]*$/gm) ?? [];
    throw refused(`${branch} follows no branch of a remote`, {
      hint: `say which one: \`git branch --set-upstream-to=${remote}/${branch}\``,
    });
  }
  const fetched = await fetchCheckout(context, top);
  if (!fetched.success) {
    throw new HsmError("git-failed", "Cannot pull the app: `git fetch` failed", {
      causes: messageOf(fetched),
      hint: readDenial(fetched.stderr)?.hint ??
        "nothing was changed; `git fetch` by hand can ask for what it needs",
    });
  }
  const [ref = "", name = "", track = ""] = await look();
  if (track === "[gone]") {
    throw refused(`${branch} follows ${name}, which is gone`, {
      hint: "say which branch to follow instead: `git branch --set-upstream-to=REMOTE/BRANCH`",
    });
  }
  const commit = await $`git ${READING} rev-parse --verify --quiet ${`${ref}^{commit}`}`
    .noThrow().text();
  const counted = await $`git ${READING} rev-list --left-right --count HEAD...${commit} --`
    .noThrow().text();
  const [ahead = 0, behind = 0] = counted.split("\t").map(Number);
  return { name, ref, commit, ahead, behind };
}

/**
 * Finds the way that git is configured to go (`branch.NAME.rebase`, `branch.NAME.mergeOptions`, `pull.rebase`,
 * `pull.ff`, `merge.ff`). Touches nothing.
 *
 * @throws {HsmError} `pull-refused` where the two have diverged and it is not configured to bring them together
 */
export async function chooseWay(
  context: Context,
  { top, branch }: Branch,
  upstream: Upstream,
): Promise<Way> {
  const $ = context.$.with({ cwd: top });
  const setting = async (key: string) => {
    const { success, stdout } = await $`git ${READING} config --get ${key}`.noThrow();
    return success ? stdout.trim().toLowerCase() : undefined;
  };
  const [pull, own, pullFf, options = "", mergeFf] = await Promise.all([
    setting("pull.rebase"),
    setting(`branch.${branch}.rebase`),
    setting("pull.ff"),
    setting(`branch.${branch}.mergeOptions`),
    setting("merge.ff"),
  ]);
  const { name, ref, commit, ahead, behind } = upstream;
  const rebase = own ?? pull;
  const rebases = rebase !== undefined && !isOff(rebase);
  const asked = options.match(/--(?:no-ff|ff-only|ff)(?=\s|$)/g)?.at(-1);
  const ff = pullFf ?? (asked && FF_VALUES[asked]) ?? mergeFf;
  if (ahead === 0 && (rebases || ff === undefined || !isOff(ff))) {
    return { kind: "fast-forward", args: merge("--ff-only", "--no-overwrite-ignore", commit) };
  }
  const only = pullFf === "only" ? "pull.ff" : ff === "only" && !rebases ? "merge.ff" : undefined;
  if (ahead > 0 && (only !== undefined || (rebase === undefined && pullFf === undefined))) {
    throw refused(
      `${branch} and ${name} have diverged, by ${ahead} and ${countOf(behind, "commit")}`,
      {
        hint: only === undefined
          ? "`git config pull.rebase true` rebases yours, `git config pull.rebase false` merges"
          : `\`${only}\` is \`only\`: \`git config pull.ff true\` and \`git config pull.rebase true\` rebase yours`,
      },
    );
  }
  if (rebases) {
    const merges = ["merges", "m"].includes(rebase) ? ["--rebase-merges"] : [];
    // What the remote once had and has dropped is not put on top of it again.
    const fork = await $`git ${READING} merge-base --fork-point ${ref} HEAD`.noThrow().text();
    const onto = ["--onto", commit, fork || commit];
    return { kind: "rebase", args: [...NO_BACKGROUND, "rebase", ...merges, ...onto] };
  }
  const how = ff !== undefined && isOff(ff) ? "--no-ff" : "--ff";
  return {
    kind: "merge",
    args: merge(how, "-m", `Merge remote-tracking branch '${name}'`, commit),
  };
}

const FF_VALUES: Readonly<Record<string, string>> = {
  "--ff": "true",
  "--no-ff": "false",
  "--ff-only": "only",
};

/** Without this `branch.NAME.mergeOptions` could have git leave the merge to be committed. */
function merge(...args: readonly string[]): readonly string[] {
  return [...NO_BACKGROUND, "merge", "--commit", "--no-squash", "--no-edit", ...args];
}

function isOff(value: string): boolean {
  return ["false", "no", "off", "0"].includes(value);
}

/** The error that the app is not pulled, told before anything was touched. */
export function refused(state: string, options: HsmErrorOptions): HsmError {
  return new HsmError("pull-refused", `Cannot pull the app: ${state}`, options);
}
