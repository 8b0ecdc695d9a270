/**
 * The one way in which HSM starts a program: an argument vector, never a string through a shell.
 *
 * A program that a signal ended counts as failed, and an abort waits for the program's end before it
 * is reported, so that nothing it still writes can come after a rollback.
 *
 * @module
 */

import { HsmError } from "../errors.ts";
import { programToStart } from "../platform/program.ts";
import { SYSTEM } from "../platform/system.ts";
import { isMissing } from "../files/read_file.ts";
import type { Tell } from "../events/tell.ts";
import { ioError } from "../files/system_error.ts";
import { completeLength } from "../text/printable.ts";
import { endOnAbort } from "./end.ts";
import { hintOfMissing } from "./missing.ts";

/** What to do with a program's output; a function gets it as it comes, and is waited for. */
export type Output = "inherit" | "capture" | "discard" | ((bytes: Uint8Array) => unknown);

/** How {@linkcode run} starts a program. */
export interface RunOptions {
  /** The folder it runs in. */
  readonly cwd: string;
  /** Its whole environment; default: HSM's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** What it reads. @default {"null"} */
  readonly stdin?: "inherit" | "null" | ReadableStream<Uint8Array>;
  /** What becomes of its standard output. @default {"capture"} */
  readonly stdout?: Output;
  /** What becomes of its standard error. @default {"capture"} */
  readonly stderr?: Output;
  /** The most that is captured of each stream, in characters: a program that says more is ended. @default {Infinity} */
  readonly limit?: number;
  /** Whether a byte order mark stays in what is captured. @default {false} */
  readonly keepBom?: boolean;
  /** Called with each piece of captured standard output; no escape sequence is cut in two. */
  readonly onStdout?: (text: string) => void;
  /** Called with each piece of captured standard error, likewise. */
  readonly onStderr?: (text: string) => void;
  /** Is told of it once it has ended. */
  readonly tell?: Tell;
  /** Called once the program runs. */
  readonly onStart?: (pid: number) => void;
  /** Ends the program: with the signal that the reason names, else with SIGTERM. */
  readonly signal?: AbortSignal;
  /**
   * In a session of its own, where the system has them: it has no terminal, Ctrl-C reaches it by way of HSM alone, and it
   * is ended together with the programs that it has started itself. @default {false}
   */
  readonly detached?: boolean;
  /**
   * How many milliseconds the program has to end after that before it is killed; after a third of them it is sent SIGTERM.
   * @default {10000}
   */
  readonly grace?: number;
}

/** How a program ended. */
export interface RunResult {
  /** What was run. */
  readonly argv: readonly string[];
  /** The folder it ran in. */
  readonly cwd: string;
  /** Its exit status; 128+n where signal n ended it. */
  readonly code: number;
  /** Whether it exited by itself, with 0. */
  readonly success: boolean;
  /** Its captured standard output. */
  readonly stdout: string;
  /** Its captured standard error. */
  readonly stderr: string;
  /** Whether it was ended because it said more than was to be captured; what it had said by then is there. */
  readonly isCut: boolean;
}

/**
 * Runs a program to its end, as HSM runs its own: an argument vector, never a string through a shell.
 *
 * @example
 * ```ts
 * import { runProgram } from "@hsm/hsm/adapter";
 * import { assertMatch } from "@std/assert";
 *
 * const { success, stdout } = await runProgram(["git", "--version"], { cwd: "." });
 * if (success) assertMatch(stdout, /^git version /);
 * ```
 *
 * @param argv The program, by path or by a name on PATH, and its arguments.
 * @param options Where and how.
 * @returns How it ended, whatever its exit status was, with what it said.
 * @throws {HsmError} `tool-missing` where there is no such program
 * @throws The reason of `options.signal`, once the program has ended.
 */
export async function run(argv: readonly string[], options: RunOptions): Promise<RunResult> {
  const [program = "", ...args] = argv;
  options.signal?.throwIfAborted();
  const started = performance.now();
  const child = spawn(program, args, options);
  options.onStart?.(child.pid);
  using ending = endOnAbort(child, {
    signal: options.signal,
    group: hasGroup(options),
    grace: options.grace ?? 10_000,
  });
  const limit = options.limit ?? Infinity;
  let isCut = false;
  const cut = () => {
    isCut = true;
    ending.send("SIGTERM");
  };
  const read = (name: "stdout" | "stderr", onText: RunOptions["onStdout"]) => {
    const output = options[name] ?? "capture";
    if (stdio(output) !== "piped") return "";
    const sink = typeof output === "function" ? output : undefined;
    const keepBom = options.keepBom ?? false;
    return collect(child[name], child.status, { limit, cut, keepBom, onText, sink });
  };
  const output = Promise.all([read("stdout", options.onStdout), read("stderr", options.onStderr)]);
  if (typeof options.stdin === "object") feed(child, options.stdin);
  const status = await child.status;
  const [out, err] = await output;
  await ending.others();
  options.tell?.({
    kind: "ran",
    argv,
    folder: options.cwd,
    milliseconds: Math.round(performance.now() - started),
    exitCode: status.code,
  });
  const { signal } = options;
  if (!isCut && signal?.aborted === false) {
    await waitForAbort(signal, timeOfSignal(program, status));
  }
  signal?.throwIfAborted();
  return {
    argv: [...argv],
    cwd: options.cwd,
    code: status.code,
    success: status.success && !isCut,
    stdout: out,
    stderr: err,
    isCut,
  };
}

