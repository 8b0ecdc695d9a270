/**
 * Programs by their names: what stands on PATH, and on Windows with which ending.
 *
 * @module
 */

import { join } from "@std/path";
import { attempt } from "../attempt.ts";
import { SYSTEM, type System } from "./system.ts";

/** The variables of an environment. */
export type Environment = Readonly<Record<string, string>>;

/** A variable; Windows tells no upper from lower case in their names, and calls PATH `Path`. */
export function variable(
  env: Environment,
  name: string,
  system: System = SYSTEM,
): string | undefined {
  if (system !== "windows") return env[name];
  return Object.entries(env).find(([it]) => it.toUpperCase() === name)?.[1];
}

/** What stands between paths in a variable. */
export function pathSeparator(system: System = SYSTEM): string {
  return system === "windows" ? ";" : ":";
}

/** The folders in which programs are looked for, in order. */
export function programFolders(env: Environment, system: System = SYSTEM): readonly string[] {
  const path = variable(env, "PATH", system) ?? "";
  if (system !== "windows") return path.split(pathSeparator(system));
  // There may be quotes around one that has a `;` in it.
  return (path.match(/(?:[^;"]|"[^"]*")+/g) ?? []).map((it) => it.replaceAll('"', ""));
}

/** The endings that may be left out, in order; none where a file's mode says that it is a program. */
export function programEndings(env: Environment, system: System = SYSTEM): readonly string[] {
  if (system !== "windows") return [];
  const endings = variable(env, "PATHEXT", system) || ".COM;.EXE;.BAT;.CMD";
  return endings.split(";").filter((it) => it !== "").map((it) => it.toLowerCase());
}

/** How a program is to run. */
export interface ProgramPlace {
  /** The folder that it is to run in, from which a path is taken. */
  readonly cwd: string;
  readonly env: Environment;
  /** @default {SYSTEM} */
  readonly system?: System;
}

/**
 * What to start a program by. On Windows Deno finds `NAME.exe` only: a script such as `NAME.cmd`, which version managers and
 * npm put on PATH, is to be named as a whole, and is then run by cmd.exe.
 *
 * @returns The name or path as it is given, unless the first that a shell would find by it is such a script.
 */
export function programToStart(
  program: string,
  { cwd, env, system = SYSTEM }: ProgramPlace,
): string {
  const endings = programEndings(env, system);
  if (endings.length === 0 || program === "") return program;
  const isPath = /[\\/]/.test(program) || /^[a-z]:/i.test(program);
  const isWhole = endings.some((it) => program.toLowerCase().endsWith(it));
  // Not from the folder that one happens to be in: it may be anybody's checkout.
  const folders = isPath ? [""] : programFolders(env, system);
  for (const folder of folders) {
    const path = isPath ? program : join(folder, program);
    const found = (isWhole ? [path] : endings.map((it) => `${path}${it}`))
      .find((it) => isFile(isPath && !isRooted(it) ? join(cwd, it) : it));
    if (found !== undefined) return isScript(found) ? found : program;
  }
  return program;
}

function isFile(path: string): boolean {
  return attempt(() => Deno.statSync(path).isFile) ?? false;
}

function isRooted(path: string): boolean {
  return /^(?:[a-z]:)?[\\/]/i.test(path);
}

function isScript(path: string): boolean {
  return /\.(?:bat|cmd)$/i.test(path);
}
