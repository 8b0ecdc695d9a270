/**
 * Processes that tests start, and those that these leave behind.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
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

/** Asserts that no process is left that works in the app's folder. */
export async function assertNoProcesses(app: TestApp): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (processesIn(app.folder).length > 0 && performance.now() < deadline) await sleep(20);
  assertEquals(processesIn(app.folder), []);
}

/** A process. */
export interface Process {
  readonly pid: number;
  /** Its words, with spaces between them. */
  readonly command: string;
}

/** The processes whose current folder lies in a folder; none where the system has no /proc. */
export function processesIn(folder: string): readonly Process[] {
  if (Deno.build.os !== "linux") return [];
  const pids = [...Deno.readDirSync("/proc")].map(({ name }) => name).filter((it) =>
    /^\d+$/.test(it)
  );
  return pids.filter((pid) => `${currentFolder(pid)}/`.startsWith(`${folder}/`))
    .map((pid) => ({ pid: Number(pid), command: commandLine(pid) }));
}

function currentFolder(pid: string): string {
  try {
    return Deno.readLinkSync(`/proc/${pid}/cwd`);
  } catch (error) {
    // It has ended, or is not ours to look at; but the tests themselves may look.
    if (error instanceof Deno.errors.NotCapable) throw error;
    return "";
  }
}

/** Deno itself reads it only with --allow-all. */
function commandLine(pid: string): string {
  const { stdout } = new Deno.Command("cat", { args: [`/proc/${pid}/cmdline`] }).outputSync();
  return new TextDecoder().decode(stdout).replaceAll("\0", " ").trim();
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
