/**
 * What a command line asks for: help, the version, or a command with its options.
 *
 * @module
 */

import type { Command, CommandSet } from "../command/command.ts";
import { HsmError } from "../errors.ts";
import { suggest } from "../text/suggest.ts";
import { parseArguments } from "./arguments.ts";
import { GLOBAL_OPTIONS, type Globals } from "../command/globals.ts";
import { named, type NamedOption } from "../command/option.ts";
import { flag } from "../command/options.ts";
import { type Part, takeApart } from "./words.ts";

/** What a command line asks for. */
export type Invocation =
  | { readonly kind: "help"; readonly command?: Command }
  | { readonly kind: "version" }
  | {
    readonly kind: "run";
    readonly command: Command;
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
  const globals = named(GLOBAL_OPTIONS);
  const { before, name, after } = findName(args, [...globals, VERSION]);
  const asks = (parts: readonly Part[], flag: string) =>
    parts.some((it) => it.kind === "option" && it.option.flag === flag);
  const { parts } = takeApart(before, [...globals, VERSION]);
  if (asks(parts, VERSION.flag)) return { kind: "version" };
  if (name === undefined) {
    if (asks(parts, "help")) return { kind: "help" };
    const overview = await commands.find("");
    const unknown = parts.find((it) => it.kind === "unknown");
    if (unknown === undefined && !after.includes("--") && overview !== undefined) {
      return runOf(overview, before);
    }
    const state = "it needs a command";
    throw new HsmError("usage", `Cannot run hsm ${unknown?.name ?? "--"}: ${state}`, {
      hint: "run `hsm --help` for the commands",
    });
  }
  if (name === "help") {
    const about = findName(after, globals).name;
    return about === undefined
      ? { kind: "help" }
      : { kind: "help", command: await findCommand(commands, about) };
  }
  const command = await findCommand(commands, name);
  // Global options may stand before the command too.
  const words = [...before, ...after];
  const all = takeApart(words, [...named(command.options), ...globals]);
  if (asks(all.parts, "help")) return { kind: "help", command };
  return runOf(command, words);
}

function runOf(command: Command, words: readonly string[]): Invocation {
  return { kind: "run", command, ...parseArguments(command, words) };
}

/** `--version`, which stands before every command. */
const VERSION: NamedOption = {
  key: "version",
  flag: "version",
  ...flag("Show the version", "V"),
};

/** Words around the command's name, which is the first that is neither an option nor an option's value. */
export function findName(words: readonly string[], globals: readonly NamedOption[]): {
  readonly before: readonly string[];
  readonly name: string | undefined;
  readonly after: readonly string[];
} {
  const { parts, passthrough = [] } = takeApart(words, globals);
  const first = parts.find((it) => it.kind === "word");
  const at = first?.index ?? words.length - (passthrough.length + Number(words.includes("--")));
  return {
    before: words.slice(0, at),
    name: first?.text,
    after: words.slice(first === undefined ? at : at + 1),
  };
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

async function findCommand(commands: CommandSet, name: string): Promise<Command> {
  const command = name === "" ? undefined : await commands.find(name);
  if (command !== undefined) return command;
  const nearest = OTHER_NAMES.get(name) ?? suggest(name, commands.names.filter((it) => it !== ""));
  throw new HsmError("usage", `Cannot run hsm ${name}: there is no such command`, {
    hint: nearest === undefined
      ? "run `hsm --help` for the commands"
      : `did you mean \`hsm ${nearest}\`?`,
  });
}
