/**
 * What uv is called with, where it does pip's work.
 *
 * @module
 */

import { join } from "@std/path";
import { SYSTEM } from "../../platform/system.ts";
import { LOCK_COMMAND } from "./owned_files.ts";

/**
 * What keeps uv from what pip does not do: it would heed `[tool.uv.sources]` of every package, and then others would be
 * installed than pip does.
 */
const AS_PIP = ["--no-sources"] as const;

/** What is to be locked, and where. */
export interface CompileOptions {
  /** The requirement file, as seen from the app's folder, or absolute. */
  readonly entry: string;
  /** The lock file, as seen from the app's folder, or absolute. What it says already is kept as far as it can be. */
  readonly lock: string;
  /** The lowest Python version that the lock file is for; undefined: that of the Python that is used. */
  readonly pythonVersion: string | undefined;
  /** The environment whose Python is used; undefined: uv finds one. */
  readonly environment: string | undefined;
  /** More arguments. */
  readonly args?: readonly string[];
}

/** The arguments that make a lock file, one for all systems and Python versions. */
export function compileArguments(
  { entry, lock, pythonVersion, environment, args = [] }: CompileOptions,
): readonly string[] {
  return [
    ...["pip", "compile", "--quiet", "--universal", ...AS_PIP],
    ...["--no-annotate", "--custom-compile-command", LOCK_COMMAND, "--format", "pylock.toml"],
    ...pythonVersion === undefined ? [] : ["--python-version", pythonVersion],
    ...environment === undefined ? [] : ["--python", environment],
    ...args,
    ...["-o", lock, "--", entry],
  ];
}

/** The arguments that install a lock file. */
export function installArguments(
  { lock, environment, isExact, args = [] }: {
    readonly lock: string;
    readonly environment: string;
    /** Whether what is not in it goes. */
    readonly isExact: boolean;
    readonly args?: readonly string[];
  },
): readonly string[] {
  return [
    ...["pip", isExact ? "sync" : "install", ...AS_PIP],
    ...["--preview-features", "pylock", "--python", environment, ...args],
    ...isExact ? ["--allow-empty-requirements", "--", lock] : ["-r", lock],
  ];
}

/** Where the Python of an environment is. */
export function pythonOf(folder: string): string {
  return SYSTEM === "windows"
    ? join(folder, "Scripts", "python.exe")
    : join(folder, "bin", "python");
}

/** How it is told that the lock file is missing, or is not what the app's files ask for. */
export const OUT_OF_DATE: RegExp =
  /^error: (pylock\.hsm\.toml (?:is missing|is not what .+ asks for))$/m;
