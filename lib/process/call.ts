/**
 * How HSM calls programs for itself: it reads what they say, and so they speak English; and git, where it has a question
 * that a person can answer, is run again with the terminal to itself.
 *
 * @module
 */

import { HsmError } from "../errors.ts";
import { given } from "../given.ts";
import type { Reporter } from "../report.ts";
import { english } from "./english.ts";
import { commandOf } from "./failed_program.ts";
import { isWithoutPrompts, needsAnswer, type Questions, withPrompts } from "./questions.ts";
import { run, type RunOptions, type RunResult } from "./run.ts";

/** What programs run in. */
export interface Surroundings {
  /** Where they run that are told of no other folder. */
  readonly root: string;
  /** The environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Ends them. */
  readonly signal: AbortSignal;
  /** Is told of every call. */
  readonly reporter: Reporter;
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
      | "limit"
      | "keepBom"
      | "onStart"
      | "onStdout"
      | "onStderr"
      | "detached"
      | "grace"
    >
  > {
  /** More variables. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Its standard input. */
  readonly stdin?: RunOptions["stdin"];
  /** Whether git may ask on the terminal at once, alone. @default {false} */
  readonly asks?: boolean;
  /** What a failure keeps one from, as the error names it: "Cannot <action>". */
  readonly action?: string;
}

/** In characters; a remote that does not end has none to send. */
export const MAX_ANSWER: number = 64 * 1024 * 1024;

/** With this setting git asks no remote: not even one of a partial clone, for an object that is missing. */
export const NO_PROTOCOL = "protocol.allow=never";

/**
 * Calls a program, and returns how it ended, whatever its exit status was. Where git is called without prompts, fails for
 * want of an answer, and a person can give it, it is called again with them.
 *
 * @throws {HsmError} `tool-missing`; `git-failed` where its answer has no end
 */
export async function call(
  context: Surroundings,
  argv: readonly string[],
  options: CallOptions,
): Promise<RunResult> {
  const { questions, env, reporter } = context;
  const { asks = false, onStderr, ...quietly } = options;
  // What a transaction waits for is run but once.
  const isOnce = argv[0] !== "git" || options.onStart !== undefined;
  if (questions === undefined || isOnce || !(asks || isWithoutPrompts(options.env))) {
    return await callOnce(context, argv, options);
  }
  if (!asks) {
    const silent = { ...options, env: { ...options.env, ...questions.answers(env) } };
    const result = await questions.beside(() => callOnce(context, argv, silent));
    // Who is told as it comes asks for the next call, when it is time.
    if (result.success || onStderr !== undefined || !needsAnswer(result.stderr)) return result;
  }
  return await questions.ask(env, async (answers) => {
    using _ = reporter.suspend();
    const said = new Lines((line) => questions.hears(line.trimEnd()));
    // Questions are put to the terminal itself; what else is said may be what they are about.
    const show = onStderr ?? ((text) => reporter.output(text));
    const asked = await callOnce(context, argv, {
      ...quietly,
      env: { ...withPrompts(options.env), ...answers },
      // Who may ask on the terminal has to stay in its reach.
      detached: false,
      stdin: "inherit",
      onStderr: (text) => show(said.read(text)),
    });
    show(said.end());
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
  { root, env, signal, reporter }: Surroundings,
  argv: readonly string[],
  { action: _, asks: __, ...options }: CallOptions,
): Promise<RunResult> {
  // git's own variable, and what is configured for a protocol, would count for more than `protocol.allow`.
  const protocols = argv.includes(NO_PROTOCOL) ? { GIT_ALLOW_PROTOCOL: "" } : {};
  const result = await run(argv, {
    cwd: root,
    signal,
    reporter,
    ...given(options),
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
