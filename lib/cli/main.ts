/**
 * The executable, but for what only an executable may do.
 *
 * @module
 */

import { type Command, type CommandOutcome, commandSet, type Program } from "../command/command.ts";
import { inProgram, programOf, type ProgramParts } from "../command/program.ts";
import { succeeds } from "../attempt.ts";
import { ioError } from "../files/system_error.ts";
import { trapSignals } from "../process/signals.ts";
import { type Reporter, silentReporter } from "../report.ts";
import { describeLeft, type Workspace } from "../workspace/workspace.ts";
import { commandContext } from "./command_context.ts";
import { readCommandLine } from "./command_line.ts";
import { toDocument } from "./document.ts";
import { errorFacts } from "../events/error_facts.ts";
import { GLOBAL_OPTIONS, type Globals } from "../command/globals.ts";
import { named } from "../command/option.ts";
import { lineReporter } from "../console/line_reporter.ts";
import { RunEvents } from "./run_events.ts";
import { renderError, toHsmError } from "./show_error.ts";
import type { Page } from "../text/page.ts";
import { createStyle, type Style } from "../text/style.ts";
import type { System } from "./system.ts";
import { terminalRegion } from "./terminal_region.ts";
import { describeVersion } from "./version.ts";
import { takeApart } from "../command/words.ts";

const GLOBALS = named(GLOBAL_OPTIONS);

/** What every program has. */
const COMPLETIONS = commandSet({
  completions: async () => (await import("./completion/command.ts")).completionsCommand,
});

/**
 * Runs a command line of a program that is made of these parts.
 *
 * @returns The exit status.
 */
export async function runProgram(parts: ProgramParts, system: System): Promise<number> {
  try {
    return await main(programOf({ ...parts, commands: [...parts.commands, COMPLETIONS] }), system);
  } catch (thrown) {
    // Whoever has made the program has made a mistake.
    const error = toHsmError(thrown, parts.name);
    system.stderr(renderError(error, [], createStyle(system.color.stderr), true));
    return error.exitStatus;
  }
}

/**
 * Runs a command line.
 *
 * @returns The exit status.
 */
export async function main(program: Program, outside: System): Promise<number> {
  const { name, version } = program;
  const said = (message: string) => inProgram(program, message);
  let hasPrinted = false;
  const system: System = {
    ...outside,
    stdout(text) {
      hasPrinted = true;
      print(outside, text);
    },
  };
  // What opens no workspace, or not yet, is to end in an orderly way too.
  using trap = trapSignals();
  const style = createStyle(system.color.stderr);
  const page = {
    style: createStyle(system.color.stdout),
    width: system.stdoutTerminal ? system.size().columns : Infinity,
  };
  // Before the command line is understood, what it asks of the output is taken from its words.
  const { parts } = takeApart(system.args, GLOBALS);
  const asked = (key: string) => parts.some((it) => it.kind === "option" && it.option.key === key);
  let globals: Globals = { json: asked("json"), verbose: asked("verbose") };
  const events = new RunEvents(asked("events") ? { ...system, said } : undefined);
  const opened: Workspace[] = [];
  try {
    const invocation = await readCommandLine(program, system.args);
    if (invocation.kind === "help") {
      const { command } = invocation;
      system.stdout(
        globals.json
          ? await helpDocumentOf(program, command)
          : await helpOf(program, command, page),
      );
      return events.done(0);
    }
    if (invocation.kind === "version") {
      const build = await program.build?.();
      system.stdout(
        globals.json ? toDocument({ [name]: version, ...build }) : describeVersion(program, build),
      );
      return events.done(0);
    }
    globals = invocation.globals;
    using region = events.isOn ? undefined : await terminalRegion(globals, style, system);
    const { stderr: write, cwd } = system;
    const reporter = events.isOn
      ? silentReporter()
      : inWordsOf(program, lineReporter({ globals, style, write, region, cwd }));
    await using left = new AsyncDisposableStack();
    const { signal } = trap;
    const surroundings = { system, page, reporter, events, signal, left, opened };
    const context = commandContext({ program, invocation, ...surroundings });
    const outcome = await invocation.command.run(context, invocation.options);
    await left.disposeAsync();
    const files = [...new Set(opened.flatMap((it) => it.left))];
    if (files.length > 0 && outcome.failure === undefined) {
      context.reporter.warn(describeLeft(files));
    }
    const status = show(outcome, { globals, style, system, said, events });
    // The last line, whatever the run has told; an error is one, and a document is a proof by itself.
    const { proof, failure } = outcome;
    if (proof !== undefined && failure === undefined && !globals.json) reporter.info(proof);
    return failure === undefined ? events.done(status, proof) : status;
  } catch (thrown) {
    const error = toHsmError(thrown, name);
    const restored = [...new Set([...opened.flatMap((it) => it.restored), ...error.restored])];
    const notRestored = opened.flatMap((it) => it.notRestored);
    if (notRestored.length > 0) error.addDetails({ notRestored });
    const facts = errorFacts(error, restored, said);
    const document = globals.json && !hasPrinted && toDocument({}, facts);
    // On a full disk it cannot be printed.
    const isPrinted = document && succeeds(() => system.stdout(document));
    events.failed(facts, error.exitStatus);
    if (!isPrinted && !events.isOn) {
      if (globals.quiet) system.stderr(String(error.details["output"] ?? ""));
      system.stderr(said(renderError(error, restored, style, globals.verbose ?? false)));
    }
    return error.exitStatus;
  }
}

async function helpOf(
  program: Program,
  command: Command | undefined,
  { style, width }: Pick<Page, "style" | "width">,
): Promise<string> {
  const { commandHelp, mainHelp } = await import("./help.ts");
  return command === undefined
    ? mainHelp(program, await program.commands.all(), style, width)
    : commandHelp(program, command, style, width);
}

async function helpDocumentOf(program: Program, command: Command | undefined): Promise<string> {
  const { commandHelpDocument, helpDocument } = await import("./help_document.ts");
  const data = command === undefined
    ? helpDocument(await program.commands.all())
    : commandHelpDocument(program, command);
  return toDocument(data);
}

/** A reporter whose messages have the program's own command lines in them. */
function inWordsOf(program: Program, reporter: Reporter): Reporter {
  const said = (message: string) => inProgram(program, message);
  return {
    ...reporter,
    info: (message) => reporter.info(said(message)),
    detail: (message) => reporter.detail(said(message)),
    warn: (message) => reporter.warn(said(message)),
  };
}

function print(system: System, text: string): void {
  try {
    system.stdout(text);
  } catch (error) {
    throw ioError("write to standard output", "standard output", error);
  }
}

/** Shows what a command came to, and returns the exit status. */
function show(
  { data, text, failure, isTold = false, answer = 0 }: CommandOutcome,
  { globals, style, system, said, events }: {
    readonly globals: Globals;
    readonly style: Style;
    readonly system: System;
    readonly said: (message: string) => string;
    readonly events: RunEvents;
  },
): number {
  const facts = failure && errorFacts(failure, failure.restored, said);
  if (globals.json) system.stdout(toDocument(data, facts));
  else {
    system.stdout(said(text));
    if (failure !== undefined && !isTold && !events.isOn) {
      system.stderr(said(renderError(failure, [], style, globals.verbose ?? false)));
    }
  }
  if (failure && facts) events.failed(facts, failure.exitStatus);
  return failure?.exitStatus ?? answer;
}
