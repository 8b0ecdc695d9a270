/**
 * A program in HSM's place: what HSM has of a terminal, or of pipes, is the program's.
 *
 * @module
 */

import type { Tell } from "../events/tell.ts";
import { leaveInterrupts } from "./signals.ts";
import { run, type RunOptions, type RunResult } from "./run.ts";

/** What {@linkcode handOver} needs. */
export interface HandOverOptions extends Pick<RunOptions, "cwd" | "env"> {
  /** Ends the program; Ctrl-C on a terminal does not come this way. */
  readonly signal: AbortSignal;
  /** Draws nothing meanwhile, and is told of the program. */
  readonly tell: Tell;
}

/**
 * Runs a program with HSM's own standard input, output and error. On a terminal it has all of it: Ctrl-C is for it to
 * heed, as an editor does not, and HSM waits for it.
 *
 * @throws {HsmError} `tool-missing`; the reason of `options.signal`, once the program has ended
 */
export async function handOver(
  argv: readonly string[],
  { cwd, env, signal, tell }: HandOverOptions,
): Promise<RunResult> {
  const terminal = [Deno.stdin, Deno.stdout, Deno.stderr].some((it) => it.isTerminal());
  using _ = tell.begin({ work: "terminal" });
  using _interrupts = terminal ? leaveInterrupts() : undefined;
  return await run(argv, {
    cwd,
    ...(env === undefined ? {} : { env }),
    signal,
    tell,
    stdin: "inherit",
    stdout: "inherit",
    stderr: "inherit",
    // Where no terminal reaches the programs that it starts itself, HSM has to.
    detached: !terminal,
  });
}
