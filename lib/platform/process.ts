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
  return otherProcesses().filter((pid) =>
    executableOf(pid)?.split("/").at(-1) === program && linkOf(pid, "cwd") === folder
  );
}

/**
 * The processes in this folder that came after another one, whatever they run, on Linux: one of them may be a script
 * that is on its way to becoming its program. Process ids count up; those that have begun again at the bottom are not
 * found.
 */
export function processesAfter(starter: number, folder: string): readonly number[] {
  return otherProcesses().filter((pid) =>
    pid > starter && pid !== Deno.ppid && linkOf(pid, "cwd") === folder
  );
}

/** Whether other processes can be found: on Linux, where Deno lets HSM read /proc, which 2.9.8 does with --allow-all only. */
export function canFindProcesses(): boolean {
  return allProcesses() !== undefined;
}

function otherProcesses(): readonly number[] {
  return allProcesses()?.filter((pid) => pid !== Deno.pid) ?? [];
}

function allProcesses(): readonly number[] | undefined {
  if (Deno.build.os !== "linux") return undefined;
  try {
    return [...Deno.readDirSync("/proc")].map(({ name }) => Number(name)).filter(Number.isInteger);
  } catch {
    return undefined;
  }
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
