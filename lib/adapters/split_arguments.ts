/**
 * The arguments of a sync that are handed on to a package manager, split into those of its two steps.
 *
 * @module
 */

import { HsmError } from "../errors.ts";

/** What a package manager's steps take. An option that is not here is refused: nobody knows to which of them it belongs. */
export interface ArgumentLists {
  /** The package manager, as messages name it. */
  readonly label: string;
  /** The options of each step, apart by spaces; those with a value end in `=`. */
  readonly steps: Readonly<Record<"lock" | "sync" | "both", string>>;
  /** What would keep it from being a sync of this project with its sources, and what to do instead. */
  readonly contrary: Readonly<Record<string, string>>;
  /** What to do about an option that is not known. */
  readonly unknown: string;
}

/**
 * Splits arguments.
 *
 * @throws {HsmError} `usage` where one would keep it from being a sync of this project with its sources, or is unknown.
 */
export function splitArguments(
  args: readonly string[],
  lists: ArgumentLists,
): Readonly<Record<"lock" | "sync", readonly string[]>> {
  const options = new Map(
    Object.entries(lists.steps).flatMap(([step, list]) =>
      list.trim().split(/\s+/).map((entry) =>
        [entry.replace(/=$/, ""), { step, hasValue: entry.endsWith("=") }] as const
      )
    ),
  );
  const refusal = (name: string, why: string, hint: string) =>
    new HsmError("usage", `Cannot sync with ${lists.label}'s ${name}: ${why}`, { hint });
  const lock: string[] = [];
  const sync: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const words = [args[at]!];
    const [name = "", ...value] = words[0]!.split("=");
    const hint = Object.hasOwn(lists.contrary, name) ? lists.contrary[name] : undefined;
    if (hint !== undefined) throw refusal(name, "that is for hsm to decide", hint);
    const option = options.get(name);
    if (option === undefined) throw refusal(name, "hsm does not know it", lists.unknown);
    if (option.hasValue && value.length === 0) {
      const next = args[++at];
      if (next === undefined || next.startsWith("-")) {
        throw refusal(name, "it needs a value", "write the value behind it");
      }
      words.push(next);
    }
    if (option.step !== "sync") lock.push(...words);
    if (option.step !== "lock") sync.push(...words);
  }
  return { lock, sync };
}
