/**
 * Man pages, from the same data of the commands as help and the reference: pure functions from them to roff, in the macros of
 * man(7), which every man knows.
 *
 * @module
 */

import { contradictions } from "../lib/cli/contradictions.ts";
import { groupCommands, optionUsage, usageLine } from "../lib/cli/help.ts";
import { type Command, type Program, takes } from "../lib/command/command.ts";
import { GLOBAL_OPTIONS } from "../lib/command/globals.ts";
import { named, type NamedOption } from "../lib/command/option.ts";
import { EXIT_STATUS } from "./exit_status.ts";

/** All pages by their files' names: one of the program, and one of each command. */
export async function manPages(
  program: Program,
  date: Date,
): Promise<Readonly<Record<string, string>>> {
  const groups = groupCommands(await program.commands.all());
  const commands = groups.flatMap((it) => it.commands);
  const page = (name: string, lines: readonly string[]) =>
    `${[head(program, name, date), ...lines].join("\n")}\n`;
  return Object.fromEntries([
    [`${program.name}.1`, page(program.name, mainPage(program, groups))],
    ...commands.map((it) => {
      const name = `${program.name}-${it.name}`;
      return [`${name}.1`, page(name, commandPage(program, it, name))];
    }),
  ]);
}

function head({ name, version = "" }: Program, page: string, date: Date): string {
  const day = date.toISOString().slice(0, 10);
  return `.TH ${page.toUpperCase()} 1 ${day} "${
    `${name} ${version}`.trim()
  }" "${name.toUpperCase()} Manual"`;
}

function mainPage(
  program: Program,
  groups: ReturnType<typeof groupCommands>,
): readonly string[] {
  const { name, summary = "", start = [] } = program;
  return [
    ".SH NAME",
    `${name} \\- ${roff(summary.replace(/\.$/, ""))}`,
    ".SH SYNOPSIS",
    `.B ${name}`,
    "COMMAND [OPTIONS]",
    ".SH DESCRIPTION",
    roff(summary),
    ...start.flatMap(([line, what]) => [".TP", bold(line), roff(what)]),
    ".SH COMMANDS",
    ...groups.flatMap(({ title, commands }) => [
      `.SS ${title}`,
      ...commands.flatMap((
        it,
      ) => [".TP", `.BR ${roff(`${name}-${it.name}`)} (1)`, roff(it.summary)]),
    ]),
    ".SH OPTIONS",
    "Of every command:",
    ...optionList(named(GLOBAL_OPTIONS)),
    ".SH EXIT STATUS",
    ...EXIT_STATUS.flatMap(([status, meaning]) => [".TP", bold(status), roff(meaning)]),
    ".SH FILES",
    ...FILES.flatMap(([file, what]) => [".TP", `.I ${roff(file)}`, roff(what)]),
    ".SH SEE ALSO",
    ".BR git (1),",
    ".BR uv (1)",
  ];
}

const FILES = [
  [
    "hsm.yaml",
    "the manifest, beside the app's pyproject.toml: the packages, and their versions in production",
  ],
  ["hsm.local.yaml", "one developer's own part of it, which git ignores"],
  [".hsm/", "hsm's own folder in the app: the lock, the journal, and the history for `hsm undo`"],
] as const;

function commandPage(program: Program, command: Command, name: string): readonly string[] {
  const { summary, description, passthrough, examples } = command;
  const { positionals, options } = takes(command);
  const [called, ...rest] = [`${program.name} ${command.name}`, usageLine(program, command)];
  const refused = contradictions(command);
  return [
    ".SH NAME",
    `${roff(name)} \\- ${roff(summary)}`,
    ".SH SYNOPSIS",
    `.B ${called}`,
    roff(rest.join(" ").slice(called.length + 1)),
    ".SH DESCRIPTION",
    roff(`${summary}.${description ? ` ${description}` : ""}`),
    ...positionals.flatMap((
      it,
    ) => [".TP", `.I ${roff(it.placeholder ?? "")}`, roff(it.description)]),
    ...passthrough === undefined ? [] : [".TP", bold("-- ARGS"), roff(passthrough)],
    ".SH OPTIONS",
    ...optionList(options),
    ...options.length === 0 ? [] : [".PP"],
    "Those of every command are in",
    `.BR ${roff(program.name)} (1).`,
    ...refused.flatMap((it) => [".IP \\(bu 2", roff(`${it.state}: ${it.why}`)]),
    ...examples.length === 0
      ? []
      : [".SH EXAMPLES", ".EX", ...examples.map((it) => roff(it, { isCode: true })), ".EE"],
    ".SH SEE ALSO",
    `.BR ${roff(program.name)} (1)`,
  ];
}

function optionList(options: readonly NamedOption[]): readonly string[] {
  return options.flatMap((it) => [
    ".TP",
    bold(optionUsage(it)),
    roff(`${it.description}${it.many ? "; may stand several times" : ""}`),
  ]);
}

function bold(text: string): string {
  return `\\fB${roff(text, { isCode: true })}\\fR`;
}

/** A text as one line of roff; what stands in backticks is bold, unless it is code as a whole. */
function roff(text: string, { isCode = false } = {}): string {
  const escaped = text.replaceAll("…", "...").replaceAll("\\", "\\e").replaceAll("-", "\\-")
    .replaceAll("'", "\\(aq")
    .replace(
      /[^\n\x20-\x7e]/gu,
      (it) => `\\[u${it.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}]`,
    );
  const styled = isCode
    ? escaped.replaceAll("`", "\\(ga")
    : escaped.replace(/`([^`]*)`/g, "\\fB$1\\fR");
  return styled.replace(/^(?=[.'])/, "\\&");
}
