/**
 * Other processes: whether one still runs, and what it is.
 *
 * @module
 */

/** Whether a process runs; null when the system or HSM's permissions do not let it know. */
export async function isAlive(pid: number): Promise<boolean | null> {
  if (pid === Deno.pid) return true;
  if (Deno.build.os === "linux") {
    try {
      // Reading the link asks for no more than --allow-read; a zombie has none.
      Deno.readLinkSync(`/proc/${pid}/exe`);
      return true;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      if (error instanceof Deno.errors.PermissionDenied) return true;
    }
  }
  // Only here: it is not needed where /proc answers.
  const { default: process } = await import("node:process");
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    return code === "ESRCH" ? false : code === "EPERM" ? true : null;
  }
}

/** The path of the program that a process runs; null where the system does not tell. */
export function executableOf(pid: number): string | null {
  return linkOf(pid, "exe");
}

/**
 * The processes that run a program of this name (without its folder) in this folder, on Linux. So a program is
 * found whose starter was killed before it could note the process id.
 */
export function findProcesses(program: string, folder: string): readonly number[] {
  if (Deno.build.os !== "linux") return [];
  const pids: number[] = [];
  try {
    for (const { name } of Deno.readDirSync("/proc")) {
      const pid = Number(name);
      if (!Number.isInteger(pid) || pid === Deno.pid) continue;
      if (executableOf(pid)?.split("/").at(-1) !== program) continue;
      if (linkOf(pid, "cwd") === folder) pids.push(pid);
    }
  } catch {
    // Not to be read: then nothing is known.
  }
  return pids;
}

/** Asks a process to end; false when HSM may not. */
export function endProcess(pid: number, signal: "SIGTERM" | "SIGKILL"): boolean {
  try {
    Deno.kill(pid, signal);
    return true;
  } catch (error) {
    return error instanceof Deno.errors.NotFound;
  }
}

function linkOf(pid: number, name: string): string | null {
  if (Deno.build.os !== "linux") return null;
  try {
    return Deno.readLinkSync(`/proc/${pid}/${name}`);
  } catch {
    return null;
  }
}
