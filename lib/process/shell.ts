/**
 * The `$` that tasks and scripts run programs with: dax, with HSM's own way of starting them beneath it.
 *
 * @module
 */

import type { $Type, CommandBuilder, CommandContext, CommandHandler } from "dax";
import { HsmError } from "../errors.ts";
import type { Surroundings } from "./call.ts";
import { completeLength } from "../text/printable.ts";
import { failedCommand, type FailedProgram } from "./failed_program.ts";
import { markPrograms } from "./first_words.ts";
import type { run } from "./run.ts";

/**
 * dax's `$`.
 *
 * @example
 * ```ts
 * import { openWorkspace, type Shell } from "@hsm/hsm";
 *
 * const headOf = async ($: Shell, folder: string) =>
 *   await $`git -C ${folder} rev-parse HEAD`.text();
 * await using workspace = await openWorkspace({ readonly: true });
 * console.log(await headOf(await workspace.shell(), "."));
 * ```
 */
export type Shell = $Type;

/** Starts a program; what it captures is what the program has said. */
export type Start = typeof run;

/** The word before each program's name in what dax is given. */
const MARK = "hsm-run";

/**
 * Makes dax's `$`, HSM's own as well as a script's. Arguments are escaped; what programs print is told as it
 * comes, unless a command captures it or says otherwise. The signal ends commands: they reject with its reason once they
 * have ended.
 *
 * Programs start through {@linkcode run} and not through dax's own spawning, which (0.49) takes a program that somebody
 * else's signal ended, such as the kernel's out-of-memory killer, for one that succeeded. dax has no hook for that: before
 * each word that names a program, by whatever means, stands the name of one command, and that command starts it.
 */
export async function createShell(context: Surroundings, start: Start): Promise<Shell> {
  const { root, env, signal, tell } = context;
  const { build$, CommandBuilder, KillController } = await import("dax");
  const ending = new KillController();
  signal.addEventListener("abort", () => ending.kill("SIGTERM"), { once: true });
  const commandBuilder = new CommandBuilder().cwd(root).clearEnv().env(env)
    .stdin("null").stdout("piped").stderr("piped").signal(ending.signal)
    // What is shown is not captured, and yet an error holds the end of it.
    .errorTail({ combined: true, maxBytes: 32_768 });
  commandBuilder.setPrintCommandLogger(
    printing((text) => tell({ kind: "output", text: `> ${text}\n` })),
  );
  const isBuilder = (it: unknown): it is CommandBuilder => it instanceof CommandBuilder;
  return told(build$({ commandBuilder }), { context, start, isBuilder, own: new Map() });
}

/** What `printCommand()` logs with, given the command as the script has it. */
function printing(log: (text: string) => void): (text: string) => void {
  return (text) => log(unmarked(text));
}

const unmarked = (text: string) => text.replaceAll(`${MARK} `, "");

interface Telling {
  readonly context: Surroundings;
  readonly start: Start;
  readonly isBuilder: (it: unknown) => it is CommandBuilder;
  /** The commands that the script has registered. */
  readonly own: Map<string, CommandHandler>;
}

type Template = (strings: TemplateStringsArray, ...values: never[]) => CommandBuilder;

/** A `$` whose commands are shown, and so are those of its children. */
function told($: Shell, telling: Telling): Shell {
  const template = (tag: Template): Template => (strings, ...values) =>
    shown(
      tag(markPrograms(strings, values, MARK) as unknown as TemplateStringsArray, ...values),
      textOf(strings, values),
      { stdout: true, stderr: true },
      telling,
    );
  const rawTemplate: Template = (strings, ...values) =>
    template($.raw as Template)(...(withoutTexts(strings, values) as Parameters<Template>));
  return new Proxy($, {
    apply: (target, _, [strings, ...values]) =>
      template(target as Template)(strings, ...values as never[]),
    get(target, key) {
      if (key === "raw") return rawTemplate;
      if (key === "build$") return (how: BuildOptions = {}) => child(target, how, telling);
      return Reflect.get(target, key);
    },
  });
}

