/**
 * What a command line asks for: help, the version, or a command with its options.
 *
 * @module
 */

import type { CommandSet, ListedCommand, OptionFacts } from "../command.ts";
import { HsmError } from "../errors.ts";
import { suggest } from "../text/suggest.ts";
import { parseArguments } from "./arguments.ts";
import type { Globals } from "./globals.ts";

/** What a command line asks for. */
export type Invocation =
  | { readonly kind: "help"; readonly command?: ListedCommand }
  | { readonly kind: "version" }
  | {
    readonly kind: "run";
    readonly command: ListedCommand;
    readonly options: Record<string, unknown>;
    readonly globals: Globals;
    readonly passthrough: readonly string[];
  };

/**
 * Finds out what a command line asks for.
 *
 * @throws {HsmError} `usage`
 */
export async function readCommandLine(
  commands: CommandSet,
  args: readonly string[],
): Promise<Invocation> {
  const { globals } = commands;
  const at = commandIndex(args, globals);
  const name = args[at];
  const before = args.slice(0, at);
  const help = before.includes("--help") || before.includes("-h");
  if (before.includes("--version") || before.includes("-V")) return { kind: "version" };
  if (name === undefined) {
    if (help) return { kind: "help" };
    const overview = await commands.find("");
    const known = globals.flatMap((it) => [`--${it.flag}`, `-${it.alias}`]);
    const unknown = args.find((word) => word.startsWith("-") && !known.includes(nameOf(word)));
    if (unknown === undefined && overview !== undefined) {
      return await runOf(overview, args, globals);
    }
    throw new HsmError("usage", `Cannot run hsm ${unknown ?? args[0] ?? ""}: it needs a command`, {
      hint: "run `hsm --help` for the commands",
    });
  }
  if (name === "help") {
    const about = args[at + 1];
    return about === undefined
      ? { kind: "help" }
      : { kind: "help", command: await findCommand(commands, about) };
  }
  const command = await findCommand(commands, name);
  // Global options may stand before the command too.
  const words = [...before, ...args.slice(at + 1)];
  const own = words.includes("--") ? words.slice(0, words.indexOf("--")) : words;
  if (own.includes("--help") || own.includes("-h")) return { kind: "help", command };
  return await runOf(command, words, globals);
}

async function runOf(
  command: ListedCommand,
  words: readonly string[],
  globals: readonly OptionFacts[],
): Promise<Invocation> {
  const parsed = await parseArguments(command, words, globals);
  return { kind: "run", command, ...parsed, globals: parsed.globals as Globals };
}

/** An option as it is called, of a word such as `--directory=DIR` or `-j4`. */
function nameOf(word: string): string {
  return word.startsWith("--") ? word.replace(/=.*$/s, "") : word.slice(0, 2);
}

/** Where the command stands: the first word that is neither an option nor an option's value. */
export function commandIndex(args: readonly string[], globals: readonly OptionFacts[]): number {
  const takesValue = (word: string) =>
    globals.some((it) =>
      it.placeholder !== undefined && (word === `--${it.flag}` || word === `-${it.alias}`)
    );
  let index = 0;
  while (index < args.length && args[index]?.startsWith("-")) {
    index += takesValue(args[index] ?? "") ? 2 : 1;
  }
  return index;
}

/** What other tools call it. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ["ls", "list"],
  ["rm", "remove"],
  ["uninstall", "remove"],
  ["up", "update"],
  ["upgrade", "update"],
  ["install", "sync"],
  ["st", "status"],
  ["version", "--version"],
]);

async function findCommand(commands: CommandSet, name: string): Promise<ListedCommand> {
  const command = name === "" ? undefined : await commands.find(name);
  if (command !== undefined) return command;
  const nearest = OTHER_NAMES.get(name) ?? suggest(name, commands.names.filter((it) => it !== ""));
  throw new HsmError("usage", `Cannot run hsm ${name}: there is no such command`, {
    hint: nearest === undefined
      ? "run `hsm --help` for the commands"
      : `did you mean \`hsm ${nearest}\`?`,
  });
}
