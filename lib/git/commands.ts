/**
 * What HSM asks of git. Values never become options: git gets `--` before them, or they stand behind an option's `=`; and
 * where revisions end it gets one too, for a checkout may track a file named HEAD.
 *
 * @module
 */

import { hintOfDenial } from "./hint_of_denial.ts";
import { dirname } from "@std/path";
import type { Context } from "../process/context.ts";
import { MAX_ANSWER } from "../process/call.ts";
import { silence } from "../process/failed_program.ts";
import { NO_BACKGROUND, REMOTE } from "./fetch_checkout.ts";
import { READING } from "./reading.ts";
import { printable } from "../text/printable.ts";
import { redact } from "../text/redact.ts";

/** How a clone comes about. */
export interface CloneWays {
  /** The object filter of a partial clone. */
  readonly filter?: string | undefined;
  /** Called with git's own progress: what it does, and how far it is in percent. Without it git tells none. */
  readonly onProgress?: ((phase: string, percent: number) => void) | undefined;
}

/** How {@linkcode cloneRepository} clones. */
export interface CloneRepositoryOptions extends CloneWays {
  /** Where from. */
  readonly url: string;
  /** The folder that the clone becomes; it must not exist. */
  readonly directory: string;
  /** The branch to check out; default: the remote's own. */
  readonly branch?: string | undefined;
}

/** How {@linkcode cloneSubmodules} clones. */
export interface CloneSubmodulesOptions extends CloneWays {
  /** The checkout, absolute. */
  readonly directory: string;
  /** Which of its submodules. */
  readonly pathspecs: readonly string[];
  /** How many at a time. */
  readonly jobs: number;
}

/** How a clone ended. */
export interface CloneOutcome {
  /** Whether it succeeded. */
  readonly success: boolean;
  /** What git said, without its progress, secrets hidden. */
  readonly message: string;
  /** What is to be done about it. */
  readonly hint?: string | undefined;
}

/** Clones a repository with its tags, at the default branch or the one named. Touches only `directory`. */
export async function cloneRepository(
  context: Context,
  options: CloneRepositoryOptions,
): Promise<CloneOutcome> {
  const { url, directory, branch, filter } = options;
  const flags = ["--origin=origin"];
  if (branch !== undefined) flags.push(`--branch=${branch}`);
  if (filter !== undefined) flags.push(`--filter=${filter}`);
  const { isUnborn, ...outcome } = await runClone(
    context,
    dirname(directory),
    options,
    (progress) => [...REMOTE, "clone", ...progress, ...flags, "--", url, directory],
  );
  return outcome.success && isUnborn ? await nothingThere(context, directory) : outcome;
}

/**
 * Clones submodules of a checkout that are not there, and checks their recorded commits out, without those that lie in
 * them: by force, so that their folders are to be empty. Which addresses a submodule may have is for git's own configuration to say (`protocol.file.allow`).
 */
export async function cloneSubmodules(
  context: Context,
  options: CloneSubmodulesOptions,
): Promise<CloneOutcome> {
  const { directory, pathspecs, filter, jobs } = options;
  const config = [...REMOTE, "-c", "clone.defaultRemoteName=origin"];
  // By force: of a clone that was cut off git may take the commit for checked out already.
  const flags = ["--init", "--force", `--jobs=${jobs}`];
  if (filter !== undefined) flags.push(`--filter=${filter}`);
  // A script of git's own is in between, which does not pass signals on.
  const ways = { ...options, detached: true };
  const { isUnborn: _, ...outcome } = await runClone(context, directory, ways, (progress) => [
    ...[...config, ...NO_BACKGROUND, "submodule", "--quiet", "update", ...progress, ...flags],
    ...["--", ...pathspecs],
  ]);
  return outcome;
}

/**
 * Runs a git that clones.
 *
 * @param argumentsFor Its arguments, where it is to tell its progress with the flags given.
 * @returns Also whether there was nothing to check out.
 */
