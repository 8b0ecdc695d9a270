/**
 * A command line of one's own: {@linkcode defineCommand} makes a command of plain data, from which parsing, help,
 * completion and the reference come, and {@linkcode runCli} runs a program of such commands, with HSM's own beside them.
 *
 * @module
 */

export { defineCommand } from "../lib/command/command.ts";
export type {
  Command,
  CommandContext,
  CommandDefinition,
  CommandOutcome,
  CommandSet,
  Program,
  Relation,
  Returned,
} from "../lib/command/command.ts";
export * as option from "../lib/command/options.ts";
export type {
  Candidate,
  Completes,
  Expected,
  Given,
  Option,
  Options,
} from "../lib/command/option.ts";
export type { ProgramParts } from "../lib/command/program.ts";
export { runCli, type RunCliOptions } from "../lib/cli/run_cli.ts";
export { hsmCommands } from "../tasks/mod.ts";
export type { Globals } from "../lib/command/globals.ts";
export type { Cell, Paint, PaintedCell } from "../lib/text/columns.ts";
export type { Page } from "../lib/text/page.ts";
export type { Look, Style } from "../lib/text/style.ts";
