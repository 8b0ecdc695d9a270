/**
 * The processes that work in a folder of the tests.
 *
 * @module
 */

import { assertEquals } from "@std/assert";

/** Waits up to five seconds for those that work in a folder, and asserts that none is left. */
export async function assertNoProcesses(folder: string): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (processesIn(folder).length > 0 && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assertEquals(processesIn(folder), []);
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
