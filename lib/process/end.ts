/**
 * Ending a program that runs: as the signal says, then by SIGTERM, by force only at the very end.
 *
 * git ignores SIGINT while an editor runs, and so do editors; SIGTERM it heeds always, and takes its locks away first.
 *
 * @module
 */

import { HsmError } from "../errors.ts";
import { onImpatience } from "../transaction/signals.ts";

/** How {@linkcode endOnAbort} ends a program. */
export interface EndOptions {
  /** Ends it: with the signal that the reason names, else with SIGTERM. */
  readonly signal?: AbortSignal | undefined;
  /** Whether it leads a process group of its own, which is ended with it. */
  readonly group: boolean;
  /** How many milliseconds there are from then until it is killed. */
  readonly grace: number;
}

/** Ends a program when it is to end, until it is disposed of. */
export interface Ending extends Disposable {
  /** Ends it now. */
  send(signal: Deno.Signal): void;
  /** Resolves once those have ended too that a program which was told to end has left in its group. */
  others(): Promise<void>;
}

/** The part of its time after which a program that has not ended on a signal is sent SIGTERM. */
const PATIENCE = 0.3;

/** Ends a program once the signal is aborted. */
export function endOnAbort(
  child: Pick<Deno.ChildProcess, "pid" | "kill">,
  { signal, group, grace }: EndOptions,
): Ending {
  const send = (name: Deno.Signal) => sendTo(child, group, name);
  const insist = () => send("SIGTERM");
  const timers: ReturnType<typeof setTimeout>[] = [];
  const held = new DisposableStack();
  let killed = false;
  const onAbort = () => {
    send(signalOf(signal?.reason));
    timers.push(
      setTimeout(insist, grace * PATIENCE),
      setTimeout(() => {
        send("SIGKILL");
        killed = true;
      }, grace),
    );
    // The terminal's own second Ctrl-C does not reach a group that is not its own.
    if (group) held.use(onImpatience(insist));
  };
  signal?.addEventListener("abort", onAbort, { once: true });
  return {
    send,
    async others() {
      if (!group || signal?.aborted !== true) return;
      while (!killed && await isThere(child.pid)) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    [Symbol.dispose]() {
      for (const timer of timers) clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      held.dispose();
    },
  };
}

/** The signal that an abort's reason stands for: what ended HSM ends its children. */
function signalOf(reason: unknown): Deno.Signal {
  const signal = reason instanceof HsmError ? reason.details["signal"] : undefined;
  return signal === "SIGINT" || signal === "SIGHUP" ? signal : "SIGTERM";
}

function sendTo(
  child: Pick<Deno.ChildProcess, "pid" | "kill">,
  group: boolean,
  signal: Deno.Signal,
): void {
  if (group && maySignalGroups()) {
    try {
      return Deno.kill(-child.pid, signal);
    } catch {
      // It has ended in the meantime.
    }
  }
  try {
    child.kill(signal);
  } catch {
    // It has ended in the meantime.
  }
}

/** A script may be allowed to end no other programs than those that it started itself; nobody is to be asked now. */
function maySignalGroups(): boolean {
  return Deno.permissions.querySync({ name: "run" }).state === "granted";
}

/** Whether anything runs in a process group. */
async function isThere(group: number): Promise<boolean> {
  if (!maySignalGroups()) return false;
  try {
    // Does nothing to what runs; and what was stopped does not end otherwise.
    Deno.kill(-group, "SIGCONT");
  } catch {
    return false;
  }
  // What has ended already may stay for a while, until somebody takes note of it.
  try {
    const args = ["-A", "-o", "pgid=,stat="];
    const { stdout } = await new Deno.Command("ps", { args, stderr: "null" }).output();
    const lines = new TextDecoder().decode(stdout).split("\n").map((it) => it.trim().split(/\s+/));
    return lines.some(([pgid, state = ""]) => Number(pgid) === group && !state.startsWith("Z"));
  } catch {
    return true;
  }
}
