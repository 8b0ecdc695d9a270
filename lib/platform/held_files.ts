/**
 * Files that somebody else has open: on Windows a virus scanner, an indexer or an editor keeps others from renaming and
 * removing them meanwhile, mostly for a moment. Elsewhere nobody is in the way.
 *
 * @module
 */

import { SYSTEM, type System } from "./system.ts";

/** What is waited for. */
export interface HeldOptions {
  /** @default {SYSTEM} */
  readonly system?: System;
  /** Milliseconds until it is given up. @default {2000} */
  readonly patience?: number;
}

/** What Windows says of a file that somebody has open, and also of one that HSM may not touch. */
const HELD: ReadonlySet<unknown> = new Set(["EACCES", "EPERM", "EBUSY"]);

/**
 * Renames or removes files, again and again while somebody may have one open.
 *
 * @param call What renames or removes: it happens or it fails, and then leaves all as it was.
 * @throws {Error} what the system said last.
 */
export function whileHeld<T>(
  call: () => T,
  { system = SYSTEM, patience = 2_000 }: HeldOptions = {},
): T {
  const deadline = performance.now() + patience;
  for (let pause = 10;; pause = Math.min(2 * pause, 250)) {
    try {
      return call();
    } catch (error) {
      const code = (error as { code?: unknown } | null)?.code;
      if (system !== "windows" || !HELD.has(code) || performance.now() >= deadline) throw error;
      sleep(pause);
    }
  }
}

/** On this thread: a step of a transaction is one that others do not come between. */
function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
