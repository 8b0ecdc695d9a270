/**
 * All processes at once, as `ps` tells of them in the way that POSIX has for it.
 *
 * @module
 */

import { HERE, type Platform } from "./system.ts";

/** A process. */
export interface ProcessRow {
  readonly pid: number;
  /** Its parent's number. */
  readonly parent: number;
  /** Its group's number. */
  readonly group: number;
}

/** The processes that run, without those that have ended and wait to be taken note of; null where nobody tells. */
export async function processTable(
  platform: Platform = HERE,
): Promise<readonly ProcessRow[] | null> {
  const answer = platform.system === "windows"
    ? null
    : await platform.ask(["ps", "-A", "-o", "pid=,ppid=,pgid=,stat="]);
  return answer?.split("\n").map((line) => line.trim().split(/\s+/))
    .filter(([pid, , , state = ""]) => pid !== "" && !state.startsWith("Z"))
    .map(([pid, parent, group]) => ({
      pid: Number(pid),
      parent: Number(parent),
      group: Number(group),
    })) ?? null;
}

/** The processes that a process has started, and those that these have started, and so on. Pure. */
export function descendants(pid: number, table: readonly ProcessRow[]): readonly number[] {
  const found = [pid];
  // What is added is looked through as well.
  for (const parent of found) {
    for (const it of table) {
      if (it.parent === parent && !found.includes(it.pid)) found.push(it.pid);
    }
  }
  return found.slice(1);
}
