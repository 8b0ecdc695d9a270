/**
 * Asking git about many checkouts at once: without a shell in between, which for a hundred of them would cost more
 * than git itself.
 *
 * @module
 */

import { HsmError } from "../errors.ts";
import { given } from "../given.ts";
import { english } from "../process/english.ts";
import { run, type RunOptions, type RunResult } from "../process/run.ts";
import { printable } from "../text/printable.ts";
import { redact } from "../text/redact.ts";
import {
  isWithoutPrompts,
  needsAnswer,
  type Questions,
  withPrompts,
} from "../process/questions.ts";
import { NO_PROTOCOL } from "./reading.ts";
import type { Reporter } from "../report.ts";

/** What git runs in; a workspace is one. */
export interface GitContext {
  /** The environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Is told of every call. */
  readonly reporter: Reporter;
  /** Where a person can answer questions. */
  readonly questions?: Questions | undefined;
}

/** How {@linkcode askGit} asks. */
export interface AskGitOptions {
  /** The folder that git runs in. */
  readonly cwd: string;
  /** More variables. */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * The most that is read of its answer, in characters; one that is longer is cut there.
   * @default an answer longer than {@linkcode MAX_ANSWER} is an error
   */
  readonly limit?: number;
  /** Whether a byte order mark stays in its answer. @default {false} */
  readonly keepBom?: boolean;
  /** Called once it runs. */
  readonly onStart?: (pid: number) => void;
  /** Out of reach of the terminal's Ctrl-C. @default {false} */
  readonly detached?: boolean;
  /** How many milliseconds it has to end once it is to, before it is killed. Default: that of `run()`. */
  readonly grace?: number;
}

/** In characters; a remote that does not end has none to send. */
export const MAX_ANSWER: number = 64 * 1024 * 1024;

/**
 * Variables with which git would look at another repository than the one of its folder, or take paths for something else;
 * a git hook has them set.
 */
const LOCAL_VARIABLES = [
  "GIT_DIR",
  "GIT_WORK_TREE",
  "GIT_COMMON_DIR",
  "GIT_INDEX_FILE",
  "GIT_OBJECT_DIRECTORY",
  "GIT_ALTERNATE_OBJECT_DIRECTORIES",
  "GIT_NAMESPACE",
  "GIT_PREFIX",
  "GIT_LITERAL_PATHSPECS",
  "GIT_GLOB_PATHSPECS",
  "GIT_NOGLOB_PATHSPECS",
  "GIT_ICASE_PATHSPECS",
];

/** The environment without the variables that bind git to one repository. */
export function withoutRepository(env: Readonly<Record<string, string>>): Record<string, string> {
  const variables = { ...env };
  for (const name of LOCAL_VARIABLES) delete variables[name];
  return variables;
}

/**
 * Runs git, and returns how it ended, whatever its exit status was. Where it is run without prompts, fails for want of an
 * answer, and a person can give it, it is run again with them.
 *
 * @throws {HsmError} `tool-missing`; `git-failed` where its answer has no end
 */
export async function askGit(
  context: GitContext,
  args: readonly string[],
  options: AskGitOptions,
): Promise<RunResult> {
  const { questions } = context;
  // What a transaction waits for is run but once.
  const mayAsk = isWithoutPrompts(options.env) && options.onStart === undefined;
  if (questions === undefined || !mayAsk) return await callGit(context, args, options, {});
  const silent = { ...options.env, ...questions.answers(context.env) };
  const result = await questions.beside(() =>
    callGit(context, args, { ...options, env: silent }, {})
  );
  if (result.success || !needsAnswer(result.stderr)) return result;
  return await questions.ask(context.env, async (answers) => {
    using _ = context.reporter.suspend();
    const env = { ...withPrompts(options.env), ...answers };
    const said = new Lines((line) => questions.hears(line.trimEnd()));
    const asked = await callGit(context, args, { ...options, env, detached: false }, {
      stdin: "inherit",
      // Questions are put to the terminal itself; what else is said may be what they are about.
      onStderr: (text) => context.reporter.output(said.read(text)),
    });
    context.reporter.output(said.end());
    return { ...asked, stderr: said.text };
  }, (it) => it.stderr);
}

