/**
 * More arguments of a sync, which is two steps of a package manager's: which of them they belong to, and which would keep it
 * from being one.
 *
 * An option that nobody knows is refused: it may belong to the lock file, or take sources away.
 *
 * @module
 */

import { HsmError } from "../errors.ts";

/** Which of the steps an option belongs to. */
type Step = "lock" | "sync" | "both";

/** What the options of a package manager are. */
export interface StepOptions {
  /** What messages call the package manager. */
  readonly manager: string;
  /** The options of each step, without their dashes. A `=` says that one has a value, a letter before it is its short form. */
  readonly steps: Readonly<Record<Step, string>>;
  /** What it would take for another task than a sync of this project with its sources, and what to say instead. */
  readonly contrary: Readonly<Record<string, string>>;
  /** What to do in place of an option that is unknown. */
  readonly elsewhere: string;
  /** What to know where something is no option. */
  readonly onlyOptions: string;
}

interface Option {
  readonly step: Step;
  readonly hasValue: boolean;
}

/** Arguments by the step that takes them. */
export type SplitArguments = Readonly<Record<"lock" | "sync", readonly string[]>>;

/**
 * Makes what splits the arguments of a sync into those of its two steps.
 *
 * @returns It throws `usage` where one would keep it from being a sync of this project with its sources, or is unknown.
 */
export function argumentSplitter(known: StepOptions): (args: readonly string[]) => SplitArguments {
  const options = new Options(known);
  return (args) => {
    const lock: string[] = [];
    const sync: string[] = [];
    for (let at = 0; at < args.length; at++) {
      const words = [args[at]!];
      const { name, step, wantsValue } = options.read(words[0]!);
      if (wantsValue) {
        const value = args[++at];
        if (value === undefined || value.startsWith("-")) {
          throw options.refusal(name, "it needs a value", "write the value behind it");
        }
        words.push(value);
      }
      if (step !== "sync") lock.push(...words);
      if (step !== "lock") sync.push(...words);
    }
    return { lock, sync };
  };
}

class Options {
  readonly #known: StepOptions;
  /** By their names, dashes included. */
  readonly #byName: ReadonlyMap<string, Option>;

  constructor(known: StepOptions) {
    this.#known = known;
    this.#byName = new Map(
      Object.entries(known.steps).flatMap(([step, list]) =>
        (list.match(/\S+/g) ?? []).flatMap((entry) => {
          const [, letter, name] = /^(?:(\w):)?([\w-]+)=?$/.exec(entry)!;
          const option = { step: step as Step, hasValue: entry.endsWith("=") };
          const long = [`--${name}`, option] as const;
          return letter === undefined ? [long] : [long, [`-${letter}`, option] as const];
        })
      ),
    );
  }

  /** One word of a command line: the option that it is, or several letters in one. */
  read(word: string): { name: string; step: Step; wantsValue: boolean } {
    if (!word.startsWith("-") || word === "-") {
      throw this.refusal(word, "it is no option", this.#known.onlyOptions);
    }
    if (word.startsWith("--")) {
      const [name = "", ...value] = word.split("=");
      const { step, hasValue } = this.#find(name);
      return { name, step, wantsValue: hasValue && value.length === 0 };
    }
    const steps = new Set<Step>();
    const stepOf = () => steps.size === 1 ? [...steps][0]! : "both";
    for (const [at, letter] of [...word.slice(1)].entries()) {
      const name = `-${letter}`;
      const { step, hasValue } = this.#find(name);
      steps.add(step);
      if (steps.size > 1 && at > 0) {
        throw this.refusal(word, "it is several options", "write them apart");
      }
      // What follows is its value already.
      if (hasValue) return { name, step: stepOf(), wantsValue: word.length === at + 2 };
    }
    return { name: word, step: stepOf(), wantsValue: false };
  }

  refusal(name: string, why: string, hint: string): HsmError {
    return new HsmError("usage", `Cannot sync with ${this.#known.manager}'s ${name}: ${why}`, {
      hint,
    });
  }

  #find(name: string): Option {
    const { contrary, elsewhere } = this.#known;
    const hint = contrary[name];
    if (hint !== undefined && Object.hasOwn(contrary, name)) {
      throw this.refusal(name, "that is for hsm to decide", hint);
    }
    const option = this.#byName.get(name);
    if (option !== undefined) return option;
    throw this.refusal(name, "hsm does not know it", elsewhere);
  }
}