/**
 * How many milliseconds after the end of a program the signal that ended it may still be on its way to HSM: a terminal's
 * Ctrl-C reaches both, and a program ends by it as such, or fails because one that it has started did. git, which answers by
 * failing, always ends as such.
 */
function timeOfSignal(program: string, { success, signal, code }: Deno.CommandStatus): number {
  if (signal === "SIGINT" || signal === "SIGQUIT" || signal === "SIGTERM" || signal === "SIGHUP") {
    return 200;
  }
  if ([129, 130, 131, 143].includes(code)) return 200;
  return success || program === "git" ? 0 : 50;
}

async function waitForAbort(signal: AbortSignal, milliseconds: number): Promise<void> {
  if (milliseconds === 0) return;
  const late = Promise.withResolvers<void>();
  const resolve = () => late.resolve();
  const timer = setTimeout(resolve, milliseconds);
  signal.addEventListener("abort", resolve);
  await late.promise;
  clearTimeout(timer);
  signal.removeEventListener("abort", resolve);
}

/** Gives a program its input; one that ends before it has read all of it does not mind. */
function feed(child: Deno.ChildProcess, input: ReadableStream<Uint8Array>): void {
  const ended = new AbortController();
  child.status.finally(() => ended.abort());
  input.pipeTo(child.stdin, { signal: ended.signal }).catch(() => {});
}

function stdio(output: Output): "inherit" | "piped" | "null" {
  if (output === "inherit") return output;
  return output === "discard" ? "null" : "piped";
}

function spawn(program: string, args: string[], options: RunOptions): Deno.ChildProcess {
  try {
    const { cwd, env } = options;
    // Of a hundred programs each would take its whole environment along, and only Windows has endings.
    const start = SYSTEM === "windows"
      ? programToStart(program, { cwd, env: env ?? Deno.env.toObject() })
      : program;
    return new Deno.Command(start, {
      args,
      cwd: options.cwd,
      ...(options.env === undefined ? {} : { env: { ...options.env }, clearEnv: true }),
      stdin: typeof options.stdin === "object" ? "piped" : options.stdin ?? "null",
      detached: hasGroup(options),
      stdout: stdio(options.stdout ?? "capture"),
      stderr: stdio(options.stderr ?? "capture"),
    }).spawn();
  } catch (error) {
    refuseFolder(program, options.cwd);
    const missing = (state: string, hint: string) =>
      new HsmError("tool-missing", `Cannot run ${program}: ${state}`, { hint, cause: error });
    if (error instanceof Deno.errors.NotFound) {
      throw missing("there is no such program", hintOfMissing(program, options));
    }
    if (error instanceof Deno.errors.NotCapable) {
      throw missing("permission denied", `allow Deno to run it: \`--allow-run=${program}\``);
    }
    if (error instanceof Deno.errors.PermissionDenied) {
      throw missing("permission denied", "make the file executable: `chmod +x`");
    }
    throw error;
  }
}

/** A folder that is missing, or cannot be entered, is not the program's fault. */
function refuseFolder(program: string, folder: string): void {
  const look = (path: string): unknown => {
    try {
      Deno.lstatSync(path);
      return undefined;
    } catch (error) {
      return error;
    }
  };
  // Whether it can be entered is told by what is in it, be it there or not.
  const inside = look(`${folder}/.git`);
  const error = look(folder) ?? (isMissing(inside) ? undefined : inside);
  if (error !== undefined) throw ioError(`run ${program} in ${folder}`, folder, error);
}

function hasGroup({ detached = false }: RunOptions): boolean {
  return detached && SYSTEM !== "windows";
}

/** How long after a program's end its output is still read: a daemon it left behind may hold the pipe open. */
const DRAIN_MS = 1_000;

interface Collecting {
  readonly limit: number;
  /** Called when there is more than that. */
  readonly cut: () => void;
  readonly onText: ((text: string) => void) | undefined;
  readonly keepBom: boolean;
  /** Gets the bytes in place of the text. */
  readonly sink: ((bytes: Uint8Array) => unknown) | undefined;
}

async function collect(
  stream: ReadableStream<Uint8Array>,
  ended: Promise<unknown>,
  { limit, cut, onText, keepBom, sink }: Collecting,
): Promise<string> {
  // A stream that decodes costs more than all else here when a hundred programs run.
  const decoder = new TextDecoder("utf-8", { ignoreBOM: keepBom });
  const reader = stream.getReader();
  let drained: ReturnType<typeof setTimeout> | undefined;
  let isRead = false;
  ended.then(() => {
    if (!isRead) drained = setTimeout(() => reader.cancel().catch(() => {}), DRAIN_MS);
  });
  let text = "";
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (sink !== undefined) {
        if (done) return "";
        await sink(value);
        continue;
      }
      const came = decoder.decode(value, { stream: !done });
      text += came;
      if (onText !== undefined) {
        const piece = rest + came;
        const length = done ? piece.length : completeLength(piece);
        if (length > 0) onText(piece.slice(0, length));
        rest = piece.slice(length);
      }
      if (done) return text;
      if (text.length <= limit) continue;
      cut();
      // Whoever still writes is told by the pipe.
      await reader.cancel().catch(() => {});
      return text;
    }
  } finally {
    isRead = true;
    clearTimeout(drained);
  }
}
