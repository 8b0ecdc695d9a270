/**
 * The `$` that tasks and scripts run programs with: dax, with HSM's own way of starting them beneath it.
 *
 * @module
 */

import type { $Type, CommandContext, CommandHandler } from "dax";
import { run } from "./run.ts";

/** dax's `$`. */
export type Shell = $Type;

/** Runs a program, given what its process id is to be told to. */
export type Around = <T>(
  name: string,
  run: (onStart: (pid: number) => void) => Promise<T>,
) => Promise<T>;

/** What a {@linkcode createShell} shell runs in. */
export interface ShellOptions {
  /** The folder that commands run in. */
  readonly cwd: string;
  /** The environment of commands. */
  readonly env: Readonly<Record<string, string>>;
  /** Ends running commands; they reject with its reason once they have ended. */
  readonly signal: AbortSignal;
  /** Names that stand for a program elsewhere, such as `uv` for the one that was found. */
  readonly programs: Readonly<Record<string, string>>;
  /** Called in place of each start of a program, to do something around it. */
  readonly around?: Around;
  /** Called after each command with what was run and how many milliseconds it took. */
  readonly onCommand?: (argv: readonly string[], milliseconds: number) => void;
  /** Called before a program starts that writes to HSM's own terminal; what it returns is disposed of afterwards. */
  readonly shareTerminal?: () => Disposable;
}

/**
 * Makes a shell. Arguments are escaped; output is captured unless a command says otherwise.
 *
 * The programs named start through {@linkcode run} and not through dax's own spawning, which (0.49) takes
 * a program that somebody else's signal ended, such as the kernel's out-of-memory killer, for one that succeeded.
 */
export async function createShell(options: ShellOptions): Promise<Shell> {
  const { build$, CommandBuilder } = await import("dax");
  let commandBuilder = new CommandBuilder().cwd(options.cwd).clearEnv().env(options.env)
    .stdin("null").stdout("piped").stderr("piped");
  for (const [name, program] of Object.entries(options.programs)) {
    commandBuilder = commandBuilder.registerCommand(name, handler(name, program, options));
  }
  return build$({ commandBuilder });
}

function handler(name: string, program: string, options: ShellOptions): CommandHandler {
  return async (context: CommandContext) => {
    const argv = [program, ...context.args];
    if (context.stdin !== "inherit" && context.stdin !== "null") {
      return context.error(`Cannot run ${program}: its input cannot be piped`);
    }
    const started = performance.now();
    const stdin = context.stdin;
    const shares = [context.stdin, context.stdout.kind, context.stderr.kind].includes("inherit");
    using _ = shares ? options.shareTerminal?.() : undefined;
    const around: Around = options.around ?? ((_, run) => run(() => {}));
    const result = await around(name, (onStart) =>
      run(argv, {
        cwd: context.cwd,
        env: context.env,
        stdin,
        stdout: context.stdout.kind === "inherit" ? "inherit" : "capture",
        stderr: context.stderr.kind === "inherit" ? "inherit" : "capture",
        onStdout: (text) => void context.stdout.writeText(text),
        onStderr: (text) => void context.stderr.writeText(text),
        onStart,
        signal: options.signal,
      }));
    options.onCommand?.(argv, performance.now() - started);
    return { code: result.code };
  };
}
