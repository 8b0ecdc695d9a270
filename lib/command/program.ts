/**
 * A program that is made of commands: `hsm`, or one of a team's own.
 *
 * @module
 */

import type { Command, CommandSet, Program } from "./command.ts";
import { mistakeIn } from "./mistakes.ts";
import type { Option, Options } from "./option.ts";

/** What a program is made of. */
export interface ProgramParts extends Omit<Program, "commands"> {
  /** Its commands: one's own, and sets of others. */
  readonly commands: readonly (Command | CommandSet)[];
}

/**
 * Makes a program's commands of its own ones and of sets. Its own beat those of a set, so that a new command of HSM's
 * never takes the place of one that a team has had before; among sets the first counts.
 *
 * @throws {TypeError} where two of its own have one name, one could never be typed as it says, or the program has one that is no word for every shell
 */
export function programOf({ commands, ...rest }: ProgramParts): Program {
  if (!/^\w[\w.+-]*$/.test(rest.name)) throw new TypeError(`no program can be called ${rest.name}`);
  const own = new Map<string, Command>();
  for (const it of commands) {
    if (isSet(it)) continue;
    if (own.has(it.name)) {
      throw new TypeError(`two commands of ${rest.name} are called \`${it.name}\``);
    }
    const mistake = mistakeIn(it);
    if (mistake !== undefined) throw new TypeError(`${rest.name} ${it.name}: ${mistake}`);
    own.set(it.name, interruptible(it));
  }
  const names = [...new Set(commands.flatMap((it) => isSet(it) ? it.names : it.name))];
  const sets = commands.filter(isSet);
  const find = async (name: string) => {
    const set = sets.find((it) => it.names.includes(name));
    const found = own.has(name) ? undefined : await set?.find(name);
    return found === undefined ? own.get(name) : commandOf(program, found);
  };
  const program: Program = {
    ...rest,
    commands: {
      names,
      find,
      all: async () => (await Promise.all(names.map(find))).flatMap((it) => it ?? []),
    },
  };
  return program;
}

/** Milliseconds that a command has to end by itself once it is interrupted. */
const GRACE = 1000;

/**
 * A command that need not heed signals: it is not waited for for ever. What it has opened goes back all the same. HSM's own
 * end by themselves, however long their way back is.
 */
function interruptible(command: Command): Command {
  return {
    ...command,
    run: async (context, options) => {
      const { signal } = context;
      const interrupted = new Promise<never>((_, reject) => {
        const give = () => setTimeout(() => reject(signal.reason), GRACE);
        signal.addEventListener("abort", give, { once: true });
      });
      return await Promise.race([command.run(context, options), interrupted]);
    },
  };
}

function isSet(it: Command | CommandSet): it is CommandSet {
  return "find" in it;
}

/** A command line of HSM's: at the beginning of a line, in backticks or in parentheses. */
const LINE = /(?<=^ *|[`(])hsm(?= (-|[\w-]+))/gm;

/**
 * A message with the command lines in it as they are in this program: `hsm sync` is `mytool sync` where mytool has that
 * command, and stays what it is where only hsm has it. Pure.
 */
export function inProgram({ name, commands }: Program, message: string): string {
  return message.replace(
    LINE,
    (hsm, word: string) => word.startsWith("-") || commands.names.includes(word) ? name : hsm,
  );
}

/** hsm itself, where a command speaks of the program that it is one of. */
const ITSELF = /(?<=[^\w./@`(-])hsm(?![\w./@-])/g;

/** A command of HSM's that speaks of the program that it is one of now. */
function commandOf(program: Program, command: Command): Command {
  if (program.name === "hsm") return command;
  const said = (text: string) => inProgram(program, text).replace(ITSELF, program.name);
  const { summary, description, group, examples, options, passthrough } = command;
  return {
    ...command,
    summary: said(summary),
    examples: examples.map(said),
    options: mapValues(options, (it) => ({ ...it, description: said(it.description) })),
    ...description === undefined ? {} : { description: said(description) },
    ...group === undefined ? {} : { group: said(group) },
    ...passthrough === undefined ? {} : { passthrough: said(passthrough) },
  };
}

function mapValues(options: Options, change: (it: Option) => Option): Options {
  return Object.fromEntries(Object.entries(options).map(([key, it]) => [key, change(it)]));
}
