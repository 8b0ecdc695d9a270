/**
 * Words as events: the reporter that scripts, and adapters of their own, speak through.
 *
 * @module
 */

import type { Reporter } from "../report.ts";
import type { Tell } from "./tell.ts";

/** A reporter whose words are events, told like all others. */
export function eventReporter(tell: Tell): Reporter {
  return {
    info: (message) => tell({ kind: "told", message }),
    detail: (message) => tell({ kind: "told", message, level: "detail" }),
    warn: (message) => tell({ kind: "warned", message }),
    command: (argv, milliseconds, folder) => tell({ kind: "ran", argv, milliseconds, folder }),
    output: (text) => tell({ kind: "output", text }),
    progress: (message) => tell.begin({ work: "other", message }),
    program: (message, options) => tell.begin({ work: "program", message }, options),
    suspend: () => tell.begin({ work: "terminal" }),
  };
}
