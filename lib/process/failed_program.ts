/**
 * What is said of a program that has failed: one that HSM has called for itself, or one of a script's.
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

/** The program that a script's command failed by. */
export interface FailedProgram extends Pick<RunResult, "argv" | "cwd" | "code"> {
  /** Why it did not start. */
  readonly error?: HsmError;
}

/** How much of the end of the output an error quotes. */
const LINES = 20;
const COLUMNS = 500;

/**
 * The error that a command ends with, for dax's own one; any other stays what it is.
 *
 * @param thrown What dax has thrown.
 * @param command The text of the command, its folder, and the last program in it that failed.
 */
export function failedCommand(
  thrown: unknown,
  { text, folder, failed }: {
    readonly text: string;
    readonly folder: string;
    readonly failed: FailedProgram | undefined;
  },
): unknown {
  if (!(thrown instanceof Error) || thrown.name !== "ShellError") return thrown;
  const { exitCode, timedOut, stderr } = thrown as Error & {
    readonly exitCode: number;
    readonly timedOut: boolean;
    /** Both streams, since they are kept together. */
    readonly stderr: string;
  };
  if (failed?.error !== undefined && failed.code === exitCode) return failed.error;
  const isProgram = failed?.code === exitCode;
  const command = isProgram ? failed.argv.join(" ") : text.trim();
  const where = isProgram ? failed.cwd : folder;
  const end = stderr.trimEnd().split(/\r?\n/).slice(-LINES).map((it) => it.slice(0, COLUMNS));
  const state = timedOut ? "it took too long" : `it exited with code ${exitCode}`;
  return new HsmError("command-failed", `Cannot run \`${command}\` in ${where}: ${state}`, {
    // More than one line stands as it was printed.
    causes: stderr.trim() === "" ? [] : [end.length === 1 ? end.join() : `${end.join("\n")}\n`],
    details: { command, folder: where, exitCode, output: stderr },
    cause: thrown,
  });
}
