/**
 * Signals: the first one asks for an orderly end, the others must not disturb it.
 *
 * @module
 */

import { attempt } from "../attempt.ts";
import { HsmError } from "../errors.ts";
import { ENDING_SIGNALS, type EndingSignal, isTyped, SIGNAL_NUMBERS } from "../platform/signals.ts";
import { SYSTEM } from "../platform/system.ts";

export type { EndingSignal };

/** How many programs have the terminal at the moment, and its Ctrl-C with it. */
let holders = 0;

/** Leaves what is typed, until the result is disposed of, to a program that has the terminal: it is for it to end, or not. */
export function leaveInterrupts(): Disposable {
  holders++;
  return { [Symbol.dispose]: () => void holders-- };
}

/** What is to be done at a second signal, and at each later one. */
const impatient = new Set<() => void>();

/** Calls it whenever a signal comes while another one is being heeded, until the result is disposed of. */
export function onImpatience(listener: () => void): Disposable {
  impatient.add(listener);
  return { [Symbol.dispose]: () => void impatient.delete(listener) };
}

/** What happens on signals. */
export interface TrapOptions {
  /** Called at the first signal. */
  readonly onFirst?: (signal: EndingSignal) => void;
  /** Called once, at the second one: the place to say that the rollback still runs. */
  readonly onRepeat?: (signal: EndingSignal) => void;
}

/** Signal handlers that stand until they are disposed of. */
export interface SignalTrap extends Disposable {
  /** Aborted at the first signal; its reason is an {@linkcode HsmError} `interrupted` with the exit status. */
  readonly signal: AbortSignal;
}

/**
 * The error of a command that a signal ended; its exit status is 128 plus the signal's number.
 *
 * @example
 * ```ts
 * import { interruptedBy } from "./signals.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(interruptedBy("SIGTERM").exitStatus, 143);
 * ```
 */
export function interruptedBy(signal: EndingSignal): HsmError {
  return new HsmError("interrupted", `Cannot go on: interrupted by ${signal}`, {
    exitStatus: 128 + SIGNAL_NUMBERS[signal],
    details: { signal },
  });
}

/**
 * Catches INT, QUIT, TERM and HUP, those that the system has, so that none ends the process before its rollback.
 *
 * The second and later ones change nothing but for what {@linkcode onImpatience} says.
 */
export function trapSignals(options: TrapOptions = {}): SignalTrap {
  const controller = new AbortController();
  const listeners: (readonly [EndingSignal, () => void])[] = [];
  let seen = 0;
  for (const name of ENDING_SIGNALS[SYSTEM]) {
    const listener = (): void => {
      if (isTyped(name) && holders > 0) return;
      seen++;
      if (seen === 1) {
        options.onFirst?.(name);
        controller.abort(interruptedBy(name));
        return;
      }
      if (seen === 2) options.onRepeat?.(name);
      for (const it of impatient) it();
    };
    // This system may not have it.
    attempt(() => {
      Deno.addSignalListener(name, listener);
      listeners.push([name, listener]);
    });
  }
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      for (const [name, listener] of listeners.splice(0)) {
        Deno.removeSignalListener(name, listener);
      }
    },
  };
}
