/**
 * How much the tests tried, for the grand total at the end of `deno task test`.
 *
 * @module
 */

import fc, { type Parameters, type RunDetails } from "fast-check";

/** What is counted. */
export const COUNTED = ["kills", "errors", "signals", "cases"] as const;

/** Numbers of one test, or of all. */
export type Tally = { readonly [Name in typeof COUNTED[number]]?: number };

/** The variable that names the file to which tests append their numbers. */
export const TALLY_FILE = "HSM_TALLY";

/** Adds to the grand total; without `deno task test` nobody asks for it. */
export function tally(numbers: Tally): void {
  const file = Deno.env.get(TALLY_FILE);
  if (file) Deno.writeTextFileSync(file, `${JSON.stringify(numbers)}\n`, { append: true });
}

/** All numbers in such a file together. */
export function total(text: string): Required<Tally> {
  const lines = text.split("\n").filter((line) => line !== "");
  const all = lines.map((line) => JSON.parse(line) as Tally);
  const sum = (name: keyof Tally) => all.reduce((n, it) => n + (it[name] ?? 0), 0);
  return {
    kills: sum("kills"),
    errors: sum("errors"),
    signals: sum("signals"),
    cases: sum("cases"),
  };
}

/** The same cases in every run, so that what is green stays green; `HSM_FUZZ_SEED` (a number) makes others. */
const SEED = Number(Deno.env.get("HSM_FUZZ_SEED") ?? 1);

/** The options of a property-based test of so many cases; those that were run are counted. */
export function counted<T>(numRuns: number): Parameters<T> {
  const reporter = (details: RunDetails<T>) => {
    tally({ cases: details.numRuns });
    if (details.failed) {
      throw new Error(fc.defaultReportMessage(details), { cause: details.errorInstance });
    }
  };
  return { numRuns, seed: SEED, reporter };
}
