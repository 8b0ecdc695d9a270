/**
 * Options that contradict each other, as the commands declare it.
 *
 * @module
 */

import type { Command, Relation } from "../command/command.ts";
import { GLOBAL_OPTIONS } from "../command/globals.ts";
import { named } from "../command/option.ts";

/** What contradicts each other on every command line. */
export const GLOBAL_EXCLUDES: readonly Relation[] = [
  ["quiet", "verbose", "one says less than usual, the other more"],
];

/** Options that do not go together as they stand. */
export interface Contradiction {
  /** Which ones, and that they do not. */
  readonly state: string;
  /** Why. */
  readonly why: string;
}

/**
 * The first contradiction among options; undefined where there is none. Pure.
 *
 * @param given The keys of the options that were given; `--` where something stands behind that.
 */
export function findContradiction(
  command: Command,
  given: ReadonlySet<string>,
): Contradiction | undefined {
  const all = contradictions({
    ...command,
    excludes: [...GLOBAL_EXCLUDES, ...command.excludes ?? []],
  });
  return all.find(({ one, other, isNeed }) => given.has(one) && given.has(other) !== isNeed);
}

/** What a command declares, as sentences. Pure. */
export function contradictions(
  command: Command,
): readonly (Contradiction & { one: string; other: string; isNeed: boolean })[] {
  const called = (key: string) => callOf(command, key);
  return [
    ...command.excludes?.map(([one, other, why]) => ({
      ...{ one, other, why, isNeed: false },
      state: `${called(one)} and ${called(other)} exclude each other`,
    })) ?? [],
    ...command.needs?.map(([one, other, why]) => ({
      ...{ one, other, why, isNeed: true },
      state: `${called(one)} goes with ${called(other)} only`,
    })) ?? [],
  ];
}

/** How an option is called by its key. */
export function callOf(command: Command, key: string): string {
  if (key === "--") return "what stands behind `--`";
  const options = named({ ...GLOBAL_OPTIONS, ...command.options });
  const option = options.find((it) => it.key === key);
  return command.positionals.includes(key)
    ? option?.placeholder ?? key
    : `--${option?.flag ?? key}`;
}
