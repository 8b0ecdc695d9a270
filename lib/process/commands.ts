/**
 * The one `$` that programs are run with, HSM's own and those of scripts.
 *
 * @module
 */

import { given } from "../given.ts";
import { type Call, type CallOptions, createCall, type Surroundings } from "./call.ts";
import { failedProgram } from "./failed_program.ts";
import { lazy } from "./once.ts";
import type { RunResult } from "./run.ts";
import type { Shell } from "./shell.ts";
import { type Value, wordsOf } from "./words.ts";

/**
 * Runs programs: `` await $`git ls-remote -- ${url}`.text() ``. Values are words of their own, whatever is in them.
 *
 * What is said is captured and not shown. The language is dax's, and dax reads each command that is more than a program and
 * its words; those go to the program at once, for dax takes longer to load than most of them run (docs/architecture.md).
 */
export interface Commands {
  (texts: TemplateStringsArray, ...values: readonly Value[]): Command;
  /** The same, with programs called in another way. */
  with(options: CallOptions): Commands;
  /** All of dax's `$` in place of this part of it, loaded; what no command captures is told. */
  shell(): Promise<Shell>;
}

/** Makes a `$`. */
export function createCommands(
  context: Surroundings,
  options: CallOptions = {},
  call: Call = createCall(context),
): Commands {
  const shell = lazy(async () => {
    const { createShell } = await import("./shell.ts");
    return await createShell(context, (argv, it) => call(argv, merged(options, given(it))));
  });
  const $ = (texts: TemplateStringsArray, ...values: readonly Value[]) =>
    new Command({ root: context.root, call, shell, texts, values, options, throws: true });
  return Object.assign($, {
    with: (more: CallOptions) => createCommands(context, merged(options, more), call),
    shell,
  });
}

function merged(options: CallOptions, more: CallOptions): CallOptions {
  return { ...options, ...more, env: { ...options.env, ...more.env } };
}

interface Parts {
  readonly root: string;
  readonly call: Call;
  readonly shell: () => Promise<Shell>;
  readonly texts: TemplateStringsArray;
  readonly values: readonly Value[];
  readonly options: CallOptions;
  readonly throws: boolean;
  readonly stdin?: string;
}

/** A command of {@linkcode Commands}; it is run when it is awaited. Its methods are dax's. */
export class Command implements PromiseLike<RunResult> {
  readonly #parts: Parts;

  /** Use `$`. */
  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** In this folder, absolute. */
  cwd(folder: string): Command {
    return this.#with({ options: merged(this.#parts.options, { cwd: folder }) });
  }

  /** With one more variable, or with several. */
  env(variables: Readonly<Record<string, string>> | undefined): Command;
  env(name: string, value: string): Command;
  env(name: Readonly<Record<string, string>> | string | undefined, value = ""): Command {
    const env = typeof name === "string" ? { [name]: value } : name;
    return this.#with({ options: merged(this.#parts.options, { env }) });
  }

  /** As in a script; what is said here is never shown. */
  quiet(): Command {
    return this;
  }

  /** A failure is no error. */
  noThrow(): Command {
    return this.#with({ throws: false });
  }

  /** With this text for its standard input. */
  stdinText(text: string): Command {
    return this.#with({ stdin: text });
  }

  /** What it prints, without the last end of a line. */
  async text(): Promise<string> {
    return (await this.#run()).stdout.replace(/\r?\n$/, "");
  }

  /** The lines that it prints. */
  async lines(): Promise<readonly string[]> {
    const { stdout } = await this.#run();
    return stdout === "" ? [] : stdout.replace(/\r?\n$/, "").split(/\r?\n/);
  }

  /** The JSON that it prints. */
  async json<T = unknown>(): Promise<T> {
    return JSON.parse(await this.text());
  }

  /** Its exit status, be it a failure or not. */
  async code(): Promise<number> {
    return (await this.noThrow()).code;
  }

  /** Whether it succeeds. */
  async succeeds(): Promise<boolean> {
    return await this.code() === 0;
  }

  /** Runs it at once, and not when it is awaited. */
  spawn(): Promise<RunResult> {
    return this.#run();
  }

  /** Runs it. */
  then<A = RunResult, B = never>(
    onDone?: ((result: RunResult) => A | PromiseLike<A>) | null,
    onError?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#run().then(onDone, onError);
  }

  #with(more: Partial<Parts>): Command {
    return new Command({ ...this.#parts, ...more });
  }

  async #run(): Promise<RunResult> {
    const { texts, values, call, options, throws, stdin } = this.#parts;
    const argv = wordsOf(texts, values);
    const result = argv === undefined ? await this.#byDax() : await call(argv, {
      ...options,
      ...stdin === undefined ? {} : { stdin: streamOf(stdin) },
    });
    if (!result.success && throws) throw failedProgram(result, options.action);
    return result;
  }

  async #byDax(): Promise<RunResult> {
    const { texts, values, root, options, shell, stdin } = this.#parts;
    const $ = await shell();
    const cwd = options.cwd ?? root;
    const command = $(texts, ...values as string[]).cwd(cwd).env({ ...options.env });
    const { code, stdout, stderr } =
      await (stdin === undefined ? command : command.stdinText(stdin)).quiet().noThrow();
    const argv = [String.raw({ raw: texts }, ...values.map((it) => [it].flat().join(" ")))];
    return { argv, cwd, code, success: code === 0, stdout, stderr, isCut: false };
  }
}

function streamOf(text: string): ReadableStream<Uint8Array> {
  return new Blob([text]).stream();
}
