/**
 * Runs of hsm that may not go on for ever, or may not do everything.
 *
 * @module
 */

import { hsmCommand, type TestApp } from "./app.ts";
import { Run, type Running, start } from "./program.ts";

/** Runs hsm, and ends it the hard way where it does not end by itself: its exit status is 137 then. */
export async function hsmWithin(app: TestApp, ms: number, ...args: string[]): Promise<Run> {
  return await within(ms, app.start(...args));
}

/**
 * Runs hsm as somebody who is kept out by permission bits, which root is not: without root's capabilities, what belongs to
 * another user is as closed to it as to anybody.
 */
export async function hsmUnprivileged(
  app: TestApp,
  env: Readonly<Record<string, string>>,
  ...args: string[]
): Promise<Run> {
  const running = start([...DROPPED, ...hsmCommand(), ...args], {
    cwd: app.root,
    env: { ...app.env, ...env },
  });
  const { code, stdout, stderr } = await within(30_000, running);
  const masked = (text: string) => text.replaceAll(app.folder, "[DIR]");
  return new Run(`hsm ${args.join(" ")}`, code, masked(stdout), masked(stderr));
}

const IS_ROOT = Deno.build.os !== "windows" && Deno.uid() === 0;

const DROPPED = IS_ROOT ? ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] : [];

/** Whether hsm can be run so here. */
export function canDropPrivileges(): boolean {
  if (Deno.build.os === "windows") return false;
  if (!IS_ROOT) return true;
  try {
    return new Deno.Command(DROPPED[0]!, { args: [...DROPPED.slice(1), "true"] }).outputSync()
      .success;
  } catch {
    return false;
  }
}

/** Closes a path to whoever is run by {@linkcode hsmUnprivileged}, as root's own run would have left it. */
export function close(path: string, mode: number): void {
  if (IS_ROOT) Deno.chownSync(path, 65534, 65534);
  Deno.chmodSync(path, mode);
}

async function within(ms: number, running: Running): Promise<Run> {
  const timer = setTimeout(() => running.kill("SIGKILL"), ms);
  try {
    return await running.ended;
  } finally {
    clearTimeout(timer);
  }
}
