/**
 * Moving a checkout forward along its branch, with its submodules, where nothing that lies there is lost.
 *
 * @module
 */

import { join } from "@std/path";
import type { Context } from "../../lib/process/context.ts";
import { messageOf } from "../../lib/process/failed_program.ts";
import { fetchCheckout, NO_BACKGROUND, REMOTE } from "../../lib/git/fetch_checkout.ts";
import {
  literal,
  readGitmodules,
  resolveSubmoduleUrl,
  submoduleKeys,
} from "../../lib/git/gitmodules.ts";
import { READING } from "../../lib/git/reading.ts";
import { treeChanges } from "../../lib/git/tree_changes.ts";
import { listOf } from "../../lib/text/words.ts";
import type { RunResult } from "../../lib/process/run.ts";
import { filesInTheWay } from "../../lib/checkout/in_the_way.ts";
import type { SubmoduleChange } from "../../lib/checkout/parse_status.ts";
import { readCheckoutState, reasonToStay } from "../../lib/checkout/state.ts";
import { isFilled } from "../../lib/checkout/submodules.ts";

/** A checkout to move, and where to. */
export interface Forward {
  /** The checkout, absolute. */
  readonly directory: string;
  /** The branch that it is on, and stays on. */
  readonly branch: string;
  /** The commit that it is at. */
  readonly from: string;
  /** The commit to move to, a descendant; or the same, where only submodules may be to move. */
  readonly to: string;
  /** Those of its submodules that differ from what it records; undefined: it does without any, and none is moved. */
  readonly submodules: readonly SubmoduleChange[] | undefined;
}

/** Why a checkout is not moved. */
export interface Refusal {
  /** `left`: something of it could be lost; `failed`: what its submodule is to be was not to be had. */
  readonly state: "left" | "failed";
  /** The reason, for people. */
  readonly reason: string;
  /** What to do about it. */
  readonly hint?: string | undefined;
  /** The files in the way, relative to the checkout, with `/`. */
  readonly files?: readonly string[];
}

/** A commit that something is at, and the one that it is to be at. */
interface Move {
  readonly from: string;
  readonly to: string;
}

/** How many files a reason lists. */
const LISTED = 10;

/**
 * Fast-forwards a checkout, and brings those of its submodules that are there to the commits that are recorded then: also
 * those that stayed behind when the checkout moved before.
 *
 * Before anything moves, what the new commits bring is compared with what lies there, ignored files included, in the
 * checkout and its submodules. Where something could be lost nothing is touched but what fetching into submodules brings.
 *
 * @returns undefined where it was moved.
 * @throws {HsmError} `git-failed`, `tool-missing`
 */
export async function moveForward(
  context: Context,
  forward: Forward,
): Promise<Refusal | undefined> {
  const survey = new Survey(context, forward);
  const refusal = await survey.look("", forward, forward.submodules);
  if (refusal !== undefined) return refusal;
  if (survey.files.length > 0) return overwrites(survey.files);
  if (forward.from !== forward.to) {
    const merged = await survey.git("", ...mergeArguments(forward));
    if (!merged.success) return refused("", merged);
  }
  for (const { path, args } of survey.steps) {
    const done = await survey.git(path, ...args);
    if (!done.success) return refused(path, done);
  }
  return undefined;
}

/** A fast-forward and nothing else, whatever is configured, with git's own eye on ignored files for what comes meanwhile. */
function mergeArguments({ branch, to }: Forward): readonly string[] {
  const how = ["--ff-only", "--no-overwrite-ignore", "--no-autostash", "--no-squash", "--quiet"];
  return ["-c", `branch.${branch}.mergeOptions=`, "merge", ...how, to];
}

/** A look at a checkout and its submodules. */
class Survey {
  /** What git is asked for once what they lie in has moved, in which submodules (empty: the checkout), the outer ones first. */
  readonly steps: { readonly path: string; readonly args: readonly string[] }[] = [];
  /** What lies in the way. */
  readonly files: string[] = [];
  readonly #context: Context;
  readonly #forward: Forward;

  constructor(context: Context, forward: Forward) {
    this.#context = context;
    this.#forward = forward;
  }

