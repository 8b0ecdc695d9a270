/**
 * Moving a checkout forward along its branch, with its submodules, where nothing that lies there is lost.
 *
 * @module
 */

import { join } from "@std/path";
import { askGit, type GitContext, gitMessage } from "../git/ask.ts";
import { fetchCheckout, NO_BACKGROUND } from "../git/fetch_checkout.ts";
import { READING } from "../git/reading.ts";
import { treeChanges } from "../git/tree_changes.ts";
import type { RunResult } from "../process/run.ts";
import { countOf } from "../text/words.ts";
import { filesInTheWay, isPopulated } from "./in_the_way.ts";
import { type CheckoutState, readCheckoutState, withArticle } from "./state.ts";

/** A checkout to move, and where to. */
export interface Forward {
  /** The checkout, absolute. */
  readonly directory: string;
  /** The branch that it is on, and stays on. */
  readonly branch: string;
  /** The commit that it is at. */
  readonly from: string;
  /** The commit to move to, a descendant. */
  readonly to: string;
  /** Variables that keep git from asking. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Why a checkout is not moved. */
export interface Refusal {
  /** `left`: something of it could be lost; `failed`: what its submodule is to be was not to be had. */
  readonly state: "left" | "failed";
  /** The reason, for people. */
  readonly reason: string;
  /** What to do about it. */
  readonly hint?: string;
  /** The files in the way, relative to the checkout, with `/`. */
  readonly files?: readonly string[];
}

/** A submodule to move after the checkout that it lies in. */
interface Step {
  readonly path: string;
  readonly to: string;
}

/** How many files a reason lists. */
const LISTED = 10;

/**
 * Fast-forwards a checkout, and brings those of its submodules that are there to the commits that are recorded then.
 *
 * Before anything moves, what the new commits bring is compared with what lies there, ignored files included, in the
 * checkout and its submodules. Where something could be lost nothing is touched but what fetching into submodules brings.
 *
 * @returns undefined where it was moved.
 * @throws {HsmError} `git-failed`, `tool-missing`
 */
export async function moveForward(
  context: GitContext,
  forward: Forward,
): Promise<Refusal | undefined> {
  const survey = new Survey(context, forward);
  const refusal = await survey.look("", forward);
  if (refusal !== undefined) return refusal;
  if (survey.files.length > 0) return overwrites(survey.files);
  const merged = await survey.git("", ...mergeArguments(forward));
  if (!merged.success) return refused("", merged);
  for (const { path, to } of survey.steps) {
    const how = ["--quiet", "--no-overwrite-ignore", "--detach"];
    const moved = await survey.git(path, "checkout", ...how, to, "--");
    if (!moved.success) return refused(path, moved);
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
  /** The submodules to move, the outer ones first. */
  readonly steps: Step[] = [];
  /** What lies in the way. */
  readonly files: string[] = [];
  readonly #context: GitContext;
  readonly #forward: Forward;

  constructor(context: GitContext, forward: Forward) {
    this.#context = context;
    this.#forward = forward;
  }

  /** Runs git where it may write, in the checkout or in the submodule at a path. */
  git(path: string, ...args: readonly string[]): Promise<RunResult> {
    const { directory, environment } = this.#forward;
    const options = ["-c", "protocol.ext.allow=never", "-c", "submodule.recurse=false"];
    return askGit(this.#context, [...options, ...NO_BACKGROUND, ...args], {
      cwd: join(directory, path),
      env: environment,
    });
  }

  /** Compares two commits of the checkout, or of the submodule at a path, with what lies there. */
  async look(
    path: string,
    { from, to }: { readonly from: string; readonly to: string },
  ): Promise<Refusal | undefined> {
    const { directory, environment } = this.#forward;
    const folder = join(directory, path);
    const inside = (name: string) => path === "" ? name : `${path}/${name}`;
    const changes = await treeChanges(this.#context, folder, { from, to }, environment);
    const files = await filesInTheWay(this.#context, folder, changes);
    this.files.push(...files.map(inside));
    for (const { path: name, from, to } of changes) {
      if (from?.kind !== "submodule" || to?.kind !== "submodule") continue;
      if (!isPopulated(join(folder, name))) continue;
      const refusal = await this.#lookIntoSubmodule(inside(name), { from: from.id, to: to.id });
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  }

  async #lookIntoSubmodule(
    path: string,
    { from, to }: { readonly from: string; readonly to: string },
  ): Promise<Refusal | undefined> {
    const directory = join(this.#forward.directory, path);
    const reading = await readCheckoutState(this.#context, directory);
    if (reading.kind === "missing") return undefined;
    if (reading.kind === "foreign") {
      return { state: "left", reason: `its submodule ${path} is ${reading.reason}` };
    }
    if (reading.state.commit === to) return undefined;
    const stays = (reason: string): Refusal => ({
      state: "left",
      reason: `its submodule ${path} ${reason}, and would be moved`,
    });
    const reason = reasonToStay(reading.state, from);
    if (reason !== undefined) return stays(reason);
    const missing = await this.#fetch(path, to);
    if (missing !== undefined) return missing;
    if (await this.#isOnlyHere(path, to)) return stays("is at a commit that no branch has");
    this.steps.push({ path, to });
    return await this.look(path, { from, to });
  }

  /** Brings a submodule the commit that it is to be at. */
  async #fetch(path: string, commit: string): Promise<Refusal | undefined> {
    const look = () => this.git(path, ...READING, "cat-file", "-e", `${commit}^{commit}`);
    if ((await look()).success) return undefined;
    const { directory, environment } = this.#forward;
    await fetchCheckout(this.#context, join(directory, path), environment);
    if ((await look()).success) return undefined;
    // No branch of its remote may have it any more.
    const args = ["fetch", "--quiet", "--no-recurse-submodules", "--", "origin", commit];
    const fetched = await this.git(path, ...args);
    if (fetched.success) return undefined;
    const message = gitMessage(fetched).join("; ");
    return { state: "failed", reason: `its submodule ${path} lacks its new commit: ${message}` };
  }

  /** Whether a submodule's commit would be found nowhere, once its HEAD is at another one. */
  async #isOnlyHere(path: string, to: string): Promise<boolean> {
    const others = [to, "--branches", "--tags", "--remotes"];
    const args = [...READING, "rev-list", "--max-count=1", "HEAD", "--not", ...others, "--"];
    const { success, stdout } = await this.git(path, ...args);
    return !success || stdout !== "";
  }
}

/** Why a submodule is not to be moved. */
function reasonToStay(state: CheckoutState, recorded: string): string | undefined {
  const { operation, changed, commit, branch } = state;
  if (operation !== undefined) return `is in the middle of ${withArticle(operation)}`;
  if (changed.length > 0) return `has ${countOf(changed.length, "changed file")}`;
  if (commit !== recorded) return "is at another commit than recorded";
  return branch === undefined ? undefined : `is on the branch ${branch}`;
}

function overwrites(files: readonly string[]): Refusal {
  const more = files.length - LISTED;
  const listed = files.slice(0, LISTED).join(", ");
  return {
    state: "left",
    reason: `the new commits would overwrite ${listed}${more > 0 ? ` and ${more} more` : ""}`,
    hint: `move ${files.length === 1 ? "it" : "them"} away first`,
    files,
  };
}

function refused(path: string, result: RunResult): Refusal {
  const where = path === "" ? "" : ` to move its submodule ${path}`;
  return { state: "left", reason: `git refuses${where}: ${gitMessage(result).join("; ")}` };
}
