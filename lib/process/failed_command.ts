/**
 * What is said of a command of a script's that has failed.
 *
 * @module
 */

import { HsmError } from "../errors.ts";

/** The program that a command failed by. */
export interface FailedProgram {
  /** Its name and its arguments. */
  readonly argv: readonly string[];
  /** The folder that it ran in. */
  readonly folder: string;
  /** Its exit status. */
  readonly code: number;
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
  const where = isProgram ? failed.folder : folder;
  const end = stderr.trimEnd().split(/\r?\n/).slice(-LINES).map((it) => it.slice(0, COLUMNS));
  const state = timedOut ? "it took too long" : `it exited with code ${exitCode}`;
  return new HsmError("command-failed", `Cannot run \`${command}\` in ${where}: ${state}`, {
    // More than one line stands as it was printed.
    causes: stderr.trim() === "" ? [] : [end.length === 1 ? end.join() : `${end.join("\n")}\n`],
    details: { command, folder: where, exitCode, output: stderr },
    cause: thrown,
  });
}
