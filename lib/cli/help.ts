/**
 * Help, from the commands' own options.
 *
 * @module
 */

import { columns, wrap } from "../text/columns.ts";
import { type Command, type Program, takes } from "../command/command.ts";
import { GLOBAL_OPTIONS } from "../command/globals.ts";
import { named, type NamedOption } from "../command/option.ts";
import type { Style } from "../text/style.ts";

/** The commands that help lists, in groups with a title each: in the order in which each title comes first. */
export function groupCommands(
  commands: readonly Command[],
): readonly { readonly title: string; readonly commands: readonly Command[] }[] {
  const groups = Map.groupBy(commands.filter((it) => !it.hidden), (it) => it.group ?? "Commands");
  return Array.from(groups, ([title, commands]) => ({ title, commands }));
}

/** The help of the whole program, for a terminal that is so wide. */
export function mainHelp(
  { name, version, summary, start = [] }: Program,
  commands: readonly Command[],
  style: Style,
  terminal = Infinity,
): string {
  const room = terminal - INDENT.length;
  const width = Math.max(0, ...commands.map((it) => it.name.length));
  return [
    ...summary === undefined ? [] : [columns([[summary]], terminal)],
    ...start.length === 0 ? [] : [style.bold("Start here:"), indent(columns(start, room))],
    `${style.bold("Usage:")} ${name} COMMAND [OPTIONS]\n`,
    ...groupCommands(commands).flatMap((group) => [
      style.bold(`${group.title}:`),
      indent(columns(group.commands.map((it) => [it.name.padEnd(width), it.summary]), room)),
    ]),
    style.bold("Options of every command:"),
    indent(optionLines(named(GLOBAL_OPTIONS), room)),
    columns([[
      `Run \`${name} help COMMAND\` for a command's own options${
        version === undefined ? "" : `, \`${name} --version\` for the version`
      }.`,
    ]], terminal),
  ].join("\n");
}

/** The help of one command, for a terminal that is so wide. */
export function commandHelp(
  program: Program,
  command: Command,
  style: Style,
  terminal = Infinity,
): string {
  const room = terminal - INDENT.length;
  const { summary, description } = command;
  const about = [summary && `${summary}.`, description].filter((it) => it);
  const { positionals, options: own } = takes(command);
  const words = [
    ...positionals.map((it) => [it.placeholder ?? "", it.description]),
    ...(command.passthrough ? [["-- ARGS", command.passthrough]] : []),
  ];
  return [
    ...about.length === 0 ? [] : [columns([[about.join(" ")]], terminal)],
    `${style.bold("Usage:")} ${
      wrap(usageLine(program, command), terminal - USAGE.length).join(`\n${USAGE}`)
    }\n`,
    ...(words.length > 0 ? [style.bold("Arguments:"), indent(columns(words, room))] : []),
    ...(own.length > 0 ? [style.bold("Options:"), indent(optionLines(own, room))] : []),
    style.bold("Options of every command:"),
    indent(optionLines(named(GLOBAL_OPTIONS), room)),
    ...command.examples.length === 0
      ? []
      : [style.bold("Examples:"), `${command.examples.map((it) => `  ${it}\n`).join("")}`],
  ].join("\n");
}

/** How a command is called. */
export function usageLine({ name }: Pick<Program, "name">, command: Command): string {
  return [
    `${name} ${command.name}`.trim(),
    ...takes(command).positionals.map(positionalUsage),
    "[OPTIONS]",
    ...(command.passthrough ? ["[-- ARGS…]"] : []),
  ].join(" ");
}

function optionLines(options: readonly NamedOption[], room: number): string {
  const rows = options.map((it) => [`${it.alias ? "" : "    "}${optionUsage(it)}`, it.description]);
  return columns(rows, room);
}

function positionalUsage({ placeholder, required, many }: NamedOption): string {
  const words = `${placeholder}${many ? "…" : ""}`;
  return required ? words : `[${words}]`;
}

/** How an option is called, such as `-C, --directory DIR`. */
export function optionUsage({ alias, flag, placeholder }: NamedOption): string {
  return `${alias ? `-${alias}, ` : ""}--${flag}${placeholder ? ` ${placeholder}` : ""}`;
}

const INDENT = "  ";

/** What stands below the heading of the usage line. */
const USAGE = " ".repeat("Usage: ".length);

function indent(lines: string): string {
  return lines.replace(/^(?=.)/gm, INDENT);
}
