/**
 * Orphans: programs that a crashed command left running, which may still write what a rollback puts back.
 *
 * @module
 */

import { attempt } from "../attempt.ts";
import { HsmError } from "../errors.ts";
import type { JournalEvent } from "./journal.ts";
import { executableOf, isAlive, isNoted, processesIn, scriptOf } from "../platform/process.ts";
import { descendants, processTable } from "../platform/process_table.ts";
import { HERE, type Platform } from "../platform/system.ts";

/** A program that is waited for. */
export interface Orphan {
  /** Its name, without a folder. */
  readonly program: string;
  /** Its process id; undefined where it cannot be told whether it still runs. */
  readonly pid: number | undefined;
}

/** How orphans are ended. */
export interface OrphanOptions {
  /** Told when a program of the crashed command still runs, or may still run, and is waited for. */
  readonly onWait?: (orphan: Orphan) => void;
  /**
   * Milliseconds that such a program is given to end by itself, then again after SIGTERM, then after SIGKILL.
   * @default {[2000, 10000, 5000]}
   */
  readonly patience?: readonly [number, number, number];
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
  /** The system that is asked. @default {HERE} */
  readonly platform?: Platform;
}

/**
 * Waits for the program that the crashed command ran, and ends it if it takes too long. Where neither the system nor
 * HSM's permissions tell whether it still runs, it is given its time, and is then taken to have ended.
 *
 * @param root The folder that it runs in.
 * @param events What the crashed command noted.
 * @throws {HsmError} `program-running` when it does not end.
 */
export async function endOrphans(
  root: string,
  events: readonly JournalEvent[],
  options: OrphanOptions,
): Promise<void> {
  const at = events.findLastIndex(({ event }) => event === "starting");
  const start = events[at];
  if (start?.event !== "starting") return;
  const later = events.slice(at + 1);
  if (later.some(({ event }) => event === "ended")) return;
  const noted = later.findLast((event) => event.event === "started");
  const { program, starter, folder = root } = start;
  const { platform = HERE } = options;
  const { system } = platform;
  const inFolder = (): readonly number[] => processesIn(folder, system) ?? [];
  const isIt = (path: string | null) => path?.split("/").at(-1) === program;
  // Poetry is a script, whichever Python runs it.
  const isNamed = async (pid: number) =>
    isIt(executableOf(pid, system)) || isIt(await scriptOf(pid, platform));
  const namedIn = async (pids: readonly number[]): Promise<readonly number[]> => {
    const named = await Promise.all(pids.map(isNamed));
    return pids.filter((_, at) => named[at]);
  };
  // Asked once: no number comes again while it is waited for.
  let identity: Promise<boolean | null> | undefined;
  const own = async (): Promise<readonly number[]> => {
    if (noted === undefined) return await namedIn(inFolder());
    const { pid, executable, at: since } = noted;
    if (await isAlive(pid, platform) !== true) return [];
    // A script may have become its program meanwhile. What has its name and is there needs no clock to be known.
    if (inFolder().includes(pid) && await isNamed(pid)) return [pid];
    // The number may belong to another process by now.
    if (executable !== null && executableOf(pid, system) !== executable) return [];
    identity ??= isNoted({ pid, at: since }, platform);
    return await identity === false ? [] : [pid];
  };
  let isTold = false;
  const onRunning = (pid: number | undefined): void => {
    options.signal?.throwIfAborted();
    if (!isTold) options.onWait?.({ pid, program });
    isTold = true;
  };
  const [first, afterTerm, afterKill] = options.patience ?? [2000, 10_000, 5000];
  const isBlind = noted === undefined
    ? processesIn(folder, system) === undefined
    : await isAlive(noted.pid, platform) === null;
  if (isBlind) {
    await waitWhile(() => Promise.resolve([undefined]), first, onRunning);
    return;
  }
  if (noted === undefined) {
    // Killed between starting the program and noting it. A script, such as the shim of a version manager, does not
    // have the program's name before it has become the program. It is given time; but it may also be somebody
    // else's, so nothing is ended here.
    const others = async (): Promise<readonly number[]> => {
      const all = inFolder();
      // Process ids count up; those that have begun again at the bottom are not found.
      const later = all.filter((pid) => pid > starter && pid !== Deno.ppid);
      return (await namedIn(all)).length > 0 ? [] : later;
    };
    await waitWhile(others, first, onRunning);
  }
  await waitWhile(own, first, onRunning);
  // Where the system does not tell what a process is, it may be somebody else's. And git is not stopped half way.
  const isSure = noted === undefined || noted.executable !== null || await identity === true;
  for (const [signal, patience] of [["SIGTERM", afterTerm], ["SIGKILL", afterKill]] as const) {
    if (isSure && program !== "git") {
      const table = await processTable(platform) ?? [];
      for (const pid of await own()) {
        // What it has started itself would go on without it.
        for (const it of [pid, ...descendants(pid, table)]) attempt(() => Deno.kill(it, signal));
      }
    }
    await waitWhile(own, patience, onRunning);
  }
  const [pid] = await own();
  if (pid === undefined) return;
  throw new HsmError(
    "program-running",
    `Cannot recover: ${program} (process ${pid}), started by a command that crashed, still runs`,
    {
      hint: isSure
        ? `end process ${pid}, then run the command again`
        : `see whether process ${pid} is ${program}, which this system does not tell, and end it; then run the command again`,
      details: { pid, program },
    },
  );
}

async function waitWhile<T>(
  running: () => Promise<readonly T[]>,
  patience: number,
  onRunning: (pid: T) => void,
): Promise<void> {
  const deadline = performance.now() + patience;
  for (;;) {
    const pids = await running();
    if (pids.length === 0 || performance.now() >= deadline) return;
    onRunning(pids[0]!);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
