/**
 * Help and version as data, for `--json`.
 *
 * @module
 */

import type { Build } from "../command/build.ts";
import { type Command, type Program, takes } from "../command/command.ts";
import { GLOBAL_OPTIONS } from "../command/globals.ts";
import { named, type NamedOption } from "../command/option.ts";
import { groupCommands, usageLine } from "./help.ts";

/** What `hsm --version --json` prints. */
export interface VersionDocument extends Build {
  /** The version of HSM. */
  readonly hsm: string;
}

/** What `hsm --help --json` prints. */
export interface HelpDocument {
  /** The commands, in the order in which help lists them. */
  readonly commands: readonly ListedHelp[];
  /** The options of every command. */
  readonly options: readonly OptionHelp[];
}

/** A command in the list of all. */
export interface ListedHelp {
  /** The word behind `hsm`. */
  readonly name: string;
  /** The title under which help lists it. */
  readonly group: string;
  /** What it does, in one line. */
  readonly summary: string;
}

/** What `hsm COMMAND --help --json` prints. */
export interface CommandHelpDocument {
  /** The word behind `hsm`. */
  readonly name: string;
  /** What it does, in one line. */
  readonly summary: string;
  /** More about it. */
  readonly description?: string | undefined;
  /** How it is called. */
  readonly usage: string;
  /** The words that it takes beside options, where it takes any: all of them as one. */
  readonly argument?: ArgumentHelp | undefined;
  /** Each of these words, in their order. */
  readonly arguments: readonly ArgumentHelp[];
  /** What the words behind `--` are for, where it takes any. */
  readonly passthrough?: string | undefined;
  /** Its own options. */
  readonly options: readonly OptionHelp[];
  /** The options of every command. */
  readonly globals: readonly OptionHelp[];
  /** Command lines to copy. */
  readonly examples: readonly string[];
}

/** The words that a command takes beside options. */
export interface ArgumentHelp {
  /** What stands for them in the usage line. */
  readonly name: string;
  /** What they are. */
  readonly description: string;
  /** Whether the command needs one. */
  readonly required: boolean;
}

/** An option. */
export interface OptionHelp {
  /** The option, without dashes, such as `dry-run`. */
  readonly name: string;
  /** The letter that stands for it. */
  readonly alias?: string | undefined;
  /** What it does. */
  readonly description: string;
  /** What its value is; left out for a switch. */
  readonly value?: string | undefined;
  /** The values that it can have, where they are known. */
  readonly values?: readonly string[] | undefined;
  /** Whether it may stand several times. */
  readonly many: boolean;
}

/** All commands, as data. */
export function helpDocument(commands: readonly Command[]): HelpDocument {
  return {
    commands: groupCommands(commands).flatMap(({ title, commands }) =>
      commands.map(({ name, summary }) => ({ name, group: title, summary }))
    ),
    options: named(GLOBAL_OPTIONS).map(optionHelp),
  };
}

/** One command, as data. */
export function commandHelpDocument(program: Program, command: Command): CommandHelpDocument {
  const { name, summary, description, passthrough, examples } = command;
  const { positionals, options } = takes(command);
  const words = positionals.map(({ placeholder = "", description, required = false }) => ({
    ...{ name: placeholder, description, required },
  }));
  return {
    name,
    summary,
    description,
    usage: usageLine(program, command),
    argument: words.length === 0 ? undefined : {
      name: positionals.map(positionalName).join(" "),
      description: words.map((it) => it.description).join("; "),
      required: words.some((it) => it.required),
    },
    arguments: words,
    passthrough,
    options: options.map(optionHelp),
    globals: named(GLOBAL_OPTIONS).map(optionHelp),
    examples,
  };
}

/** What stands for it behind the first. */
function positionalName({ placeholder = "", required }: NamedOption, index: number): string {
  return index === 0 || required ? placeholder : `[${placeholder}]`;
}

function optionHelp(
  { flag, alias, description, placeholder, values, many = false }: NamedOption,
): OptionHelp {
  return { name: flag, alias, description, value: placeholder, values, many };
}
