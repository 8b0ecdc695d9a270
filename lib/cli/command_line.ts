/**
 * What a command line asks for: help, the version, or a command with its options.
 *
 * @module
 */

import type { Command, Program } from "../command/command.ts";
import { HsmError } from "../errors.ts";
import { suggest } from "../text/suggest.ts";
import { parseArguments } from "./arguments.ts";
import { GLOBAL_OPTIONS, type Globals } from "../command/globals.ts";
import { named, type NamedOption } from "../command/option.ts";
import { flag } from "../command/options.ts";
import { findName, type Part, takeApart } from "../command/words.ts";

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
  program: Program,
  args: readonly string[],
): Promise<Invocation> {
  const globals = named(GLOBAL_OPTIONS);
  const outer = program.version === undefined ? globals : [...globals, VERSION];
  const { before, name, after } = findName(args, outer);
  const asks = (parts: readonly Part[], flag: string) =>
    parts.some((it) => it.kind === "option" && it.option.flag === flag);
  const { parts } = takeApart(before, outer);
  if (asks(parts, VERSION.flag)) return { kind: "version" };
  if (name === undefined) {
    if (asks(parts, "help")) return { kind: "help" };
    const unknown = parts.find((it) => it.kind === "unknown");
    if (unknown === undefined && !after.includes("--")) {
      const nameless = await program.commands.find("");
      return nameless === undefined ? { kind: "help" } : runOf(nameless, before);
    }
    const { name } = program;
    throw new HsmError("usage", `Cannot run ${name} ${unknown?.name ?? "--"}: it needs a command`, {
      hint: `run \`${name} --help\` for the commands`,
    });
  }
  if (name === "help") {
    const about = findName(after, globals).name;
    return about === undefined
      ? { kind: "help" }
      : { kind: "help", command: await findCommand(program, about) };
  }
  const command = await findCommand(program, name);
  // Global options may stand before the command too.
  const words = [...before, ...after];
  const all = takeApart(words, [...named(command.options), ...globals]);
  if (asks(all.parts, "help")) return { kind: "help", command };
  return runOf(command, words);

  function runOf(command: Command, words: readonly string[]): Invocation {
    return { kind: "run", command, ...parseArguments(program, command, words) };
  }
}

/** `--version`, which stands before every command. */
const VERSION: NamedOption = {
  key: "version",
  flag: "version",
  ...flag("Show the version", "V"),
};

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

async function findCommand(
  { name: program, version, commands }: Program,
  name: string,
): Promise<Command> {
  const command = name === "" ? undefined : await commands.find(name);
  if (command !== undefined) return command;
  const known = commands.names.filter((it) => it !== "");
  const all = version === undefined ? known : [...known, "--version"];
  const other = OTHER_NAMES.get(name);
  const nearest = other !== undefined && all.includes(other) ? other : suggest(name, known);
  throw new HsmError("usage", `Cannot run ${program} ${name}: there is no such command`, {
    hint: nearest === undefined
      ? `run \`${program} --help\` for the commands`
      : `did you mean \`${program} ${nearest}\`?`,
  });
}
