/**
 * The executable, but for what only an executable may do.
 *
 * @module
 */

import { resolve } from "@std/path";
import {
  ADAPTER_ARGUMENTS,
  type Command,
  type CommandContext,
  type CommandOutcome,
  commandSet,
  type Program,
} from "../command/command.ts";
import { inProgram, programOf, type ProgramParts } from "../command/program.ts";
import { succeeds } from "../attempt.ts";
import { openWorkspace, type OpenWorkspaceOptions } from "../workspace/open.ts";
import { refuseNoFolder } from "../workspace/root.ts";
import { redact } from "../text/redact.ts";
import { ioError } from "../files/system_error.ts";
import { trapSignals } from "../process/signals.ts";
import { type Reporter, silentReporter } from "../report.ts";
import { describeLeft, type Workspace } from "../workspace/workspace.ts";
import { HsmError } from "../errors.ts";
import { columns } from "../text/columns.ts";
import { type Around, Scripts } from "../workspace/scripts.ts";
import { choose, confirm } from "./ask.ts";
import { readCommandLine } from "./command_line.ts";
import { toDocument } from "./document.ts";
import { errorFacts } from "../events/error_facts.ts";
import { eventReporter } from "../events/reporter.ts";
import { createTell } from "../events/tell.ts";
import { GLOBAL_OPTIONS, type Globals } from "../command/globals.ts";
import { named } from "../command/option.ts";
import { lineReporter } from "../console/line_reporter.ts";
import { RunEvents } from "./run_events.ts";
import { renderError, toHsmError } from "./show_error.ts";
import { createStyle, type Style } from "../text/style.ts";
import type { System } from "./system.ts";
import { terminalRegion } from "./terminal_region.ts";
import { findName, takeApart } from "../command/words.ts";

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
  const { commands, name, version } = program;
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
      if (globals.json) {
        const { commandHelpDocument, helpDocument } = await import("./help_document.ts");
        const data = command
          ? commandHelpDocument(program, command)
          : helpDocument(await commands.all());
        system.stdout(toDocument(data));
        return events.done(0);
      }
      const { style, width } = page;
      const { commandHelp, mainHelp } = await import("./help.ts");
      system.stdout(
        command
          ? commandHelp(program, command, style, width)
          : mainHelp(program, await commands.all(), style, width),
      );
      return events.done(0);
    }
    if (invocation.kind === "version") {
      system.stdout(globals.json ? toDocument({ [name]: version }) : `${name} ${version}\n`);
      return events.done(0);
    }
    const { command, options, passthrough } = invocation;
    globals = invocation.globals;
    using region = events.isOn ? undefined : await terminalRegion(globals, style, system);
    const { stderr: write, cwd } = system;
    const reporter = events.isOn
      ? silentReporter()
      : inWordsOf(program, lineReporter({ globals, style, write, region, cwd }));
    const tell = createTell({ reporter, onEvent: events.onEvent });
    const isForAdapter = command.passthrough === ADAPTER_ARGUMENTS;
    const { after } = findName(system.args, GLOBALS);
    const opening = {
      ...openingOptions(commandLine(name, command, after), globals, reporter, system),
      flags: named({ ...command.options, ...GLOBAL_OPTIONS }).map((it) => `--${it.flag}`),
      signal: trap.signal,
      onEvent: events.onEvent,
      adapterArgs: isForAdapter ? passthrough : undefined,
    };
    // Whatever a command leaves behind goes back, and what it has started ends.
    await using left = new AsyncDisposableStack();
    const open = async (how: Parameters<CommandContext["open"]>[0]) => {
      const workspace = left.use(await openWorkspace({ ...opening, ...how }));
      opened.push(workspace);
      return workspace;
    };
    const shell = () => {
      const root = resolve(system.cwd, globals.directory ?? ".");
      const { env } = system;
      const scripts = new Scripts({
        root,
        env,
        signal: trap.signal,
        tell: createTell({ reporter }),
      }, alone);
      left.defer(() => scripts.end());
      return scripts.shell();
    };
    const mayAsk = system.interactive && !globals.json && !events.isOn;
    const context: CommandContext = {
      passthrough,
      yes: globals.yes ?? false,
      json: globals.json ?? false,
      events: events.isOn,
      color: system.color.stdout,
      signal: trap.signal,
      reporter: eventReporter(tell),
      async confirm(question) {
        if (globals.yes) return true;
        if (!mayAsk) throw unanswered(question);
        using _ = reporter.suspend();
        return await confirm(system, question, trap.signal);
      },
      choose: mayAsk && !globals.yes
        ? async (question, names, signal = trap.signal) => {
          using _ = reporter.suspend();
          return await choose(system, question, names, signal);
        }
        : undefined,
      stdoutTerminal: system.stdoutTerminal,
      ...page,
      columns: (rows) => columns(rows, page.width),
      shell,
      verbose: globals.verbose ?? false,
      print(text) {
        if (globals.json) return;
        using _ = reporter.suspend();
        system.stdout(text);
      },
      program,
      called: `${name} ${command.name}`.trim(),
      opening,
      open,
    };
    const outcome = await command.run(context, options);
    await left.disposeAsync();
    const files = [...new Set(opened.flatMap((it) => it.left))];
    if (files.length > 0 && outcome.failure === undefined) {
      tell({ kind: "warned", message: describeLeft(files) });
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

/** How a program runs that no workspace has to do with. */
const alone: Around = (_, run) => run(() => {});

function unanswered(question: string): HsmError {
  return new HsmError("usage", `Cannot go on without an answer: ${question}`, {
    hint: "nobody can be asked here; pass `--yes`",
  });
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

function openingOptions(
  command: string,
  globals: Globals,
  reporter: Reporter,
  system: System,
): OpenWorkspaceOptions {
  const directory = resolve(system.cwd, globals.directory ?? ".");
  if (globals.directory !== undefined) refuseNoFolder(directory);
  return {
    directory,
    command,
    reporter,
    // What goes back stands in the error.
    tellsRestored: false,
    env: system.env,
    jobs: globals.jobs,
    layer: system.layer,
    confirm: system.interactive && !globals.json && !globals.events
      ? async (question, signal) => {
        using _ = reporter.suspend();
        return await confirm(system, question, signal);
      }
      : undefined,
  };
}

/** The command line as it may be kept, shown and copied: from the command on, without secrets. */
function commandLine(program: string, command: Command, after: readonly string[]): string {
  const words = [program, command.name, ...after].filter((word) => word !== "");
  return redact(words.map(quoted).join(" "));
}

/** A word as a shell takes it back: a glob stays one. */
function quoted(word: string): string {
  return /[\s*?[\]"'`$\\;&|<>()#!]/.test(word) ? `'${word.replaceAll("'", "'\\''")}'` : word;
}
