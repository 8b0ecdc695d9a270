/**
 * A program of commands, as its last line runs it.
 *
 * @module
 */

import type { ProgramParts } from "../command/program.ts";
import { processSystem } from "./process_system.ts";
import type { System } from "./system.ts";

/** What {@linkcode runCli} runs. */
export interface RunCliOptions extends ProgramParts {
  /** The words of the command line, without the program. @default {Deno.args} */
  readonly args?: readonly string[];
  /**
   * Some command lines can be done before everything else is loaded: the exit status; undefined for all others.
   *
   * @internal
   */
  readonly quick?: (program: string, system: System) => Promise<number | undefined>;
}

/**
 * Runs a program that is made of commands, one's own and HSM's, and ends the process with its exit status: the last line
 * of a script.
 *
 * It reads the command line and does what it says: runs a command, or shows help (`help`, `-h`), the version, or what
 * completes the program in a shell (`completions`, which every program has). Results go to standard output, with `--json`
 * as one document, all else to standard error. What a command leaves uncommitted in a workspace goes back, and so it does
 * on Ctrl-C; the exit status is 0, that of the error, or 128 plus the number of the signal.
 *
 * A workspace is needed only by a command that opens one.
 *
 * @example
 * ```ts ignore
 * import { defineCommand, hsmCommands, option, runCli } from "@hsm/hsm/cli";
 *
 * const hello = defineCommand({
 *   name: "hello",
 *   summary: "Greet somebody",
 *   positional: "who",
 *   options: { who: option.word("Whom to greet", "NAME"), loud: option.flag("Louder") },
 *   run: (_, { who, loud }) => `Hello ${who}${loud ? "!" : ""}`,
 * });
 *
 * await runCli({ name: "mytool", commands: [hello, hsmCommands("sync", "status")] });
 * ```
 *
 * @param options What the program is called, and its commands. Its own ones beat those of a set.
 */
export async function runCli(options: RunCliOptions): Promise<never> {
  const { args = Deno.args, quick, ...parts } = options;
  const system = processSystem(args);
  const run = async () => await (await import("./main.ts")).runProgram(parts, system);
  // Nothing that is left open, such as a question without an answer, keeps the process from ending.
  Deno.exit(await quick?.(parts.name, system) ?? await run());
}
