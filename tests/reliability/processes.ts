/**
 * Programs that tests start in ways of their own.
 *
 * @module
 */

import { join } from "@std/path";
import { hsmCommand, type TestApp } from "../harness/app.ts";
import { Run } from "../harness/program.ts";

/** An hsm in a process group of its own, as a shell starts one on a terminal. */
export interface Group {
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
    signal: (signal) => Deno.kill(-child.pid, signal),
    ended: child.output().then(({ code, stdout, stderr }) =>
      new Run(`hsm ${args.join(" ")}`, code, text(stdout), text(stderr))
    ),
  };
}

/**
 * Puts a shell script before git, for one of its commands; all others go to git itself.
 *
 * @returns The variables that make hsm use it.
 */
export async function wrapGit(
  app: TestApp,
  command: string,
  script: string,
): Promise<Record<string, string>> {
  const folder = join(app.folder, "bin");
  await Deno.mkdir(folder, { recursive: true });
  const path = Deno.env.get("PATH") ?? "";
  await Deno.writeTextFile(
    join(folder, "git"),
    `#!/bin/sh
for word in "$@"; do
  if [ "$word" = ${command} ]; then
    ${script}
    break
  fi
done
PATH='${path}' exec git "$@"
`,
    { mode: 0o755 },
  );
  return { PATH: `${folder}:${path}` };
}

/** Waits. */
export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
