/**
 * What is wrong with a command that somebody has defined: the compiler sees some of it, and nobody the rest, until a
 * person types it.
 *
 * @module
 */

import { type Command, takes } from "./command.ts";
import { GLOBAL_OPTIONS } from "./globals.ts";
import { named } from "./option.ts";

/** What could never be typed, or would mean two things; undefined where nothing is. Pure. */
export function mistakeIn(command: Command): string | undefined {
  const { name, options: given, positionals: keys } = command;
  if (!/^(\w[\w-]*)?$/.test(name) || name === "help") return `no command can be called \`${name}\``;
  const { positionals, options } = takes(command);
  const unknown = keys.find((key) => !Object.hasOwn(given, key));
  if (unknown !== undefined) return `there is no option ${unknown} for its positional argument`;
  const many = positionals.findIndex((it) => it.many);
  if (many >= 0 && many < positionals.length - 1) {
    return `what stands behind ${positionals[many]?.placeholder} never gets a word`;
  }
  const late = positionals.findIndex((it, index) =>
    it.required && positionals.slice(0, index).some((before) => !before.required)
  );
  if (late >= 0) {
    return `${positionals[late]?.placeholder} is needed, and what stands before it is not`;
  }
  const taken = named(GLOBAL_OPTIONS).flatMap((it) => [it.flag, it.alias ?? []].flat());
  for (const { flag, alias } of options) {
    for (const word of [flag, ...alias === undefined ? [] : [alias]]) {
      const typed = word.length === 1 ? `-${word}` : `--${word}`;
      if (taken.includes(word)) return `${typed} would mean two things`;
      taken.push(word);
    }
  }
  return undefined;
}
