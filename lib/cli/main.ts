/**
 * The executable, but for what only an executable may do.
 *
 * @module
 */

import { resolve } from "@std/path";
import type { Command, CommandContext } from "../command.ts";
import { HsmError } from "../errors.ts";
import { openWorkspace } from "../open_workspace.ts";
import { redact } from "../redact.ts";
import type { Reporter } from "../report.ts";
import { suggest } from "../suggest.ts";
import type { Workspace } from "../workspace.ts";
import { type OptionFacts, optionFacts, parseArguments } from "./arguments.ts";
import { globalOptions, type Globals } from "./globals.ts";
import { commandHelp, mainHelp } from "./help.ts";
import { lineReporter } from "./reporter.ts";
import { errorDocument, renderError, toHsmError } from "./show_error.ts";
import { chooseStyle } from "./style.ts";
import type { System } from "./system.ts";

/**
 * Runs a command line.
 *
 * @returns The exit status.
 */
export async function main(commands: readonly Command[], system: System): Promise<number> {
  // Before the command line is understood, what it asks of the output is taken from its words.
  const asked = (word: string) => system.args.includes(word);
  let globals: Globals = { json: asked("--json"), verbose: asked("--verbose") };
  const opened: Workspace[] = [];
  try {
    const invocation = readCommandLine(commands, system.args);
    if (invocation.kind === "help") {
      const style = chooseStyle(undefined, system);
      const { command } = invocation;
      system.stdout(command ? commandHelp(command, style) : mainHelp(commands, style));
      return 0;
    }
    if (invocation.kind === "version") {
      system.stdout(`hsm ${system.version}\n`);
      return 0;
    }
    const { command, options, passthrough } = invocation;
    globals = invocation.globals;
    const reporter = lineReporter(globals, chooseStyle(globals.color, system), system.stderr);
    const open = async (how: Parameters<CommandContext["open"]>[0]) => {
      const workspace = await openFor(command, globals, reporter, system, how);
      opened.push(workspace);
      return workspace;
    };
    const context = { passthrough, yes: globals.yes ?? false, open };
    const { data, text } = await command.run(context, options);
    system.stdout(globals.json ? `${JSON.stringify(data, undefined, 2)}\n` : text);
    return 0;
  } catch (thrown) {
    const error = toHsmError(thrown);
    const restored = opened.flatMap((it) => it.restored);
    if (globals.json) {
      system.stdout(`${JSON.stringify(errorDocument(error, restored), undefined, 2)}\n`);
    } else {
      if (globals.quiet) system.stderr(String(error.details["output"] ?? ""));
      const style = chooseStyle(globals.color, system);
      system.stderr(renderError(error, restored, style, globals.verbose ?? false));
    }
    return error.exitStatus;
  }
}

function openFor(
  command: Command,
  globals: Globals,
  reporter: Reporter,
  system: System,
  how: Parameters<CommandContext["open"]>[0],
): Promise<Workspace> {
  return openWorkspace({
    ...how,
    directory: resolve(system.cwd, globals.directory ?? "."),
    command: commandLine(command, system.args),
    reporter,
    env: system.env,
    ...(globals.jobs === undefined ? {} : { jobs: globals.jobs }),
    ...(system.interactive && !globals.json
      ? { confirm: (question, signal) => confirm(system, question, signal) }
      : {}),
  });
}

/** The command line as it may be kept and shown: from the command on, without secrets. */
function commandLine(command: Command, args: readonly string[]): string {
  const rest = args.slice(args.indexOf(command.name) + 1);
  return redact(["hsm", command.name, ...rest].join(" "));
}

async function confirm(system: System, question: string, signal: AbortSignal): Promise<boolean> {
  for (;;) {
    system.stderr(`${question} [Y/n] `);
    const answer = (await system.readLine(signal))?.trim().toLowerCase();
    if (answer === undefined) {
      system.stderr("\n");
      return false;
    }
    if (["", "y", "yes"].includes(answer)) return true;
    if (["n", "no"].includes(answer)) return false;
  }
}

type Invocation =
  | { readonly kind: "help"; readonly command?: Command }
  | { readonly kind: "version" }
  | {
    readonly kind: "run";
    readonly command: Command;
    readonly options: Record<string, unknown>;
    readonly globals: Globals;
    readonly passthrough: readonly string[];
  };

function readCommandLine(commands: readonly Command[], args: readonly string[]): Invocation {
  const schema = globalOptions();
  const at = commandIndex(args, optionFacts(schema));
  const name = args[at];
  const before = args.slice(0, at);
  const help = before.includes("--help") || before.includes("-h");
  if (before.includes("--version")) return { kind: "version" };
  if (name === undefined) {
    if (help || args.length === 0) return { kind: "help" };
    throw new HsmError("usage", `Cannot run hsm ${args[0]}: it needs a command`, {
      hint: "run `hsm --help` for the commands",
    });
  }
  if (name === "help") {
    const about = args[at + 1];
    return about === undefined
      ? { kind: "help" }
      : { kind: "help", command: findCommand(commands, about) };
  }
  const command = findCommand(commands, name);
  // Global options may stand before the command too.
  const words = [...before, ...args.slice(at + 1)];
  const own = words.includes("--") ? words.slice(0, words.indexOf("--")) : words;
  if (own.includes("--help") || own.includes("-h")) return { kind: "help", command };
  const parsed = parseArguments(command, words, schema);
  return { kind: "run", command, ...parsed, globals: parsed.globals as Globals };
}

/** Where the command stands: the first word that is neither an option nor an option's value. */
function commandIndex(args: readonly string[], globals: readonly OptionFacts[]): number {
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

function findCommand(commands: readonly Command[], name: string): Command {
  const command = commands.find((it) => it.name === name);
  if (command !== undefined) return command;
  const nearest = suggest(name, commands.map((it) => it.name));
  throw new HsmError("usage", `Cannot run hsm ${name}: there is no such command`, {
    hint: nearest === undefined
      ? "run `hsm --help` for the commands"
      : `did you mean \`hsm ${nearest}\`?`,
  });
}
