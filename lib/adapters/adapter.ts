/**
 * What HSM needs of a package manager.
 *
 * @module
 */

import type { RunResult } from "../process/run.ts";
import type { Reporter } from "../report.ts";

/** What an adapter's program runs in. */
export interface AdapterContext {
  /** The app's folder. */
  readonly root: string;
  /** The environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Ends the program. */
  readonly signal: AbortSignal;
  /** Where the program's own messages go. */
  readonly reporter: Reporter;
  /** Keeps the program out of reach of the terminal's Ctrl-C. @default {false} */
  readonly detached?: boolean;
}

/** How {@linkcode Adapter.sync} installs. */
export interface AdapterSyncOptions {
  /**
   * `write`: brings the lock file up to date first. `locked`: fails where it is not, and changes no file.
   * `frozen`: installs what it says, whatever pyproject.toml says.
   */
  readonly lock: "write" | "locked" | "frozen";
  /** More arguments for the program, unchanged. */
  readonly args?: readonly string[];
  /** Keeps the program's messages back, always or unless it succeeds. */
  readonly quiet?: "always" | "unless-done";
  /** Called once the program runs. */
  readonly onStart?: (pid: number) => void;
}

/** A package manager. */
export interface Adapter {
  /** Its name in hsm.yaml. */
  readonly name: string;
  /** The program, by path. */
  readonly program: string;
  /**
   * Makes sure that the program is there and not too old; asked early, it costs no time later.
   *
   * @throws {HsmError} `tool-missing`, `tool-too-old`
   */
  ready(context: AdapterContext): Promise<void>;
  /**
   * Refuses arguments that would keep a sync from being one, such as `--dry-run`.
   *
   * @throws {HsmError} `usage`
   */
  refuse(args: readonly string[]): void;
  /** The command line of a sync, as a person would type it. */
  commandLine(options: AdapterSyncOptions): string;
  /** The files beside pyproject.toml that it writes, absolute. */
  lockFiles(root: string): Promise<readonly string[]>;
  /** Brings the environment, and unless told otherwise the lock file, to what pyproject.toml says. */
  sync(context: AdapterContext, options: AdapterSyncOptions): Promise<RunResult>;
  /** What bringing the lock file up to date would change, in the program's own words. Changes no file. */
  lockChanges(context: AdapterContext): Promise<string>;
  /** What a failure means in terms of packages, where that can be told from what the program said. */
  explain(output: string): Promise<{ readonly cause?: string; readonly hint?: string }>;
  /**
   * Resolves a candidate pyproject.toml in a temporary folder. The app is not touched; packages may be built.
   *
   * @param pyproject The text of the candidate.
   */
  resolve(context: AdapterContext, pyproject: string): Promise<Verdict>;
  /** Makes a new library in a folder of its own, which need not exist. Touches nothing outside that folder. */
  newLibrary(context: AdapterContext, options: NewLibraryOptions): Promise<RunResult>;
}

/** What {@linkcode Adapter.newLibrary} makes. */
export interface NewLibraryOptions {
  /** The folder, absolute. */
  readonly directory: string;
  /** The distribution's name. */
  readonly name: string;
  /** The Python versions that it is for; default: the program's own choice. */
  readonly requiresPython?: string | undefined;
}

/** What a package manager says of a candidate. */
export interface Verdict {
  /** Whether it finds a solution. */
  readonly success: boolean;
  /** What it says, in its own words. */
  readonly message: string;
}
