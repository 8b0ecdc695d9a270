/**
 * Other processes: whether one still runs, what it is, and when it began. A number is given to another process some day,
 * which then began later.
 *
 * @module
 */

import { attempt } from "../attempt.ts";
import { HERE, type Platform, SYSTEM, type System } from "./system.ts";

/** Whether a process runs; null when the system or HSM's permissions do not let it know. */
export async function isAlive(
  pid: number,
  { system, ask }: Platform = HERE,
): Promise<boolean | null> {
  if (pid === Deno.pid) return true;
  if (system === "windows") {
    const answer = await ask(["tasklist", "/FI", `PID eq ${pid}`, "/FO", "CSV", "/NH"]);
    // Where there is none it says so, in the user's language.
    const rows = answer?.split("\n").map((it) => it.split(`","`)[1]);
    return rows?.includes(`${pid}`) ?? null;
  }
  if (system === "linux") {
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

/** Whether the process that was noted under this number is there: another one has its number by now where it began later. */
export async function isThereStill(
  { pid, at }: NotedProcess,
  platform: Platform = HERE,
): Promise<boolean | null> {
  const alive = await isAlive(pid, platform);
  if (alive !== true || pid === Deno.pid) return alive;
  return await isNoted({ pid, at }, platform) !== false;
}

/** A process that was noted while it ran. */
export interface NotedProcess {
  readonly pid: number;
  /** When that was, in ISO 8601; older versions of HSM do not say it everywhere. */
  readonly at: string | undefined;
}

/** Whether the process that has the number now is the one that was noted; null where that cannot be told. */
export async function isNoted(
  { pid, at }: NotedProcess,
  platform: Platform = HERE,
): Promise<boolean | null> {
  const noted = Date.parse(at ?? "");
  if (Number.isNaN(noted)) return null;
  const began = await startTime(pid, platform);
  return began === null ? null : began <= noted + TOLERANCE;
}

/** Milliseconds that two clocks may be apart: systems tell whole seconds. No number comes again within them. */
const TOLERANCE = 2_000;

/** How a system is asked when a process began, and how its answer is read: milliseconds since 1970, or NaN. */
interface StartTime {
  readonly argv: (pid: number) => readonly string[];
  readonly read: (answer: string) => number;
}

const START_TIMES: Readonly<Record<System, StartTime>> = {
  linux: {
    // A program may read there what Deno lets only --allow-all read. Its own line says what time it is in these ticks,
    // which count from the boot, or from that of the container.
    argv: (pid) => ["cat", `/proc/${pid}/stat`, "/proc/self/stat"],
    read: (answer) => {
      const [began, now] = answer.trim().split("\n").map(ticks);
      return Date.now() - ((now ?? NaN) - (began ?? NaN)) * MILLISECONDS_PER_TICK;
    },
  },
  darwin: {
    argv: (pid) => ["ps", "-o", "lstart=", "-p", `${pid}`],
    read: (answer) => Date.parse(`${answer.trim()} UTC`),
  },
  windows: {
    argv: (pid) => [
      ...["powershell", "-NoProfile", "-NonInteractive", "-Command"],
      `(Get-Process -Id ${pid}).StartTime.ToUniversalTime().ToString('o')`,
    ],
    read: (answer) => Date.parse(answer.trim()),
  },
};

/** `USER_HZ`, which is 100 on every architecture that Deno runs on. */
const MILLISECONDS_PER_TICK = 10;

/** Field 22 of `/proc/PID/stat` (proc(5)); the second one is a name, which may hold anything. */
function ticks(line: string): number {
  return Number(line.slice(line.lastIndexOf(")") + 2).split(" ")[19]);
}

/** When a process began, in milliseconds since 1970; null where neither the system nor HSM's permissions tell. */
export async function startTime(
  pid: number,
  { system, ask }: Platform = HERE,
): Promise<number | null> {
  const { argv, read } = START_TIMES[system];
  const answer = await ask(argv(pid));
  const time = answer === null ? NaN : read(answer);
  return Number.isNaN(time) ? null : time;
}

/** The path of the program that a process runs; null where the system does not tell. */
export function executableOf(pid: number, system: System = SYSTEM): string | null {
  return linkOf(pid, "exe", system);
}

/** What runs a script: its own name is not that of the program. */
const INTERPRETER = /^(?:python|pypy|ruby|node|(?:ba|da|k|z)?sh$)/;

/** The path of the script that a process runs; null where it is none, or the system does not tell. */
export async function scriptOf(
  pid: number,
  { system, ask }: Platform = HERE,
): Promise<string | null> {
  const interpreter = executableOf(pid, system)?.split("/").at(-1);
  if (interpreter === undefined || !INTERPRETER.test(interpreter)) return null;
  // A program may read there what Deno lets only --allow-all read.
  const words = (await ask(["cat", `/proc/${pid}/cmdline`]))?.split("\0").slice(1);
  return words?.find((it) => !it.startsWith("-")) || null;
}

/**
 * The processes that work in a folder, but for HSM itself. So a program is found whose starter was killed before it could
 * note the process id.
 *
 * @returns undefined where nobody tells: on other systems than Linux, and where Deno does not let HSM read /proc, which
 * 2.9.8 does with --allow-all only.
 */
export function processesIn(
  folder: string,
  system: System = SYSTEM,
): readonly number[] | undefined {
  if (system !== "linux") return undefined;
  return attempt(() => [...Deno.readDirSync("/proc")])?.map(({ name }) => Number(name))
    .filter((pid) =>
      Number.isInteger(pid) && pid !== Deno.pid && linkOf(pid, "cwd", system) === folder
    );
}

function linkOf(pid: number, name: string, system: System): string | null {
  return system === "linux"
    ? attempt(() => Deno.readLinkSync(`/proc/${pid}/${name}`)) ?? null
    : null;
}