type BuildOptions = NonNullable<Parameters<Shell["build$"]>[0]>;

/** A `$` made of another one; the commands that it registers are its own. */
function child($: Shell, how: BuildOptions, telling: Telling): Shell {
  const inner = { ...telling, own: new Map(telling.own) };
  const { commandBuilder } = how;
  if (typeof commandBuilder !== "function") return told($.build$(how) as Shell, inner);
  const watched = (it: CommandBuilder) =>
    commandBuilder(shown(it, "", { stdout: false, stderr: false }, inner));
  return told($.build$({ ...how, commandBuilder: watched }) as Shell, inner);
}

/** A raw template whose values that are text are part of it. */
function withoutTexts(strings: readonly string[], values: readonly unknown[]): unknown[] {
  const texts = [strings[0] ?? ""];
  const others: unknown[] = [];
  for (const [index, value] of values.entries()) {
    const after = strings[index + 1] ?? "";
    if (typeof value === "string" || typeof value === "number" || Array.isArray(value)) {
      texts.push(texts.pop() + [value].flat().join(" ") + after);
    } else {
      others.push(value);
      texts.push(after);
    }
  }
  return [texts, ...others];
}

/** The text of a command, to name it in an error. */
function textOf(strings: readonly string[], values: readonly unknown[]): string {
  return strings.map((text, at) => text + (at < values.length ? [values[at]].flat().join(" ") : ""))
    .join("");
}

type Streams = Readonly<Record<"stdout" | "stderr", boolean>>;

/** What captures a stream: the one that its argument names, or this. */
const CAPTURES: Readonly<Record<string, string>> = {
  stdout: "stdout",
  stderr: "stderr",
  captureCombined: "combined",
  quiet: "combined",
  text: "stdout",
  json: "stdout",
  bytes: "stdout",
  lines: "stdout",
  linesIter: "stdout",
};

/** What starts a command. */
const STARTS = ["then", "spawn", "code", "text", "json", "bytes", "lines", "linesIter"];

/** A command that shows, once it is started, those of its streams that nothing has captured until then. */
function shown(
  builder: CommandBuilder,
  text: string,
  streams: Streams,
  telling: Telling,
): CommandBuilder {
  return new Proxy(builder, {
    get(target, key) {
      const value = Reflect.get(target, key, target);
      if (typeof value !== "function") return value;
      // By a symbol dax itself asks, for a builder of its own.
      if (typeof key === "symbol") return value.bind(target);
      return (...args: unknown[]) => {
        if (key === "registerCommand") {
          telling.own.set(args[0] as string, args[1] as CommandHandler);
        }
        if (key === "setPrintCommandLogger") args[0] = printing(args[0] as typeof console.log);
        const after = left(streams, key, args);
        if (STARTS.includes(key)) return start(target, text, after, telling, key, args);
        const result = value.apply(target, args);
        return telling.isBuilder(result) ? shown(result, text, after, telling) : result;
      };
    },
  });
}

function left(streams: Streams, method: string, args: readonly unknown[]): Streams {
  const captured = CAPTURES[method];
  if (captured === undefined) return streams;
  const isNamed = method !== "stdout" && method !== "stderr" && typeof args[0] === "string";
  const stream = isNamed ? args[0] : captured;
  const isBoth = stream === "combined" || stream === "both";
  return {
    stdout: streams.stdout && !isBoth && stream !== "stdout",
    stderr: streams.stderr && !isBoth && stream !== "stderr",
  };
}

