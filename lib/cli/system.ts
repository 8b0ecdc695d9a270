/**
 * What the executable is given by the system; tests give it something else.
 *
 * @module
 */

import type { FileLayer } from "../files/layer.ts";
import type { WindowSize } from "../console/frame.ts";

/** The executable's surroundings. */
export interface System {
  /** The words of the command line, without the program. */
  readonly args: readonly string[];
  /** The folder it was started in. */
  readonly cwd: string;
  /** The environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether a person sees standard error and can answer on standard input. */
  readonly interactive: boolean;
  /** Whether standard error is a terminal. */
  readonly terminal: boolean;
  /** Whether standard output is a terminal. */
  readonly stdoutTerminal: boolean;
  /** Whether there is colour on each stream. */
  readonly color: { readonly stdout: boolean; readonly stderr: boolean };
  /** The terminal's window, as it is now. */
  size(): WindowSize;
  /** What the app's files are written through; default: the real files. */
  readonly layer?: FileLayer;
  /** Writes to standard output what `printer` lets through. */
  stdout(text: string): void;
  /** Writes to standard error what `printer` lets through. */
  stderr(text: string): void;
  /** Writes to standard error as it is, for what moves on a terminal; what it shows is printable already. */
  draw(text: string): void;
  /** Reads a line from standard input; undefined at its end. */
  readLine(signal: AbortSignal): Promise<string | undefined>;
}
