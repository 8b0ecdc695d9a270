/**
 * Events in words: the one place that makes a {@linkcode Reporter}'s calls of them.
 *
 * @module
 */

import type { Happening } from "./events.ts";
import type { ProgramOptions, ProgramReport, Progress, Reporter } from "../report.ts";

/** Tells events in words. */
export interface EventWords {
  /** Tells one; `program`: how the messages of a program that begins are shown. */
  tell(event: Happening, program?: ProgramOptions): void;
  /** Whether anybody sees how far work is. */
  isShown(id: number): boolean;
}

/** What shows work, and what a program says. */
type Shown = Disposable & Partial<Progress & ProgramReport>;

/** Makes what tells events to a reporter. */
export function eventWords(reporter: Reporter): EventWords {
  const running = new Map<number, Shown>();
  return {
    isShown: (id) => running.get(id)?.isShown === true,
    tell(event, program) {
      switch (event.kind) {
        case "started": {
          const { id, work, message = "" } = event;
          const shown = work === "terminal"
            ? reporter.suspend()
            : work === "program"
            ? reporter.program(message, program)
            : reporter.progress(message);
          return void running.set(id, shown);
        }
        case "progressed":
          return running.get(event.id)?.update?.(event.text, event.percent);
        case "output": {
          const { id, text } = event;
          const report = id === undefined ? undefined : running.get(id);
          return report?.output === undefined ? reporter.output(text) : report.output(text);
        }
        case "ended": {
          const shown = running.get(event.id);
          running.delete(event.id);
          if (event.success !== undefined) shown?.ended?.(event.success);
          return shown?.[Symbol.dispose]();
        }
        case "ran":
          return reporter.command(event.argv, event.milliseconds, event.folder);
        case "warned":
          return reporter.warn(event.message);
      }
      const { message, level } = event;
      if (message === undefined) return;
      if (level === "warning") reporter.warn(message);
      else if (level === "detail") reporter.detail(message);
      else reporter.info(message);
    },
  };
}