function start(
  builder: CommandBuilder,
  text: string,
  streams: Streams,
  telling: Telling,
  method: string,
  args: readonly unknown[],
): unknown {
  let failed: FailedProgram | undefined;
  let command = builder.registerCommand(MARK, handler(telling, (it) => failed = it));
  const { root, signal, tell } = telling.context;
  for (const name of ["stdout", "stderr"] as const) {
    if (!streams[name]) continue;
    command = command[name]({ writeSync: showing((text) => tell({ kind: "output", text })) });
  }
  const explain = (error: unknown): never => {
    signal.throwIfAborted();
    // That is how dax tells what it cannot read.
    if (typeof error === "string") {
      throw new HsmError("command-failed", `Cannot run \`${text.trim()}\`: dax does not read it`, {
        causes: [`${unmarked(error)}\n`],
      });
    }
    throw failedCommand(error, { text, folder: root, failed });
  };
  const begin = () =>
    // deno-lint-ignore no-explicit-any
    method === "then" ? Promise.resolve(command) : (command as any)[method](...args);
  const started = begin();
  if (method === "then") return started.catch(explain).then(...args as []);
  if (method === "linesIter") return explained(started, explain);
  if (method !== "spawn") return (started as Promise<unknown>).catch(explain);
  return Object.defineProperty(started, "then", {
    value: (...reactions: []) =>
      Promise.prototype.then.call(started, undefined, explain).then(...reactions),
  });
}

async function* explained<T>(lines: AsyncIterable<T>, explain: (error: unknown) => never) {
  try {
    yield* lines;
  } catch (error) {
    explain(error);
  }
}

/** Shows bytes as text, and no escape sequence cut in two. */
function showing(show: (text: string) => void): (bytes: Uint8Array) => number {
  const decoder = new TextDecoder();
  let rest = "";
  return (bytes) => {
    const piece = rest + decoder.decode(bytes, { stream: true });
    const length = completeLength(piece);
    if (length > 0) show(piece.slice(0, length));
    rest = piece.slice(length);
    return bytes.length;
  };
}

/** The command that starts the program whose name is its first argument. */
function handler(
  { context: { signal, tell }, start, own }: Telling,
  onFailure: (failed: FailedProgram) => void,
): CommandHandler {
  return async (context: CommandContext) => {
    const { stdin, stdout, stderr, cwd, env } = context;
    const argv = [...context.args];
    const registered = own.get(argv[0] ?? "");
    if (registered !== undefined) {
      context.args.shift();
      return await registered(context);
    }
    const shares = [stdin, stdout.kind, stderr.kind].includes("inherit");
    using _ = shares ? tell.begin({ work: "terminal" }) : undefined;
    using killed = whenKilled(context);
    try {
      const result = await start(argv, {
        cwd,
        env,
        stdin: typeof stdin === "string" ? stdin : streamOf(stdin),
        stdout: stdout.kind === "inherit" ? "inherit" : (bytes) => stdout.writeAll(bytes),
        stderr: stderr.kind === "inherit" ? "inherit" : (bytes) => stderr.writeAll(bytes),
        signal: AbortSignal.any([signal, killed.signal]),
      });
      for (const [writer, text] of [[stdout, result.stdout], [stderr, result.stderr]] as const) {
        if (text !== "") await writer.writeAll(new TextEncoder().encode(text));
      }
      if (!result.success) onFailure({ argv, cwd, code: result.code });
      return { code: result.code };
    } catch (error) {
      if (!signal.aborted && killed.signal.aborted) {
        return { code: context.signal.abortedExitCode ?? 124 };
      }
      if (!(error instanceof HsmError) || error.code !== "tool-missing") throw error;
      // A command may have an answer to it, as in `a || b`.
      onFailure({ argv, cwd, code: 127, error });
      return await context.error(127, error.message);
    }
  };
}

/** Aborted when dax wants a command ended, for its `timeout()` or `kill()`. */
function whenKilled({ signal }: CommandContext): Disposable & { readonly signal: AbortSignal } {
  const ending = new AbortController();
  const listen = () => void (signal.aborted && ending.abort());
  signal.addListener(listen);
  listen();
  return { signal: ending.signal, [Symbol.dispose]: () => signal.removeListener(listen) };
}

function streamOf(reader: Exclude<CommandContext["stdin"], string>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const buffer = new Uint8Array(16_384);
      const length = await reader.read(buffer);
      if (length === null || length === 0) return controller.close();
      controller.enqueue(buffer.slice(0, length));
    },
  });
}
