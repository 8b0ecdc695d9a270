/**
 * The options that every command has.
 *
 * @module
 */

import type { Option } from "./option.ts";
import { choice, count, flag, path } from "./options.ts";

/** The options of every command. */
export const GLOBAL_OPTIONS: { readonly [Key in keyof Globals]-?: Option<Globals[Key]> } = {
  directory: { ...path("Work as if started in DIR", "DIR", "directories"), alias: "C" },
  json: flag("Print the result, or the error, as one JSON document"),
  events: flag("Print what happens as JSON lines on standard error, in place of messages"),
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
export interface Globals {
  /** Where to work. */
  readonly directory?: string | undefined;
  /** Whether the result is told as JSON. */
  readonly json?: boolean | undefined;
  /** Whether what happens is told as JSON lines. */
  readonly events?: boolean | undefined;
  /** Whether every question is answered with yes. */
  readonly yes?: boolean | undefined;
  /** Whether nothing but errors and results is told. */
  readonly quiet?: boolean | undefined;
  /** Whether every program that is run is told. */
  readonly verbose?: boolean | undefined;
  /** How many programs run at a time. */
  readonly jobs?: number | undefined;
  /** When to use colour. */
  readonly color?: "auto" | "always" | "never" | undefined;
  /** Whether only help is wanted. */
  readonly help?: boolean | undefined;
}
