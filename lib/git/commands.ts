/**
 * What HSM asks of git. Values never become options: git gets `--` before them, or they stand behind an option's `=`; and
 * where revisions end it gets one too, for a checkout may track a file named HEAD.
 *
 * @module
 */

import { hintOfDenial } from "./hint_of_denial.ts";
import { dirname } from "@std/path";
import type { Context } from "../context.ts";
import { MAX_ANSWER } from "../process/call.ts";
import { silence } from "../process/failed_program.ts";
import { NO_BACKGROUND, REMOTE } from "./fetch_checkout.ts";
import { READING } from "./reading.ts";
import { given } from "../given.ts";
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
  readonly hint?: string;
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
  const { reporter, questions } = context;
  const live = new ProgressReader({ onProgress });
  // Where git asks, all that is no question comes this way, for a remote may have said it.
  const asking = new ProgressReader(linesOf((line) => reporter.output(`${line}\n`)));
  const args = argumentsFor(onProgress ?? questions ? ["--progress"] : []);
  const $ = context.$.with({
    ...{ cwd, detached, limit: MAX_ANSWER },
    onStderr: (text, isAsking) => (isAsking ? asking : live).read(text),
  });
  const result = await $`git ${args}`.noThrow();
  asking.end();
  // Of several calls, where a known answer was not taken, the last one counts.
  const reader = new ProgressReader({ onProgress: undefined });
  reader.read(result.stderr);
  const message = reader.end();
  const said = result.isCut ? "the remote says more than 64 MB" : message;
  const { success } = result;
  const hint = success ? undefined : hintOfDenial(context, said);
  return {
    success,
    message: redact(printable(said)) || silence(result),
    isUnborn: reader.isUnborn,
    ...given({ hint }),
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

interface Reading {
  readonly onProgress: CloneWays["onProgress"];
  readonly onMessage?: (line: string) => void;
}

/** What git says, a line each, and one for each thing that it begins. */
function linesOf(show: (line: string) => void): Reading {
  let last = "";
  const onProgress = (phase: string) => {
    if (phase !== last) show(phase);
    last = phase;
  };
  return { onProgress, onMessage: show };
}

/** Reads a clone's standard error: progress goes to one callback, everything else to the other, and is kept. */
class ProgressReader {
  readonly #reading: Reading;
  readonly #messages: string[] = [];
  #rest = "";
  /** Whether git says that there was nothing to check out. */
  isUnborn = false;

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  read(text: string): void {
    const lines = (this.#rest + text).split(/[\r\n]/);
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#take(line);
  }

  /** What git said, without its progress. */
  end(): string {
    this.#take(this.#rest);
    return this.#messages.join("\n");
  }

  #take(line: string): void {
    this.isUnborn ||= NOTHING_THERE.test(line);
    const progress = /^(?:remote: )?([A-Z][a-z]+(?: [a-z]+)*): +(\d+)% \(/.exec(line);
    if (progress) this.#reading.onProgress?.(progress[1] ?? "", Number(progress[2]));
    else if (
      !/^(?:Cloning into|(?:remote: )?[A-Z][a-z]+ing objects: \d+|remote: Total \d|warning: )/.test(
        line,
      )
    ) {
      if (line.trim() === "") return;
      this.#messages.push(line.trim());
      this.#reading.onMessage?.(line.trimEnd());
    }
  }
}

const NOTHING_THERE =
  /^warning: (?:remote HEAD refers to nonexistent ref|You appear to have cloned an empty repository)/;

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
