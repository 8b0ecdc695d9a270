/**
 * What HSM asks of git. Values never become options: git gets `--` before them, or they stand behind an option's `=`.
 *
 * @module
 */

import { HsmError } from "./errors.ts";
import { READING } from "./git_reading.ts";
import { redact } from "./redact.ts";
import type { Shell } from "./shell.ts";

/** How {@linkcode cloneRepository} clones. */
export interface CloneRepositoryOptions {
  /** Where from. */
  readonly url: string;
  /** The folder that the clone becomes; it must not exist. */
  readonly directory: string;
  /** The branch to check out; default: the remote's own. */
  readonly branch?: string | undefined;
  /** The object filter of a partial clone. */
  readonly filter?: string | undefined;
  /** Variables for git; undefined: git may ask for credentials on the terminal and shows its own progress there. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** Called with git's own progress: what it does, and how far it is in percent. */
  readonly onProgress?: (phase: string, percent: number) => void;
}

/** How a clone ended. */
export interface CloneOutcome {
  /** Whether it succeeded. */
  readonly success: boolean;
  /** What git said, without its progress, secrets hidden. */
  readonly message: string;
  /** Whether it failed for want of an answer that a person could give. */
  readonly needsAnswer: boolean;
}

/** Clones a repository with its tags, at the default branch or the one named. Touches only `directory`. */
export async function cloneRepository(
  $: Shell,
  options: CloneRepositoryOptions,
): Promise<CloneOutcome> {
  const flags = ["--progress", "--origin=origin"];
  if (options.branch !== undefined) flags.push(`--branch=${options.branch}`);
  if (options.filter !== undefined) flags.push(`--filter=${options.filter}`);
  const command =
    $`git -c protocol.ext.allow=never clone ${flags} -- ${options.url} ${options.directory}`
      .noThrow();
  if (options.environment === undefined) {
    const { code } = await command.stdin("inherit").stderr("inherit");
    return { success: code === 0, message: `git exited with code ${code}`, needsAnswer: false };
  }
  const child = command.env(options.environment).spawn();
  const [stderr, { code }] = await Promise.all([
    readProgress(child.stderr(), options.onProgress),
    child,
  ]);
  return {
    success: code === 0,
    message: redact(stderr) || `git exited with code ${code}`,
    needsAnswer: code !== 0 && NEEDS_ANSWER.test(stderr),
  };
}

const NEEDS_ANSWER =
  /terminal prompts disabled|could not read (?:Username|Password)|Permission denied \(|Host key verification failed|Authentication failed/i;

/**
 * The variables that make every prompt of git and ssh fail at once instead of waiting for an answer.
 *
 * @param environment The variables that git would run with otherwise.
 */
export async function withoutPrompts(
  $: Shell,
  environment: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const variables: Record<string, string> = {
    GIT_TERMINAL_PROMPT: "0",
    GIT_ASKPASS: "",
    SSH_ASKPASS: "",
    SSH_ASKPASS_REQUIRE: "never",
    GCM_INTERACTIVE: "never",
  };
  if (environment["GIT_SSH"] === undefined) {
    const configured = (await $`git config core.sshCommand`.noThrow()).stdout.trim();
    const ssh = environment["GIT_SSH_COMMAND"] ?? (configured || "ssh");
    variables["GIT_SSH_COMMAND"] = `${ssh} -o BatchMode=yes`;
  }
  return variables;
}

/** Reads a clone's standard error: progress to the callback, everything else into the result. */
async function readProgress(
  stream: ReadableStream<Uint8Array>,
  onProgress: CloneRepositoryOptions["onProgress"],
): Promise<string> {
  const messages: string[] = [];
  let rest = "";
  const take = (line: string) => {
    const progress = /^(?:remote: )?([A-Z][a-z]+(?: [a-z]+)*): +(\d+)% \(/.exec(line);
    if (progress) onProgress?.(progress[1] ?? "", Number(progress[2]));
    else if (!/^(?:Cloning into|(?:remote: )?[A-Z][a-z]+ing objects: \d+|warning: )/.test(line)) {
      if (line.trim() !== "") messages.push(line.trim());
    }
  };
  const text = stream.pipeThrough(new TextDecoderStream());
  for await (const piece of text) {
    const lines = (rest + piece).split(/[\r\n]/);
    rest = lines.pop() ?? "";
    for (const line of lines) take(line);
  }
  take(rest);
  return messages.join("\n");
}

/**
 * The addresses of all of a checkout's remotes, as configured and as git would use them (`insteadOf`).
 *
 * @returns undefined where the folder is not the top of a git checkout.
 */
export async function remoteAddresses(
  $: Shell,
  directory: string,
): Promise<readonly string[] | undefined> {
  const top = await $`git ${READING} -C ${directory} rev-parse --show-prefix`.noThrow();
  if (top.code !== 0 || top.stdout.trim() !== "") return undefined;
  const configured = await $`git ${READING} -C ${directory} config --get-regexp ${REMOTE_URLS}`
    .noThrow();
  const used = await $`git ${READING} -C ${directory} remote -v`.noThrow();
  return [
    ...configured.stdout.split("\n").map((line) => line.slice(line.indexOf(" ") + 1)),
    ...used.stdout.split("\n").map((line) =>
      line.split("\t")[1]?.replace(/ \((?:fetch|push)\).*$/, "") ?? ""
    ),
  ].filter((address) => address !== "");
}

const REMOTE_URLS = "^remote\\..*\\.url$";

/** What a checkout holds that is nowhere else. */
export interface UnsharedWork {
  /** How many files differ from the last commit, untracked ones included. */
  readonly dirty: number;
  /** How many commits of any local branch or a detached HEAD no remote has. */
  readonly unpushed: number;
}

/** What a checkout holds that is nowhere else. Changes nothing, not even the index. */
export async function unsharedWork($: Shell, directory: string): Promise<UnsharedWork> {
  const status = await git(
    $`git ${READING} -C ${directory} status --porcelain=v1 -z --untracked-files=normal`,
  );
  const commits = await git(
    $`git ${READING} -C ${directory} rev-list --count HEAD --branches --not --remotes`,
  );
  return {
    dirty: status.split("\0").filter((entry) => /^..[ ]/.test(entry)).length,
    unpushed: Number(commits),
  };
}

/** The files of a checkout that have the name, tracked or not but not ignored; paths relative to it, with `/`. */
export async function findFiles(
  $: Shell,
  directory: string,
  name: string,
): Promise<readonly string[]> {
  const listed = await git(
    $`git ${READING} -C ${directory} ls-files -z --cached --others --exclude-standard -- ${`:(glob)**/${name}`}`,
  );
  return listed.split("\0").filter((path) => path !== "");
}

async function git(command: ReturnType<Shell>): Promise<string> {
  const { code, stdout, stderr } = await command.noThrow();
  if (code === 0) return stdout;
  throw new HsmError("git-failed", `Cannot ask git: it exited with code ${code}`, {
    causes: redact(stderr).trim().split("\n"),
  });
}
