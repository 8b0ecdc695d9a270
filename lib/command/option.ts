/**
 * What an option is, as plain data: parsing, help, completion and the reference read it as it stands.
 *
 * @module
 */

/** An option, or the positional arguments of a command. */
export interface Option<T = unknown> {
  /** What it does. */
  readonly description: string;
  /** The letter that stands for it. */
  readonly alias?: string | undefined;
  /** What its value is; left out for a switch. */
  readonly placeholder?: string;
  /** The values that it can have, where they are known. */
  readonly values?: readonly string[];
  /** Whether it may stand several times. @default {false} */
  readonly many?: boolean;
  /** Whether the command needs it. @default {false} */
  readonly required?: boolean;
  /** What completion offers for its value; `values` are offered anyway. */
  readonly completes?: Completes;
  /** The positional argument that a switch is another name for, as `--all` is for `*`. */
  readonly standsFor?: string;
  /** Reads its value; default: the text itself. */
  readonly read?: (text: string) => T | Expected;
}

/**
 * What completion offers: `packages` of the workspace, `tags` of the package that the command line names, `history` (what
 * can be undone), `files`, `directories`, or words that are known.
 */
export type Completes =
  | "packages"
  | "tags"
  | "history"
  | "files"
  | "directories"
  | readonly Candidate[];

/** A word that completion offers. */
export interface Candidate {
  /** The word. */
  readonly value: string;
  /** What it is. */
  readonly description: string;
}

/** Why a text is no value of an option. */
export interface Expected {
  /** What it must be, such as `a whole number`. */
  readonly expected: string;
}

/** Options by their keys, such as `dryRun` for `--dry-run`, in the order in which help lists them. */
export type Options = Readonly<Record<string, Option>>;

/** What a command line gives for options, by their keys. */
export type Given<O extends Options> = {
  readonly [Key in keyof O]: O[Key] extends Option<infer T> ? T : never;
};

/** An option with its names. */
export interface NamedOption extends Option {
  /** The key, such as `dryRun`. */
  readonly key: string;
  /** The option, without dashes, such as `dry-run`. */
  readonly flag: string;
}

/** Options with their names, in their order. */
export function named(options: Options): readonly NamedOption[] {
  return Object.entries(options).map(([key, option]) => ({
    key,
    flag: key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    ...option,
  }));
}
