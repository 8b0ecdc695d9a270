/**
 * What the words before the one that is to be completed say.
 *
 * @module
 */

import { type Command, type CommandSet, takes } from "../../command/command.ts";
import { GLOBAL_OPTIONS } from "../../command/globals.ts";
import { named, type NamedOption } from "../../command/option.ts";
import { findName, takeApart } from "../../command/words.ts";

/** What a command line says so far. */
export interface WordsRead {
  /** The word that stands for the command; undefined where none has come yet. */
  readonly name: string | undefined;
  /** The command; undefined where there is none of that name. */
  readonly command: Command | undefined;
  /** The words that are neither options nor options' values. */
  readonly positionals: readonly string[];
  /** The options that are there, with their values; of a switch the empty one. */
  readonly given: ReadonlyMap<NamedOption, readonly string[]>;
  /** The option whose value comes next. */
  readonly pending: NamedOption | undefined;
  /** The words behind `--`; undefined where none has come yet. */
  readonly passthrough: readonly string[] | undefined;
}

/** Reads the words behind the program. Whatever is wrong with them is passed over: the line is not complete yet. */
export async function readWords(
  words: readonly string[],
  { find }: Pick<CommandSet, "find">,
): Promise<WordsRead> {
  const { before, name, after } = findName(words, named(GLOBAL_OPTIONS));
  const found = name ? await find(name) : undefined;
  const command = found?.hidden ? undefined : found;
  const { parts, passthrough, open } = takeApart(
    [...before, ...after],
    optionsOf(command),
  );
  const positionals: string[] = [];
  const given = new Map<NamedOption, readonly string[]>();
  for (const part of parts) {
    if (part.kind === "word") positionals.push(part.text);
    else if (part.kind === "option" && part.option !== open) {
      given.set(part.option, [...given.get(part.option) ?? [], part.value ?? ""]);
    }
  }
  return { name, command, positionals, given, pending: open, passthrough };
}

/** The options that may stand there, the command's own first. */
export function optionsOf(command: Command | undefined): readonly NamedOption[] {
  return [...command === undefined ? [] : takes(command).options, ...named(GLOBAL_OPTIONS)];
}
