/**
 * What makes options: each returns plain data, {@linkcode Option}, which `{ ...option, completes: "files" }` adds to.
 *
 * @example
 * ```ts
 * import { option } from "@hsm/hsm/cli";
 *
 * export const options = {
 *   plugin: option.required(option.packageName("The plugin")),
 *   tag: option.text("The tag; default: the next one", "TAG", "t"),
 *   dryRun: option.flag("Only say what would be done"),
 * };
 * // What `run` of a command is given for them: { plugin: string, tag?: string, dryRun?: boolean }
 * ```
 *
 * @module
 */

import type { Option } from "./option.ts";

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

/** An option that the command needs. */
export function required<T>(option: Option<T | undefined>): Option<T> {
  return { ...option, required: true } as Option<T>;
}

/** A positional argument that the command needs. */
export function word(description: string, placeholder: string): Option<string> {
  return required(text(description, placeholder));
}

/** Positional arguments of which the command needs at least one. */
export function words(description: string, placeholder: string): Option<readonly string[]> {
  return required(texts(description, placeholder));
}

/** A package of the workspace, by name: an option, or a positional argument. */
export function packageName(
  description: string,
  placeholder: string = "NAME",
): Option<string | undefined> {
  return { ...text(description, placeholder), completes: "packages" };
}

/** Packages of the workspace, by name or glob: an option, or positional arguments. */
export function packages(
  description: string,
  placeholder: string = "NAME",
): Option<readonly string[] | undefined> {
  return { ...texts(description, placeholder), completes: "packages" };
}

/** A file or a folder, which the shell completes. */
export function path(
  description: string,
  placeholder: string,
  completes: "files" | "directories" = "files",
): Option<string | undefined> {
  return { ...text(description, placeholder), completes };
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