async function runClone(
  context: Context,
  cwd: string,
  { onProgress, detached = false }: CloneWays & { readonly detached?: boolean },
  argumentsFor: (progress: readonly string[]) => readonly string[],
): Promise<CloneOutcome & { readonly isUnborn: boolean }> {
  const { tell, questions } = context;
  const show = (line: string) => tell({ kind: "output", text: `${line}\n` });
  let rest = "";
  let begun = "";
  const onStderr = (text: string, isAsking: boolean) => {
    const lines = (rest + text).split(/[\r\n]/);
    rest = lines.pop() ?? "";
    for (const it of lines.map(readLine)) {
      if (typeof it === "object" && !isAsking) onProgress?.(it.phase, it.percent);
      if (!isAsking || it === undefined) continue;
      // Beside its questions git shows a line for each thing that it begins, and what it or a remote has to say.
      if (typeof it === "string") show(it);
      else if (it.phase !== begun) show(begun = it.phase);
    }
  };
  const args = argumentsFor(onProgress ?? questions ? ["--progress"] : []);
  const $ = context.$.with({ cwd, detached, limit: MAX_ANSWER, onStderr });
  const result = await $`git ${args}`.noThrow();
  const { success, stderr, isCut } = result;
  const said = isCut
    ? "the remote says more than 64 MB"
    : stderr.split(/[\r\n]/).map(readLine).filter((it) => typeof it === "string")
      .map((it) => it.trim()).join("\n");
  const hint = success ? undefined : hintOfDenial(context, said);
  return {
    success,
    message: redact(printable(said)) || silence(result),
    isUnborn: NOTHING_THERE.test(stderr),
    hint,
  };
}

/** Why a clone has no files: git takes that for a success. */
async function nothingThere(context: Context, directory: string): Promise<CloneOutcome> {
  const { $ } = context;
  const format = "--format=%(refname:lstrip=3)";
  const named = await $`git ${READING} for-each-ref ${format} refs/remotes/origin`
    .cwd(directory).noThrow().lines();
  const branches = named.filter((it) => it !== "HEAD");
  if (branches.length === 0) {
    const message = "its remote has no branch: nothing has been pushed to it yet";
    return { success: false, message, hint: "push a first commit to it" };
  }
  const told = printable(branches.slice(0, 5).join(", ")) + (branches.length > 5 ? ", …" : "");
  return {
    success: false,
    message: `the HEAD of its remote names a branch that is not there; there are: ${told}`,
    hint:
      "name the branch to check out by `checkout:` in hsm.yaml, or set the remote's default branch",
  };
}

/** What a line of a clone's standard error tells: how far git is, or something for people. Pure. */
function readLine(
  line: string,
): string | { readonly phase: string; readonly percent: number } | undefined {
  const [, phase, percent] = /^(?:remote: )?([A-Z][a-z]+(?: [a-z]+)*): +(\d+)% \(/.exec(line) ?? [];
  if (phase !== undefined) return { phase, percent: Number(percent) };
  return line.trim() === "" || NOISE.test(line) ? undefined : line.trimEnd();
}

const NOISE =
  /^(?:Cloning into|(?:remote: )?[A-Z][a-z]+ing objects: \d+|remote: Total \d|warning: )/;

const NOTHING_THERE =
  /^warning: (?:remote HEAD refers to nonexistent ref|You appear to have cloned an empty repository)/m;

/** The files of a checkout that have the name, tracked or not but not ignored; paths relative to it, with `/`. */
export async function findFiles(
  { $ }: Context,
  directory: string,
  name: string,
): Promise<readonly string[]> {
  const named = `:(glob)**/${name}`;
  const listed =
    await $`git ${READING} ls-files -z --cached --others --exclude-standard -- ${named}`
      .cwd(directory).text();
  return listed.split("\0").filter((path) => path !== "");
}
