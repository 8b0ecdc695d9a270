/**
 * What a command runs in, made of its command line and of the process.
 *
 * @module
 */

import { resolve } from "@std/path";
import {
  ADAPTER_ARGUMENTS,
  type Command,
  type CommandContext,
  type Program,
} from "../command/command.ts";
import { GLOBAL_OPTIONS, type Globals } from "../command/globals.ts";
import { named } from "../command/option.ts";
import { findName } from "../command/words.ts";
import { HsmError } from "../errors.ts";
import { eventReporter } from "../events/reporter.ts";
import { createTell } from "../events/tell.ts";
import type { Reporter } from "../report.ts";
import { columns } from "../text/columns.ts";
import type { Page } from "../text/page.ts";
import { redact } from "../text/redact.ts";
import { openWorkspace, type OpenWorkspaceOptions } from "../workspace/open.ts";
import { refuseNoFolder } from "../workspace/root.ts";
import { type Around, Scripts } from "../workspace/scripts.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { choose, confirm } from "./ask.ts";
import type { Invocation } from "./command_line.ts";
import type { RunEvents } from "./run_events.ts";
import type { System } from "./system.ts";

/** What a {@linkcode commandContext} is made of. */
export interface RunParts {
  /** The program. */
  readonly program: Program;
  /** The command, and what its command line says. */
  readonly invocation: Invocation & { readonly kind: "run" };
  /** The process. */
  readonly system: System;
  /** What results are shown on. */
  readonly page: Pick<Page, "style" | "width">;
  /** Where messages go. */
  readonly reporter: Reporter;
  /** Where events go. */
  readonly events: RunEvents;
  /** Ends the run. */
  readonly signal: AbortSignal;
  /** What the command leaves behind: it goes back, and what has been started ends. */
  readonly left: AsyncDisposableStack;
  /** The workspaces that it has opened. */
  readonly opened: Workspace[];
}

/**
 * Makes what a command runs in.
 *
 * @throws {HsmError} `usage` where it is to work in what is no folder
 */
export function commandContext(parts: RunParts): CommandContext {
  const { program, invocation, system, page, reporter, events, signal, left, opened } = parts;
  const { command, globals, passthrough } = invocation;
  const { yes = false, json = false, verbose = false } = globals;
  const mayAsk = system.interactive && !json && !events.isOn;
  const ask = async (question: string, ending: AbortSignal) => {
    using _ = reporter.suspend();
    return await confirm(system, question, ending);
  };
  const tell = createTell({ reporter, onEvent: events.onEvent });
  const opening: OpenWorkspaceOptions = {
    directory: directoryOf(globals, system),
    command: commandLine(program, command, system),
    flags: named({ ...command.options, ...GLOBAL_OPTIONS }).map((it) => `--${it.flag}`),
    reporter,
    onEvent: events.onEvent,
    // What goes back stands in the error.
    tellsRestored: false,
    env: system.env,
    jobs: globals.jobs,
    layer: system.layer,
    signal,
    confirm: mayAsk ? ask : undefined,
    adapterArgs: command.passthrough === ADAPTER_ARGUMENTS ? passthrough : undefined,
  };
  return {
    ...{ passthrough, yes, json, verbose, signal, program, opening, ...page },
    events: events.isOn,
    color: system.color.stdout,
    stdoutTerminal: system.stdoutTerminal,
    called: `${program.name} ${command.name}`.trim(),
    reporter: eventReporter(tell),
    columns: (rows) => columns(rows, page.width),
    print(text) {
      if (json) return;
      using _ = reporter.suspend();
      system.stdout(text);
    },
    async confirm(question) {
      if (yes) return true;
      if (mayAsk) return await ask(question, signal);
      throw new HsmError("usage", `Cannot go on without an answer: ${question}`, {
        hint: "nobody can be asked here; pass `--yes`",
      });
    },
    choose: mayAsk && !yes
      ? async (question, names, ending = signal) => {
        using _ = reporter.suspend();
        return await choose(system, question, names, ending);
      }
      : undefined,
    shell() {
      const scripts = new Scripts(
        { root: directoryOf(globals, system), env: system.env, signal, tell },
        alone,
      );
      left.defer(() => scripts.end());
      return scripts.shell();
    },
    async open(how) {
      const workspace = left.use(await openWorkspace({ ...opening, ...how }));
      opened.push(workspace);
      return workspace;
    },
  };
}

/** How a program runs that no workspace has to do with. */
const alone: Around = (_, run) => run(() => {});

function directoryOf({ directory }: Globals, { cwd }: System): string {
  const folder = resolve(cwd, directory ?? ".");
  if (directory !== undefined) refuseNoFolder(folder);
  return folder;
}

/** The command line as it may be kept, shown and copied: from the command on, without secrets. */
function commandLine({ name }: Program, command: Command, { args }: System): string {
  const { after } = findName(args, named(GLOBAL_OPTIONS));
  const words = [name, command.name, ...after].filter((word) => word !== "");
  return redact(words.map(quoted).join(" "));
}

/** A word as a shell takes it back: a glob stays one. */
function quoted(word: string): string {
  return /[\s*?[\]"'`$\\;&|<>()#!]/.test(word) ? `'${word.replaceAll("'", "'\\''")}'` : word;
}