  /** Runs git where it may write, in the checkout or in the submodule at a path. */
  git(path: string, ...args: readonly string[]): Promise<RunResult> {
    const options = [...REMOTE, "-c", "submodule.recurse=false", ...NO_BACKGROUND];
    return this.#context.$`git ${options} ${args}`.cwd(join(this.#forward.directory, path))
      .env(this.#environment(path)).noThrow().spawn();
  }

  /** As `git submodule` has it: where a submodule comes from is not the user's own word (`protocol.allow`). */
  #environment(path: string): Readonly<Record<string, string>> {
    return path === "" ? {} : { GIT_PROTOCOL_FROM_USER: "0" };
  }

  /**
   * Compares two commits of the checkout, or of the submodule at a path, with what lies there.
   *
   * @param submodules Those of its submodules that differ from what it records; undefined: none is to be moved.
   */
  async look(
    path: string,
    { from, to }: Move,
    submodules: readonly SubmoduleChange[] | undefined,
  ): Promise<Refusal | undefined> {
    const folder = join(this.#forward.directory, path);
    const inside = (name: string) => path === "" ? name : `${path}/${name}`;
    const changes = from === to
      ? []
      : await treeChanges(this.#context, folder, { from, to }, this.#environment(path));
    if (changes.length > 0) {
      const files = await filesInTheWay(this.#context, folder, changes);
      this.files.push(...files.map(inside));
    }
    if (submodules === undefined) return undefined;
    const moved = changes.some((it) => it.path === ".gitmodules")
      ? await movedUrls(this.#context, folder, { from, to })
      : new Map<string, string>();
    for (const name of moved.keys()) {
      this.steps.push({ path, args: ["submodule", "--quiet", "sync", "--", literal(name)] });
    }
    const moves = new Map(
      submodules.map((it) => [it.path, { from: it.recorded, to: it.recorded }]),
    );
    for (const { path: name, from, to } of changes) {
      moves.delete(name);
      if (from?.kind !== "submodule" || to?.kind !== "submodule") continue;
      moves.set(name, { from: from.id, to: to.id });
    }
    for (const [name, move] of moves) {
      if (!isFilled(join(folder, name))) continue;
      const isBehind = (commit: string) => this.#wasRecorded(path, { name, commit, until: to });
      const about = { ...move, isBehind, url: moved.get(name) };
      const refusal = await this.#lookIntoSubmodule(inside(name), about);
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  }

  async #lookIntoSubmodule(
    path: string,
    { from, to, isBehind, url }: Move & {
      readonly isBehind: (commit: string) => Promise<boolean>;
      readonly url: string | undefined;
    },
  ): Promise<Refusal | undefined> {
    const directory = join(this.#forward.directory, path);
    const reading = await readCheckoutState(this.#context, directory);
    if (reading.kind === "missing") return undefined;
    if (reading.kind === "foreign") {
      return { state: "left", reason: `its submodule ${path} is ${reading.reason}` };
    }
    const { state } = reading;
    const { commit, submodules } = state;
    const isThere = commit === to;
    const stays = (reason: string, hint?: string): Refusal => ({
      state: "left",
      reason: `its submodule ${path} ${reason}${isThere ? "" : ", and would be moved"}`,
      hint,
    });
    const reason = reasonToStay({ ...state, branch: undefined });
    if (reason !== undefined) return stays(reason);
    if (isThere) return await this.look(path, { from: to, to }, submodules);
    if (commit === undefined || (commit !== from && !await isBehind(commit))) {
      const hint = "commit that, or go back by `git submodule update --recursive`";
      return stays("is at another commit than recorded", hint);
    }
    const onBranch = reasonToStay(state);
    if (onBranch !== undefined) return stays(onBranch);
    const missing = await this.#fetch(path, to, url);
    if (missing !== undefined) return missing;
    if (await this.#isOnlyHere(path, to)) {
      return stays("is at a commit that no branch has", "give that a branch");
    }
    this.steps.push({
      path,
      args: ["checkout", "--quiet", "--no-overwrite-ignore", "--detach", to, "--"],
    });
    return await this.look(path, { from: commit, to }, submodules);
  }

  /** Whether what a submodule lies in has recorded a commit for it before: then it stayed behind, and nobody chose it. */
  async #wasRecorded(
    path: string,
    { name, commit, until }: {
      readonly name: string;
      readonly commit: string;
      readonly until: string;
    },
  ): Promise<boolean> {
    const how = ["--max-count=1", "--format=%H", `--find-object=${commit}`];
    const { success, stdout } = await this.git(
      path,
      ...[...READING, "log", ...how, until, "--", literal(name)],
    );
    return success && stdout !== "";
  }

  /**
   * Brings a submodule the commit that it is to be at.
   *
   * @param url Where it is cloned from by now, where that has changed.
   */
  async #fetch(path: string, commit: string, url?: string): Promise<Refusal | undefined> {
    const look = () => this.git(path, ...READING, "cat-file", "-e", `${commit}^{commit}`);
    if ((await look()).success) return undefined;
    const fetch = (...what: string[]) =>
      this.git(path, "fetch", "--quiet", "--no-recurse-submodules", "--", ...what);
    if (url === undefined) {
      const folder = join(this.#forward.directory, path);
      await fetchCheckout(this.#context, folder, { env: this.#environment(path) });
    } else await fetch(url, "+refs/heads/*:refs/remotes/origin/*");
    if ((await look()).success) return undefined;
    // No branch of its remote may have it any more.
    const fetched = await fetch(url ?? "origin", commit);
    if (fetched.success) return undefined;
    const message = messageOf(fetched).join("; ");
    return { state: "failed", reason: `its submodule ${path} lacks its new commit: ${message}` };
  }

  /** Whether a submodule's commit would be found nowhere, once its HEAD is at another one. */
  async #isOnlyHere(path: string, to: string): Promise<boolean> {
    const others = [to, "--branches", "--tags", "--remotes"];
    const args = [...READING, "rev-list", "--max-count=1", "HEAD", "--not", ...others, "--"];
    const { success, stdout } = await this.git(path, ...args);
    if (success && stdout === "") return false;
    // A shallow clone has no branch of a commit that it fetched alone: then its remote knows.
    const shallow = await this.git(
      path,
      ...READING,
      "rev-parse",
      "--is-shallow-repository",
      "HEAD",
    );
    const [isShallow, commit = ""] = shallow.stdout.split("\n");
    if (isShallow !== "true") return true;
    const deepen = ["fetch", "--quiet", "--no-recurse-submodules", "--deepen=1"];
    return !(await this.git(path, ...deepen, "--", "origin", commit)).success;
  }
}

/**
 * The submodules whose address is another one in the commit that comes, by path, and that address. What the user has set
 * for one in the configuration stays.
 */
async function movedUrls(
  context: Context,
  directory: string,
  { from, to }: Move,
): Promise<Map<string, string>> {
  const $ = context.$.with({ cwd: directory });
  const [before = [], after = [], configured, remote] = await Promise.all([
    readGitmodules(context, directory, { commit: from }),
    readGitmodules(context, directory, { commit: to }),
    $`git ${READING} config --null --get-regexp ${"^submodule\\."}`.noThrow(),
    $`git ${READING} config remote.origin.url`.noThrow().text(),
  ]);
  const own = submoduleKeys(configured.stdout);
  const base = remote || directory;
  const moved = new Map<string, string>();
  for (const { name, path, url } of after) {
    const old = before.find((it) => it.name === name);
    if (old === undefined || old.url === url) continue;
    const isPlain = own.get(name)?.get("url") === resolveSubmoduleUrl(old.url, base);
    if (isPlain) moved.set(path, resolveSubmoduleUrl(url, base));
  }
  return moved;
}

function overwrites(files: readonly string[]): Refusal {
  return {
    state: "left",
    reason: `the new commits would overwrite ${listOf(files, LISTED)}`,
    hint: `move ${files.length === 1 ? "it" : "them"} away first`,
    files,
  };
}

function refused(path: string, result: RunResult): Refusal {
  const where = path === "" ? "" : ` to move its submodule ${path}`;
  return { state: "left", reason: `git refuses${where}: ${messageOf(result).join("; ")}` };
}
