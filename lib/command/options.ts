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
  /** How often it may stand at the most, where it may stand several times. */
  readonly most?: number;
  /** Whether the command needs it. @default {false} */
  readonly required?: boolean;
  /** The positional argument that a switch is another name for, as `--all` is for `*`. */
  readonly standsFor?: string;
  /** Reads its value; default: the text itself. */
  readonly read?: (text: string) => T | Expected;
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

/** A switch: `--NAME`. */
export function flag(description: string, alias?: string): Option<boolean | undefined> {
  return { description, alias };
}

/** An option with a value. */
export function text(
  description: string,
  placeholder: string,
  alias?: string,
): Option<string | undefined> {
  return { description, placeholder, alias };
}

/** An option with a value that may stand several times, or positional arguments. */
export function texts(
  description: string,
  placeholder: string,
): Option<readonly string[] | undefined> {
  return { description, placeholder, many: true };
}

/** Positional arguments of which the command needs at least one. */
export function words(description: string, placeholder: string): Option<readonly string[]> {
  return { description, placeholder, many: true, required: true };
}

/** An option whose value is one of a few. */
export function choice<const Values extends readonly string[]>(
  description: string,
  values: Values,
  alias?: string,
): Option<Values[number] | undefined> {
  return { description, placeholder: values.join("|"), values, alias };
}

/** {@linkcode choice} that may stand several times, or positional arguments. */
export function choices<const Values extends readonly string[]>(
  description: string,
  values: Values,
): Option<readonly Values[number][] | undefined> {
  return { description, placeholder: values.join("|"), values, many: true };
}

/** An option whose value is a whole number, at least 1. */
export function count(
  description: string,
  placeholder: string,
  alias?: string,
): Option<number | undefined> {
  const read = (it: string) => {
    const value = it.trim() === "" ? NaN : Number(it);
    if (!Number.isSafeInteger(value)) return { expected: "a whole number" };
    return value < 1 ? { expected: "at least 1" } : value;
  };
  return { description, placeholder, alias, read };
}
