/**
 * Programs that tests start in ways of their own.
 *
 * @module
 */

import { hsmCommand, type TestApp } from "../harness/app.ts";
import { Run } from "../harness/program.ts";

/** An hsm in a process group of its own, as a shell starts one on a terminal. */
export interface Group {
  /** Hsm's own process. */
  readonly pid: number;
  /** Signals the whole group, as a terminal's Ctrl-C does. */
  signal(signal: Deno.Signal): void;
  /** Resolves when hsm has ended. */
  readonly ended: Promise<Run>;
}

/** Starts hsm in a process group of its own. */
export function startGroup(
  app: TestApp,
  env: Readonly<Record<string, string>>,
  ...args: string[]
): Group {
  const [program = "", ...words] = hsmCommand();
  const child = new Deno.Command(program, {
    args: [...words, ...args],
    cwd: app.root,
    env: { ...app.env, ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    detached: true,
  }).spawn();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return {
    pid: child.pid,
    signal: (signal) => Deno.kill(-child.pid, signal),
    ended: child.output().then(({ code, stdout, stderr }) =>
      new Run(`hsm ${args.join(" ")}`, code, text(stdout), text(stderr))
    ),
  };
}

/** Waits. */
export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
