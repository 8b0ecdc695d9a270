/**
 * What all events must be: those of all tests' runs are held against it.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import type { HsmEvent } from "../../lib/events/events.ts";
import type { Run } from "./program.ts";
import { eventMisfits } from "./shape.ts";

/** Asserts that events are as documented, and that all that has started has ended once, and after that says nothing. */
export function assertEvents(events: readonly HsmEvent[]): void {
  const all = events.map((it) => JSON.stringify(it)).join("\n");
  const running = new Set<number>();
  let before = "";
  for (const event of events) {
    assertEquals(eventMisfits(event), [], `${JSON.stringify(event)} in\n${all}`);
    assertEquals(event.at >= before, true, `${event.at} comes after ${before} in\n${all}`);
    before = event.at;
    const id = "id" in event ? event.id : undefined;
    if (id === undefined) continue;
    if (event.kind === "started") {
      assertEquals(running.has(id), false, `${id} has started twice in\n${all}`);
      running.add(id);
    }
    assertEquals(
      running.has(id),
      true,
      `${JSON.stringify(event)} is of no running work in\n${all}`,
    );
    if (event.kind === "ended") running.delete(id);
  }
  assertEquals([...running], [], `what has not ended in\n${all}`);
}

/** The events that a run with `--events` has printed. */
export function eventsOf({ stderr }: Pick<Run, "stderr">): readonly HsmEvent[] {
  assertEquals(/\n$|^$/.test(stderr), true, `a line is not complete in\n${stderr}`);
  return stderr.split("\n").slice(0, -1).map((line) => JSON.parse(line));
}

/** Asserts that a run with `--events` has printed events alone, and their end. A program that was killed could not. */
export function assertLines(args: readonly string[], run: Run): void {
  const end = args.indexOf("--");
  const isAsked = (end < 0 ? args : args.slice(0, end)).includes("--events");
  if (!isAsked || run.code === 137) return;
  // deno-lint-ignore no-control-regex
  assertEquals(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/.test(run.stderr), false, run.stderr);
  const events = eventsOf(run);
  assertEvents(events);
  const [first, last] = [events[0], events.at(-1)];
  assertEquals(first?.kind, "begun", run.stderr);
  assertEquals(
    events.filter((it) => it.kind === "done" || it.kind === "failed"),
    [last],
    run.stderr,
  );
  assertEquals((last as { exitStatus: number }).exitStatus, run.code, run.stderr);
}
