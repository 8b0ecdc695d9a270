/**
 * Tests of HSM in shells that need not be there.
 *
 * @module
 */

import { ensureDir } from "@std/fs";
import { join } from "@std/path";
import { hsmCommand, type TestApp } from "./app.ts";
import { start } from "./program.ts";

/** A test that needs a shell. Where there is none it is left out, which its name says then. */
export function shellTest(shell: string, name: string, fn: () => Promise<void>): void {
  const ignore = !hasProgram(shell);
  const why = ignore ? ` (left out, for there is no ${shell} here)` : "";
  Deno.test({ name: `${name}${why}`, ignore, fn });
}

/** Whether there is a program of that name. */
export function hasProgram(program: string): boolean {
  try {
    const args = ["--version"];
    new Deno.Command(program, { args, stdout: "null", stderr: "null" }).outputSync();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Programs by their names, as the command lines that run them. */
export type Programs = Readonly<Record<string, readonly string[]>>;

/** The folder with an `hsm` for PATH, and other programs. */
export async function makeBin(app: TestApp, programs: Programs = {}): Promise<string> {
  const bin = join(app.folder, "bin");
  await ensureDir(bin);
  for (const [name, command] of Object.entries({ hsm: hsmCommand(), ...programs })) {
    const words = command.map((word) => `'${word}'`).join(" ");
    const mode = 0o755;
    await Deno.writeTextFile(join(bin, name), `#!/bin/sh\nexec ${words} "$@"\n`, { mode });
  }
  return bin;
}

/** Runs a shell, with `hsm` and other programs on PATH, that must succeed and say nothing on standard error. */
export async function runShell(
  app: TestApp,
  argv: readonly string[],
  programs?: Programs,
): Promise<string> {
  const path = `${await makeBin(app, programs)}:${Deno.env.get("PATH")}`;
  const run = await start(argv, { cwd: app.root, env: { ...app.env, PATH: path } }).ended;
  return run.expect({ code: 0, stderr: "" }).stdout;
}
