/**
 * The options that every command has.
 *
 * @module
 */

import type { Given } from "./option.ts";
import { choice, count, flag, path } from "./options.ts";

/** The options of every command. */
export const GLOBAL_OPTIONS = {
  directory: { ...path("Work as if started in DIR", "DIR", "directories"), alias: "C" },
  json: flag("Print the result, or the error, as one JSON document"),
  yes: flag("Answer every question with yes", "y"),
  quiet: flag("Print errors and results only", "q"),
  verbose: flag(
    "Show every program that is run, with folder and time, and long lists in full",
    "v",
  ),
  jobs: count("Run N programs at a time; default 8", "N", "j"),
  color: choice("When to use colour; NO_COLOR is heeded too", ["auto", "always", "never"]),
  help: flag("Show this help", "h"),
};

/** What a command line gives for them. */
export type Globals = Partial<Given<typeof GLOBAL_OPTIONS>>;
