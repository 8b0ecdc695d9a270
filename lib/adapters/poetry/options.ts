/**
 * The options of `poetry lock` and `poetry sync` (1.8 to 2.5): which of the two steps of a sync they belong to, and which
 * would keep it from being one.
 *
 * An option that is not here is refused: nobody knows whether it belongs to the lock file, or leaves packages out.
 *
 * @module
 */

import { HsmError } from "../../errors.ts";

/** Which of the steps an option belongs to, and whether it has a value. */
interface Option {
  readonly step: "lock" | "sync" | "both";
  readonly hasValue: boolean;
}

const LISTS = {
  lock: "--regenerate",
  sync: "--with= --without= --only= --extras= -E= --all-extras --all-groups --no-root --compile",
  both: "--no-cache --no-plugins --verbose -v -vv -vvv --quiet -q",
} as const;

const OPTIONS: ReadonlyMap<string, Option> = new Map(
  Object.entries(LISTS).flatMap(([step, list]) =>
    list.split(" ").map((entry) => {
      const hasValue = entry.endsWith("=");
      const option = { step: step as Option["step"], hasValue };
      return [hasValue ? entry.slice(0, -1) : entry, option] as const;
    })
  ),
);

/** What Poetry would take for another task than a sync of this project with its sources, and what to say instead. */
const CONTRARY: ReadonlyMap<string, string> = new Map(Object.entries({
  "--dry-run": "run `hsm sync --dry-run`, or `hsm check --resolve`",
  "--no-directory": "leave it away: checkouts are folders, and would not be installed",
  "--only-root": "leave it away: no package would be installed",
  "--sync": "leave it away: a sync is one",
  "--no-update": "leave it away: what is locked stays as far as it can",
  "--project": "run `hsm -C DIR`",
  "-P": "run `hsm -C DIR`",
  "--directory": "run `hsm -C DIR`",
  "-C": "run `hsm -C DIR`",
  "--help": "run `poetry sync --help`",
  "-h": "run `poetry sync --help`",
  "--version": "run `poetry --version`",
  "-V": "run `poetry --version`",
}));

/**
 * Splits the arguments of a sync into those of its two steps.
 *
 * @throws {HsmError} `usage` where one would keep it from being a sync of this project with its sources, or is unknown.
 */
export function splitPoetryArguments(
  args: readonly string[],
): Readonly<Record<"lock" | "sync", readonly string[]>> {
  const lock: string[] = [];
  const sync: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const words = [args[at]!];
    const [name = "", ...value] = words[0]!.split("=");
    const { step, hasValue } = find(name);
    if (hasValue && value.length === 0) {
      const next = args[++at];
      if (next === undefined || next.startsWith("-")) {
        throw refusal(name, "it needs a value", "write the value behind it");
      }
      words.push(next);
    }
    if (step !== "sync") lock.push(...words);
    if (step !== "lock") sync.push(...words);
  }
  return { lock, sync };
}

function find(name: string): Option {
  const hint = CONTRARY.get(name);
  if (hint !== undefined) throw refusal(name, "that is for hsm to decide", hint);
  const option = OPTIONS.get(name);
  if (option !== undefined) return option;
  throw refusal(
    name,
    "hsm does not know it",
    "`poetry config` has settings that hold for every call",
  );
}

function refusal(name: string, why: string, hint: string): HsmError {
  return new HsmError("usage", `Cannot sync with Poetry's ${name}: ${why}`, { hint });
}
