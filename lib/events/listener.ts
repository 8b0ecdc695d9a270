/**
 * Somebody who listens to events, as they are called.
 *
 * @module
 */

import type { Happening, HsmEvent } from "./events.ts";
import { redact } from "../text/redact.ts";

/** Hears of what happens, at once and in its order. What it returns is not waited for. */
export type EventListener = (event: HsmEvent) => unknown;

/** How often the same work says how far it is. */
const PROGRESS_MS = 100;

/** A line that is longer comes in pieces. */
const LONGEST_LINE = 64 * 1024;

/**
 * Calls a listener: with data of its own, in which URLs have no secrets. What programs say comes in whole lines.
 *
 * What it throws ends no run, of which half would be done: it is said once, and the listener hears of what follows all the
 * same. What it tells itself, it does not hear.
 */
export function listening(
  onEvent: EventListener,
  warn: (message: string) => void,
): (event: Happening) => void {
  let [hasFailed, isCalled] = [false, false];
  const failed = (error: unknown) => {
    if (!hasFailed) warn(`onEvent has failed, and the run goes on: ${reasonOf(error)}`);
    hasFailed = true;
  };
  const call = (event: Happening) => {
    if (isCalled) return;
    isCalled = true;
    try {
      const result = onEvent(toEvent(event));
      if (result instanceof Promise) result.catch(failed);
    } catch (error) {
      failed(error);
    } finally {
      isCalled = false;
    }
  };
  /** What is left of programs' lines, by their work. */
  const rests = new Map<number | undefined, string>();
  const flush = (id: number | undefined) => {
    const text = rests.get(id);
    rests.delete(id);
    if (text) call({ kind: "output", id, text });
  };
  /** When work has said last what it does. */
  const shown = new Map<number, { readonly text: string; readonly time: number }>();
  return (event) => {
    switch (event.kind) {
      case "output": {
        const { id } = event;
        const text = `${rests.get(id) ?? ""}${event.text}`;
        const length = text.length > LONGEST_LINE ? text.length : text.lastIndexOf("\n") + 1;
        rests.set(id, text.slice(length));
        return length === 0 ? undefined : call({ ...event, text: text.slice(0, length) });
      }
      case "progressed": {
        const { id, text } = event;
        const [last, time] = [shown.get(id), performance.now()];
        if (last?.text === text && time - last.time < PROGRESS_MS) return;
        shown.set(id, { text, time });
        return call(event);
      }
      case "ran":
        flush(undefined);
        return call(event);
      case "ended":
        flush(event.id);
        shown.delete(event.id);
        return call(event);
    }
    call(event);
  };
}

function toEvent({ kind, ...facts }: Happening): HsmEvent {
  const event = { kind, at: new Date().toISOString(), ...facts };
  const mask = (_: string, it: unknown) => typeof it === "string" ? redact(it) : it;
  return JSON.parse(JSON.stringify(event, mask));
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
