/**
 * How HSM calls programs for itself: it reads what they say, and so they speak English; and git, where it has a question
 * that a person can answer, is run again with the terminal to itself.
 *
 * @module
 */

import { HsmError } from "../errors.ts";
import { given } from "../given.ts";
import type { Tell } from "../events/tell.ts";
import { english } from "./english.ts";
import { commandOf } from "./failed_program.ts";
import { lazy } from "./once.ts";
import { needsAnswer, NO_PROMPTS, type Questions } from "./questions.ts";
import { run, type RunOptions, type RunResult } from "./run.ts";

/** What programs run in. */
export interface Surroundings {
  /** Where they run that are told of no other folder. */
  readonly root: string;
  /** The environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Ends them. */
  readonly signal: AbortSignal;
  /** Tells what happens, every call included. */
  readonly tell: Tell;
  /** Whose turn it is on the terminal; undefined where nobody can answer. */
  readonly questions?: Questions | undefined;
}

/** How a program is called. */
export interface CallOptions extends
  Partial<
    Pick<
      RunOptions,
      | "cwd"
      | "signal"
      | "stdout"
      | "stderr"
      | "limit"
      | "keepBom"
      | "onStart"
      | "onStdout"
      | "detached"
      | "grace"
    >
  > {
  /** More variables. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Its standard input. */
  readonly stdin?: RunOptions["stdin"];
  /** Called with each piece of standard error; `isAsking`: of a git that has the terminal to itself. */
  readonly onStderr?: (text: string, isAsking: boolean) => void;
  /** Whether git may ask a remote. Default: where {@linkcode REMOTE_ALLOWED} is one of its settings. */
  readonly isRemote?: boolean;
  /** What a failure keeps one from, as the error names it: "Cannot <action>". */
  readonly action?: string;
}

/** In characters; a remote that does not end has none to send. */
export const MAX_ANSWER: number = 64 * 1024 * 1024;

/** With this setting git asks no remote: not even one of a partial clone, for an object that is missing. */
export const NO_PROTOCOL = "protocol.allow=never";

/** With this setting git may ask a remote, and runs no program of the address' own choice for it. */
export const REMOTE_ALLOWED = "protocol.ext.allow=never";

/** Calls a program, and returns how it ended, whatever its exit status was. */
export type Call = (argv: readonly string[], options: CallOptions) => Promise<RunResult>;

/**
 * Makes what calls programs. A git that asks a remote asks nobody at the terminal; where it fails for want of an answer,
 * and a person can give it, it is called again with its questions.
 *
 * What it makes throws `tool-missing`, and `git-failed` where an answer has no end.
 */
export function createCall(context: Surroundings): Call {
  const prompts = lazy(() => withoutPrompts(context));
  return async (argv, options) => {
    const isRemote = options.isRemote ?? argv.includes(REMOTE_ALLOWED);
    if (argv[0] !== "git" || !isRemote) return await callOnce(context, argv, options);
    const silent = { ...options, env: { ...await prompts(), ...options.env } };
    const { questions, env } = context;
    // What a transaction waits for is run but once.
    if (questions === undefined || options.onStart !== undefined) {
      return await callOnce(context, argv, silent);
    }
    const result = await questions.beside(() =>
      callOnce(context, argv, { ...silent, env: { ...silent.env, ...questions.answers(env) } })
    );
    if (result.success || !needsAnswer(result.stderr)) return result;
    return await callAsking({ ...context, questions }, argv, options);
  };
}

/** The variables with which git and ssh fail at once where they would ask. */
async function withoutPrompts(context: Surroundings): Promise<Record<string, string>> {
  const { env } = context;
  if (env["GIT_SSH"] !== undefined) return NO_PROMPTS;
  const ssh = env["GIT_SSH_COMMAND"] ||
    (await callOnce(context, ["git", "config", "core.sshCommand"], {})).stdout.trimEnd() || "ssh";
  return { ...NO_PROMPTS, GIT_SSH_COMMAND: `${ssh} -o BatchMode=yes` };
}

/** Calls git with the terminal to itself. */
async function callAsking(
  context: Surroundings & { readonly questions: Questions },
  argv: readonly string[],
  options: CallOptions,
): Promise<RunResult> {
  const { questions, env, tell } = context;
  return await questions.ask(env, async (answers) => {
    using _ = tell.begin({ work: "terminal" });
    const said = new Lines((line) => questions.hears(line.trimEnd()));
    // Questions are put to the terminal itself; what else is said may be what they are about.
    const show = options.onStderr ?? ((text: string) => tell({ kind: "output", text }));
    const asked = await callOnce(context, argv, {
      ...options,
      env: { ...options.env, ...answers },
      // Who may ask on the terminal has to stay in its reach.
      detached: false,
      stdin: "inherit",
      onStderr: (text) => show(said.read(text), true),
    });
    show(said.end(), true);
    return { ...asked, stderr: said.text };
  });
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
    const lines = (this.#rest + piece).split(/(?<=[\r\n])/);
    this.#rest = /[\r\n]$/.test(lines.at(-1) ?? "") ? "" : lines.pop() ?? "";
    const kept = lines.filter((line) => !this.#drop(line)).join("");
    this.text += kept;
    return kept;
  }

  /** What is left in the end. */
  end(): string {
    return this.#rest === "" ? "" : this.read("\n");
  }
}

async function callOnce(
  { root, env, signal, tell }: Surroundings,
  argv: readonly string[],
  { action: _, isRemote: _1, stdout: _2, stderr: _3, onStderr, ...options }: CallOptions,
): Promise<RunResult> {
  // HSM reads all that is said, also where it goes on to another program.
  // git's own variable, and what is configured for a protocol, would count for more than `protocol.allow`.
  const protocols: Readonly<Record<string, string>> = argv.includes(NO_PROTOCOL)
    ? { GIT_ALLOW_PROTOCOL: "" }
    : {};
  const result = await run(argv, {
    cwd: root,
    signal,
    tell,
    ...given(options),
    ...(onStderr && { onStderr: (text: string) => onStderr(text, false) }),
    limit: options.limit ?? MAX_ANSWER,
    env: english({ ...env, ...options.env, ...protocols }),
  });
  if (!result.isCut || options.limit !== undefined) return result;
  const [program = ""] = argv;
  const state = "its answer is longer than 64 MB";
  throw new HsmError(
    program === "git" ? "git-failed" : "command-failed",
    `Cannot ask ${program}: ${state}`,
    {
      causes: [`\`${commandOf(result)}\` in ${result.cwd}`],
      hint: "run this command by hand, and look at what it says",
    },
  );
}