/** A text that comes in pieces, without some of its lines. */
class Lines {
  readonly #drop: (line: string) => boolean;
  #rest = "";
  /** What has come so far, as far as it is known which lines are to stay. */
  text = "";

  constructor(drop: (line: string) => boolean) {
    this.#drop = drop;
  }

  /** What stays of a piece and what was left of the one before. */
  read(piece: string): string {
    const lines = (this.#rest + piece).split(/(?<=\n)/);
    this.#rest = lines.at(-1)?.endsWith("\n") ? "" : lines.pop() ?? "";
    const kept = lines.filter((line) => !this.#drop(line)).join("");
    this.text += kept;
    return kept;
  }

  /** What is left in the end. */
  end(): string {
    return this.#rest === "" ? "" : this.read("\n");
  }
}

async function callGit(
  context: GitContext,
  args: readonly string[],
  options: AskGitOptions,
  terminal: Pick<RunOptions, "stdin" | "onStderr">,
): Promise<RunResult> {
  const result = await run(["git", ...args], {
    cwd: options.cwd,
    env: english({ ...context.env, ...options.env, ...allowedProtocols(args) }),
    signal: context.signal,
    reporter: context.reporter,
    limit: options.limit ?? MAX_ANSWER,
    detached: options.detached ?? false,
    keepBom: options.keepBom ?? false,
    ...terminal,
    ...given({ onStart: options.onStart, grace: options.grace }),
  });
  if (!result.isCut || options.limit !== undefined) return result;
  throw new HsmError("git-failed", `Cannot ask git: its answer is longer than 64 MB`, {
    causes: [`\`${commandOf(result)}\` in ${result.cwd}`],
    hint: "run this command by hand, and look at what it says",
  });
}

/** What git's own variable allows, and what is configured for a protocol, would count for more than `protocol.allow`. */
function allowedProtocols(args: readonly string[]): Readonly<Record<string, string>> {
  return args.includes(NO_PROTOCOL) ? { GIT_ALLOW_PROTOCOL: "" } : {};
}

/**
 * What git prints on standard output.
 *
 * @param action What it was asked for, as the error names it: "Cannot <action>".
 * @throws {HsmError} `git-failed`, `tool-missing`
 */
export async function tellGit(
  context: GitContext,
  args: readonly string[],
  options: AskGitOptions & { readonly action: string },
): Promise<string> {
  const result = await askGit(context, args, options);
  if (result.success) return result.stdout;
  throw gitFailed(options.action, result);
}

/** The error that git failed, with what it said, and where to see more of it. */
export function gitFailed(action: string, result: RunResult): HsmError {
  return new HsmError("git-failed", `Cannot ${action}: git exited with code ${result.code}`, {
    causes: gitMessage(result),
    hint: `run \`${commandOf(result)}\` in ${result.cwd}, or hsm with -v, to see more of it`,
  });
}

/** What git said about its failure, a line each, secrets hidden; else what was run, and where. */
export function gitMessage(
  result: Pick<RunResult, "stderr" | "code"> & Partial<RunResult>,
): readonly string[] {
  const lines = redact(printable(result.stderr)).split("\n").map((line) => line.trim())
    .filter((line) =>
      line !== "" && !/^(?:Please make sure you have|and the repository exists)/.test(line)
    );
  return lines.length === 0 ? [silence(result)] : lines;
}

/** The sentence that git exited, and said nothing. */
export function silence(result: Pick<RunResult, "code"> & Partial<RunResult>): string {
  const where = result.cwd === undefined ? "" : ` in ${result.cwd}`;
  const what = result.argv === undefined ? "git" : `\`${commandOf(result)}\``;
  return `${what} exited with code ${result.code}${where} and said nothing`;
}

/** A call of git as a person would type it: without what only HSM needs, and not endless. */
function commandOf({ argv = [] }: Partial<RunResult>): string {
  let at = 1;
  while (argv[at]?.startsWith("-")) at += argv[at] === "-c" ? 2 : 1;
  const command = redact(["git", ...argv.slice(at)].join(" "));
  return command.length <= 200 ? command : `${command.slice(0, 200)}…`;
}
