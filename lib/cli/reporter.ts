/**
 * The reporter of the executable: messages on standard error.
 *
 * @module
 */

import { redact } from "../redact.ts";
import type { Progress, Reporter } from "../report.ts";
import type { Globals } from "./globals.ts";
import type { Style } from "./style.ts";

/** Makes a reporter that writes lines. */
export function lineReporter(
  globals: Pick<Globals, "quiet" | "verbose">,
  style: Style,
  write: (text: string) => void,
): Reporter {
  const line = (text: string) => write(`${redact(text)}\n`);
  const talk = (text: string) => globals.quiet || line(text);
  const progress: Progress = { update() {}, [Symbol.dispose]() {} };
  return {
    info: talk,
    warn: (message) => talk(`${style.yellow(style.bold("warning:"))} ${message}`),
    command(argv, milliseconds) {
      if (globals.verbose) line(style.dim(`$ ${argv.join(" ")} (${Math.round(milliseconds)} ms)`));
    },
    output: (text) => void (globals.quiet || write(redact(text))),
    progress: () => progress,
  };
}
