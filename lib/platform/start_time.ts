/**
 * When a process began. A number is given to another process some day, which then began later.
 *
 * @module
 */

import { HERE, type Platform, type System } from "./system.ts";

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
