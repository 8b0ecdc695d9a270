/**
 * The signals that end a command, and what ends a program, on each system.
 *
 * @module
 */

import type { System } from "./system.ts";

/** A signal that ends a command. Windows has Ctrl-C, Ctrl-Break and the end of the console only. */
export type EndingSignal = "SIGHUP" | "SIGINT" | "SIGQUIT" | "SIGTERM" | "SIGBREAK";

/** Their numbers: the exit status is 128 plus the number. */
export const SIGNAL_NUMBERS: Readonly<Record<EndingSignal, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGTERM: 15,
  SIGBREAK: 21,
};

const UNIX: readonly EndingSignal[] = ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM"];

/** Those that a system has. */
export const ENDING_SIGNALS: Readonly<Record<System, readonly EndingSignal[]>> = {
  linux: UNIX,
  darwin: UNIX,
  windows: ["SIGHUP", "SIGINT", "SIGBREAK"],
};

/** Whether a signal is typed at a terminal, which sends it to all programs there at once. */
export function isTyped(signal: unknown): boolean {
  return signal === "SIGINT" || signal === "SIGQUIT" || signal === "SIGBREAK";
}

/** A step on the way to a program's end. */
export interface EndingStep {
  /** When it is taken: the part of the program's time that has passed by then. */
  readonly after: number;
  readonly signal: Deno.Signal;
}

/** By force, at the end of its time. */
const KILL: EndingStep = { after: 1, signal: "SIGKILL" };

/** The part of its time after which a program that has not ended on a signal is sent SIGTERM. */
const PATIENCE = 0.3;

/**
 * How a program is ended: what ended HSM ends its children, then SIGTERM does, which git heeds always, then force.
 *
 * Windows knows nothing but force. But what ends HSM there comes from the console, which tells all that run in it: they have
 * their time. Only what ends for another reason, such as a script's own signal, ends at once.
 *
 * @param reason The signal that ended HSM; undefined: it was none.
 */
export function stepsToEnd(
  reason: EndingSignal | undefined,
  system: System,
): readonly EndingStep[] {
  if (system === "windows") return [reason === undefined ? { ...KILL, after: 0 } : KILL];
  // Ctrl-\ asks for a core dump as well, which is of no use here.
  const first = reason === "SIGINT" || reason === "SIGHUP" ? reason : "SIGTERM";
  return [{ after: 0, signal: first }, { after: PATIENCE, signal: "SIGTERM" }, KILL];
}
