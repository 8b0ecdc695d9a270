/**
 * The reporter for scripts.
 *
 * @module
 */

import type { Reporter } from "../report.ts";
import { isAscii } from "../text/ascii.ts";
import { printer } from "./printer.ts";
import { lineReporter } from "./line_reporter.ts";
import { chooseColor, createStyle } from "../text/style.ts";

/** What a {@linkcode consoleReporter} tells. */
export interface ConsoleReporterOptions {
  /** Says nothing. @default {false} */
  readonly quiet?: boolean;
  /** Also tells every program that is run, with its folder and its time. @default {false} */
  readonly verbose?: boolean;
}

/**
 * A reporter that writes to standard error what `hsm` does, line by line: what was done, warnings, and what uv says.
 *
 * @example
 * ```ts
 * import { consoleReporter, openWorkspace } from "@hsm/hsm";
 *
 * await using workspace = await openWorkspace({ reporter: consoleReporter() });
 * workspace.reporter.warn("this goes to standard error");
 * ```
 */
export function consoleReporter(options: ConsoleReporterOptions = {}): Reporter {
  const { quiet = false, verbose = false } = options;
  const terminal = Deno.stderr.isTerminal();
  const env = Deno.env.toObject();
  const color = chooseColor({ terminal, env });
  return lineReporter({
    globals: { quiet, verbose },
    style: createStyle(color),
    write: printer(Deno.stderr, color, terminal && isAscii(env)),
    region: undefined,
    ...(verbose ? { cwd: Deno.cwd() } : {}),
  });
}
