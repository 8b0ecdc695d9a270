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
  /** The environment, without what would lead the program to another project or away from its sources. */
  readonly env: Readonly<Record<string, string>>;
  /** Ends the program. */
  readonly signal: AbortSignal;
  /** Where the program's own messages go. */
  readonly reporter: Reporter;
  /** Keeps the program out of reach of the terminal's Ctrl-C. @default {false} */
  readonly detached?: boolean;
}

/** How the package manager is run. */
export interface AdapterRunOptions {
  /** More arguments for a sync; each step of it takes those that are its own. */
  readonly args?: readonly string[];
  /** Keeps the program's messages back, always or unless it succeeds. */
  readonly quiet?: "always" | "unless-done";
  /** Called once the program runs. */
  readonly onStart?: (pid: number) => void;
}

/** How {@linkcode Adapter.sync} installs. */
export interface AdapterSyncOptions extends AdapterRunOptions {
  /** `locked`: fails where the lock file is not up to date. `frozen`: installs what it says, whatever pyproject.toml says. */
  readonly lock: "locked" | "frozen";
  /** Only says whether it would do. @default {false} */
  readonly dryRun?: boolean;
}

/** A setting of the package manager's that takes sources away. */
export interface SourcesOff {
  /** The file, relative to the root where it is in it. */
  readonly file: string;
  /** The line in the file, from 1, where it is known. */
  readonly line?: number;
  /** The setting, as one would write it. */
  readonly setting: string;
  /** The packages concerned, by normalized name; undefined: all. */
  readonly packages?: readonly string[];
  /** What to do about it. */
  readonly fix: string;
}

/** The commit at which the lock file has a package. */
export interface LockedCommit {
  /** The tag that it was found by; undefined: by something else. */
  readonly tag: string | undefined;
  /** The branch that it was found by; undefined: by something else. */
  readonly branch: string | undefined;
  /** The commit, in full. */
  readonly commit: string;
  /** The version that it has there, where the lock file says it. */
  readonly version?: string;
}

/** Two versions of a lock file, merged. */
export interface MergedLock {
  /** The text that the next lock file is to be made from. */
  readonly text: string;
  /** The packages of which both have chosen another version, by normalized name. */
  readonly conflicts: readonly string[];
}

/** A package that the lock file has from elsewhere than pyproject.toml says. */
export interface Stranger {
  /** Its normalized name. */
  readonly package: string;
  /** Where the lock file has it from. */
  readonly from: string;
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
   * Refuses arguments that would keep a sync from being one of this project with its sources, such as `--dry-run`.
   *
   * @throws {HsmError} `usage`
   */
  refuse(args: readonly string[]): void;
  /** The command line of a sync, as a person would type it. */
  commandLine(options: AdapterSyncOptions): string;
  /** The files beside pyproject.toml that it writes, absolute. */
  lockFiles(root: string): Promise<readonly string[]>;
  /** The settings that take sources away from a project with this pyproject.toml. Touches nothing. */
  sourcesOff(context: AdapterContext, pyproject: string): Promise<readonly SourcesOff[]>;
  /** Brings the lock file to what pyproject.toml says. Installs nothing; packages may be built for their metadata. */
  lock(context: AdapterContext, options: AdapterRunOptions): Promise<RunResult>;
  /**
   * Those of the packages that the lock file has from elsewhere than pyproject.toml says; undefined where it cannot be
   * read. Touches nothing.
   *
   * @param pyproject The text of pyproject.toml.
   * @param packages The packages, by normalized name.
   * @throws {HsmError} `io`
   */
  strangers(
    root: string,
    pyproject: string,
    packages: readonly string[],
  ): Promise<readonly Stranger[] | undefined>;
  /** The commits at which the lock file has packages, by normalized name; empty where it cannot be read. Touches nothing. */
  lockedCommits(root: string): Promise<ReadonlyMap<string, LockedCommit>>;
  /**
   * Puts the versions that were chosen in one version of a lock file into another one. Pure.
   *
   * @param texts The two, and the one that both come from.
   * @param managed The packages of the manifest, by normalized name.
   */
  mergeLocks(
    texts: Readonly<Record<"base" | "mine" | "theirs", string>>,
    managed: ReadonlySet<string>,
  ): Promise<MergedLock>;
  /** Brings the environment to what the lock file says. */
  sync(context: AdapterContext, options: AdapterSyncOptions): Promise<RunResult>;
  /** Whether a sync that said this has changed the environment. Pure. */
  hasInstalled(output: string): boolean;
  /**
   * What is installed in the environment, exactly, for {@linkcode Adapter.restore}; undefined where there is none.
   * Touches nothing.
   */
  snapshot(context: AdapterContext): Promise<string | undefined>;
  /** Brings the environment back to what it was, whatever was done to it, where it is not. */
  restore(context: AdapterContext, snapshot: string): Promise<"unchanged" | "restored" | "failed">;
  /** What bringing the lock file up to date would change, in the program's own words. Changes no file. */
  lockChanges(context: AdapterContext): Promise<string>;
  /**
   * What a failure means in terms of packages, where that can be told from what the program said.
   *
   * @returns A line, a way out, and the package that cannot be had from where it is said to be.
   */
  explain(output: string): Promise<{
    readonly cause?: string;
    readonly hint?: string;
    readonly misplaced?: string;
  }>;
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
  /** Whether there is none; else it could not look for one, because something does not build, for example. */
  readonly isUnsolvable: boolean;
  /** What it says, in its own words. */
  readonly message: string;
  /** What that comes to, in one line, where that is known. */
  readonly cause?: string;
  /** What to do about it, where that is known. */
  readonly hint?: string;
}
