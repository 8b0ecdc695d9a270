/**
 * Ending a program that runs: as the signal says, then by SIGTERM, by force only at the very end.
 *
 * git ignores SIGINT while an editor runs, and so do editors; SIGTERM it heeds always, and takes its locks away first.
 *
 * @module
 */

import { attempt, succeeds } from "../attempt.ts";
import { HsmError } from "../errors.ts";
import { isAlive } from "../platform/process.ts";
import { descendants, processTable } from "../platform/process_table.ts";
import { type EndingSignal, isTyped, stepsToEnd } from "../platform/signals.ts";
import { HERE, type Platform } from "../platform/system.ts";
import { onImpatience } from "./signals.ts";

/** How {@linkcode endOnAbort} ends a program. */
export interface EndOptions {
  /** Ends it: with the signal that the reason names, else with SIGTERM. */
  readonly signal?: AbortSignal | undefined;
  /** Whether it leads a process group of its own, which is ended with it. */
  readonly group: boolean;
  /** How many milliseconds there are from then until it is killed. */
  readonly grace: number;
  /** The system that it runs on. @default {HERE} */
  readonly platform?: Platform;
}

/** Ends a program when it is to end, until it is disposed of. */
export interface Ending extends Disposable {
  /** Ends it now. */
  send(signal: Deno.Signal): void;
  /** Resolves once those have ended too that a program which was told to end has started itself. */
  others(): Promise<void>;
}

/** A program that runs. */
type Child = Pick<Deno.ChildProcess, "pid" | "kill">;

/** Ends a program once the signal is aborted. */
export function endOnAbort(
  child: Child,
  { signal, group, grace, platform = HERE }: EndOptions,
): Ending {
  const timers: ReturnType<typeof setTimeout>[] = [];
  const held = new DisposableStack();
  /** What it has started itself, where no group of its own and no terminal reaches that. */
  let started: Promise<readonly number[]> | undefined;
  let killed = false;
  const send = (name: Deno.Signal) => sendTo(child, group, name, platform);
  const step = async (name: Deno.Signal) => {
    // All that it has started is found while it is there.
    const others = await started ?? [];
    send(name);
    for (const pid of others) kill(pid, name);
    killed = name === "SIGKILL";
  };
  const onAbort = () => {
    const reason = endingSignal(signal?.reason);
    if (!group && !isTyped(reason) && maySignalOthers()) {
      started = processTable(platform).then((table) => descendants(child.pid, table ?? []));
    }
    for (const { after, signal } of stepsToEnd(reason, platform.system)) {
      if (after === 0) step(signal);
      else timers.push(setTimeout(step, grace * after, signal));
    }
    // The terminal's own second Ctrl-C does not reach a group that is not its own.
    if (group) held.use(onImpatience(() => send("SIGTERM")));
  };
  signal?.addEventListener("abort", onAbort, { once: true });
  const isThere = async () =>
    group
      ? await isGroupThere(child.pid, platform)
      : await isOneThere(await started ?? [], platform);
  return {
    send,
    async others() {
      if (signal?.aborted !== true) return;
      while (!killed && await isThere()) await new Promise((resolve) => setTimeout(resolve, 50));
    },
    [Symbol.dispose]() {
      for (const timer of timers) clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      held.dispose();
    },
  };
}

/** The signal that an abort's reason stands for; undefined where it is another reason. */
function endingSignal(reason: unknown): EndingSignal | undefined {
  const signal = reason instanceof HsmError ? reason.details["signal"] : undefined;
  return signal as EndingSignal | undefined;
}

function sendTo(child: Child, group: boolean, signal: Deno.Signal, platform: Platform): void {
  if (platform.system === "windows") {
    // With all that it has started; of a script that is run by cmd.exe nothing else would end.
    void platform.ask(["taskkill", "/PID", `${child.pid}`, "/T", "/F"]).then((answer) => {
      if (answer === null) attempt(() => child.kill("SIGKILL"));
    });
  } else if (!group || !maySignalOthers() || !kill(-child.pid, signal)) {
    attempt(() => child.kill(signal));
  }
}

/** Signals a process, or a group by its negative number; false where it has ended in the meantime. */
function kill(pid: number, signal: Deno.Signal): boolean {
  return succeeds(() => Deno.kill(pid, signal));
}

/** A script may be allowed to end no other programs than those that it started itself; nobody is to be asked now. */
function maySignalOthers(): boolean {
  return Deno.permissions.querySync({ name: "run" }).state === "granted";
}

/** Whether anything runs in a process group. */
async function isGroupThere(group: number, platform: Platform): Promise<boolean> {
  if (!maySignalOthers()) return false;
  // Does nothing to what runs; and what was stopped does not end otherwise.
  if (!kill(-group, "SIGCONT")) return false;
  // What has ended already may stay for a while, until somebody takes note of it.
  const table = await processTable(platform);
  return table === null || table.some((it) => it.group === group);
}

async function isOneThere(pids: readonly number[], platform: Platform): Promise<boolean> {
  for (const pid of pids) {
    if (await isAlive(pid, platform) === true) return true;
  }
  return false;
}
