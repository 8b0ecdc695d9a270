/**
 * What is said of a program that HSM has called for itself, and that has failed.
 *
 * @module
 */

import { HsmError } from "../errors.ts";
import { printable } from "../text/printable.ts";
import { redact } from "../text/redact.ts";
import type { RunResult } from "./run.ts";

/**
 * The error that a program failed, with what it said, and where to see more of it.
 *
 * @param action What it was called for, as the error names it: "Cannot <action>".
 */
export function failedProgram(result: RunResult, action?: string): HsmError {
  const [program = ""] = result.argv;
  const code = program === "git" ? "git-failed" : "command-failed";
  const state = `${program} exited with code ${result.code}`;
  return new HsmError(code, `Cannot ${action ?? `ask ${program}`}: ${state}`, {
    causes: messageOf(result),
    hint: `run \`${commandOf(result)}\` in ${result.cwd}, or hsm with -v, to see more of it`,
  });
}

/** What a program said about its failure, a line each, secrets hidden; else what was run, and where. */
export function messageOf(
  result: Pick<RunResult, "stderr" | "code"> & Partial<RunResult>,
): readonly string[] {
  const lines = redact(printable(result.stderr)).split("\n").map((line) => line.trim())
    .filter((line) =>
      line !== "" && !/^(?:Please make sure you have|and the repository exists)/.test(line)
    );
  return lines.length === 0 ? [silence(result)] : lines;
}

/** The sentence that a program exited, and said nothing. */
export function silence(result: Pick<RunResult, "code"> & Partial<RunResult>): string {
  const where = result.cwd === undefined ? "" : ` in ${result.cwd}`;
  const what = result.argv === undefined ? "git" : `\`${commandOf(result)}\``;
  return `${what} exited with code ${result.code}${where} and said nothing`;
}

/** A call as a person would type it: without git's settings, which only HSM needs, and not endless. */
export function commandOf({ argv = [] }: Partial<RunResult>): string {
  let at = 1;
  while (argv[0] === "git" && argv[at]?.startsWith("-")) at += argv[at] === "-c" ? 2 : 1;
  const command = redact([...argv.slice(0, 1), ...argv.slice(at)].join(" "));
  return command.length <= 200 ? command : `${command.slice(0, 200)}…`;
}
