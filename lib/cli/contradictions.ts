/**
 * Options that contradict each other, as the commands declare it.
 *
 * @module
 */

import type { Command, OptionFacts, Relation } from "../command.ts";

/** What is the matter with options that stand together. */
export interface Contradiction {
  /** Which ones, and that they do not go together. */
  readonly state: string;
  /** Why. */
  readonly why: string;
}

/** What contradicts each other on every command line. */
export const GLOBAL_EXCLUDES: readonly Relation[] = [
  ["quiet", "verbose", "one says less than usual, the other more"],
];

/**
 * The first contradiction among options; undefined where there is none. Pure.
 *
 * @param given The keys of the options that were given; `--` where something stands behind that.
 */
export function findContradiction(
  command: Command,
  facts: readonly OptionFacts[],
  given: ReadonlySet<string>,
): Contradiction | undefined {
  const called = (key: string) => callOf(command, facts, key);
  for (const [one, other, why] of [...GLOBAL_EXCLUDES, ...command.excludes ?? []]) {
    if (!given.has(one) || !given.has(other)) continue;
    return { state: `${called(one)} and ${called(other)} exclude each other`, why };
  }
  for (const [option, needed, why] of command.needs ?? []) {
    if (!given.has(option) || given.has(needed)) continue;
    return { state: `${called(option)} goes with ${called(needed)} only`, why };
  }
  return undefined;
}

/** How an option is called by its key. */
export function callOf(command: Command, facts: readonly OptionFacts[], key: string): string {
  if (key === "--") return "what stands behind `--`";
  const option = facts.find((it) => it.key === key);
  return key === command.positional ? option?.placeholder ?? key : `--${option?.flag ?? key}`;
}
