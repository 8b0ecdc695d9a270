/**
 * The options that every command has.
 *
 * @module
 */

import type * as z from "./zod.ts";
import type { SchemaKit } from "./schema_kit.ts";

/** The global options, after validation. */
export type Globals = z.output<ReturnType<typeof globalOptions>>;

/** The schema of the global options. */
export function globalOptions({ z, flag, text }: SchemaKit) {
  return z.object({
    directory: text("Work as if started in DIR", "DIR", "C"),
    json: flag("Print the result, or the error, as one JSON document"),
    yes: flag("Answer every question with yes", "y"),
    quiet: flag("Print errors and results only", "q"),
    verbose: flag(
      "Show every program that is run, with folder and time, and long lists in full",
      "v",
    ),
    jobs: z.optional(z.coerce.number().check(z.int(), z.minimum(1))).check(
      z.meta({ description: "Run N programs at a time; default 8", alias: "j", placeholder: "N" }),
    ),
    color: z.optional(z.enum(["auto", "always", "never"])).check(
      z.meta({ description: "When to use colour; NO_COLOR is heeded too" }),
    ),
    help: flag("Show this help", "h"),
  });
}
