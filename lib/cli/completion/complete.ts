/**
 * What could come next on a command line, from the commands' own schemas.
 *
 * @module
 */

import type { ListedCommand, OptionFacts } from "../../command.ts";
import { findName } from "../command_line.ts";
import { takeApart } from "../words.ts";

/** One thing that could come next. */
export interface Candidate {
  /** The word. */
  readonly value: string;
  /** What it is. */
  readonly description: string;
}

/** What could come next: words, or files or folders, which the shell itself knows best. */
export type Completion = readonly Candidate[] | "files" | "directories";

/** What completion has to know beside the words. */
export interface CompleteOptions {
  /** All commands. */
  readonly commands: readonly ListedCommand[];
  /** The options of every command. */
  readonly globals: readonly OptionFacts[];
  /** The names of the packages; asked for only where they could come next. */
  readonly packages: () => Promise<readonly string[]>;
}

/**
 * Completes a command line.
 *
 * @param words The words behind `hsm`; the last one is to be completed, and may be empty.
 */
export async function complete(
  words: readonly string[],
  { commands, globals, packages }: CompleteOptions,
): Promise<Completion> {
  // bash makes a word of each `=`, PowerShell a blank of the empty word.
  const current = words.at(-1)?.replace(/^=$/, "").trim() ?? "";
  const before = words.slice(0, -1).filter((it) => it !== "=");
  const found = await candidates(before, current, { commands, globals, packages });
  if (typeof found === "string") return found;
  return found.filter((it) => it.value.startsWith(current));
}

async function candidates(
  before: readonly string[],
  current: string,
  { commands, globals, packages }: CompleteOptions,
): Promise<Completion> {
  if (before.includes("--")) return "files";
  const { name, after } = findName(before, globals);
  const command = commands.find((it) => it.name === name && !it.hidden);
  const own = command?.facts ?? [];
  const positional = own.find((it) => it.key === command?.positional);
  const options = [...own.filter((it) => it !== positional), ...globals];

  const { parts, open } = takeApart(before, options);
  if (open !== undefined) return await valuesOf(open, packages);
  const [, flag] = /^(--[^=]+)=/.exec(current) ?? [];
  if (flag !== undefined) {
    const option = options.find((it) => `--${it.flag}` === flag);
    const values = option === undefined ? [] : await valuesOf(option, packages);
    if (typeof values === "string") return values;
    return values.map((it) => ({ ...it, value: `${flag}=${it.value}` }));
  }
  if (current.startsWith("-")) {
    const given = new Set(parts.flatMap((it) => it.kind === "option" ? [it.option] : []));
    return [
      ...options.filter((it) => it.many || !given.has(it)).map(({ flag, description }) => ({
        value: `--${flag}`,
        description,
      })),
      ...(name === undefined ? [{ value: "--version", description: "Show the version" }] : []),
    ];
  }
  if (name === undefined || name === "help") {
    const all = commands.filter((it) => !it.hidden)
      .map(({ name, summary }) => ({ value: name, description: summary }));
    if (name === "help") return after.length > 0 ? [] : all;
    return [...all, { value: "help", description: "Show how a command is used" }];
  }
  if (positional === undefined || command?.newNames) return [];
  const values = await valuesOf(positional, packages);
  if (typeof values === "string") return values;
  return values.filter((it) => !after.includes(it.value));
}

async function valuesOf(
  option: OptionFacts,
  packages: CompleteOptions["packages"],
): Promise<Completion> {
  const { values, placeholder = "" } = option;
  if (values !== undefined) return values.map((value) => ({ value, description: "" }));
  if (/^NAME\b/.test(placeholder)) {
    return (await packages()).map((value) => ({ value, description: "package" }));
  }
  if (placeholder === "DIR") return "directories";
  return placeholder === "FILE" ? "files" : [];
}
