/**
 * What could come next on a command line, from the commands' own options and from what is known of the workspace.
 *
 * @module
 */

import { type CommandSet, PROGRAM, type Program, takes } from "../../command/command.ts";
import type { Candidate, NamedOption } from "../../command/option.ts";
import type { ManifestPackage } from "../../manifest/model.ts";
import { normalizeName } from "../../names.ts";
import { describePin } from "../../packages/describe_pin.ts";
import { oneLine } from "../../text/printable.ts";
import { takeApart } from "../../command/words.ts";
import { optionsOf, readWords, type WordsRead } from "./read_words.ts";

/** What could come next, in the order in which it is to be offered. */
export type Completion = Words | Paths;

/** Words of one kind. */
export interface Words {
  /** What they are. */
  readonly kind: "command" | "option" | "value" | "package" | "tag" | "entry" | "program";
  /** The words. */
  readonly candidates: readonly Candidate[];
}

/** Files or folders, which the shell itself knows best. */
export interface Paths {
  /** Which of them. */
  readonly kind: "files" | "directories";
  /** What stands before the path in the word that is to be completed, such as `--from=`. */
  readonly prefix: string;
}

/** What is known of a workspace. What cannot be found out is not there: nobody is told of it at a press of the tab key. */
export interface KnownWorkspace {
  /** Its packages. */
  packages(): Promise<readonly ManifestPackage[]>;
  /** The tags that a package could be pinned to, the newest first. */
  tags(it: ManifestPackage): Promise<readonly Candidate[]>;
  /** What could be undone, the latest first. */
  history(): Promise<readonly Candidate[]>;
}

/** What completion has to know beside the words; it asks only for what could come next. */
export interface CompleteOptions {
  /** The program that is completed. */
  readonly program: Program;
  /** The workspace that is meant by `-C`, or without it. */
  readonly workspace: (directory: string | undefined) => KnownWorkspace;
  /** The programs on PATH whose names begin with a word. */
  readonly programs: (beginning: string) => readonly string[];
}

/**
 * Completes a command line.
 *
 * @param words The words behind the program; the last one is to be completed, and may be empty.
 */
export async function complete(
  words: readonly string[],
  options: CompleteOptions,
): Promise<Completion> {
  const current = words.at(-1) ?? "";
  const read = await readWords(words.slice(0, -1), options.program.commands);
  const found = await completeBehind(read, current, options);
  if (!("candidates" in found)) return found;
  // What cannot be seen on a terminal cannot be chosen there either.
  const candidates = found.candidates
    .filter(({ value }) => value.startsWith(current) && oneLine(value) === value)
    .map(({ value, description }) => ({ value, description: oneLine(description) }));
  return { kind: found.kind, candidates };
}

const NOTHING: Words = { kind: "value", candidates: [] };

async function completeBehind(
  read: WordsRead,
  current: string,
  known: CompleteOptions,
): Promise<Completion> {
  const { name, command, passthrough, pending } = read;
  if (passthrough !== undefined) {
    if (command?.passthrough !== PROGRAM) return NOTHING;
    return passthrough.length > 0 || /[\\/]/.test(current)
      ? { kind: "files", prefix: "" }
      : words("program", known.programs(current).map((value) => ({ value, description: "" })));
  }
  if (pending !== undefined) return await valuesOf(pending, read, known);
  if (current.startsWith("-")) {
    return await attachedValues(read, current, known) ?? optionWords(read, known.program);
  }
  if (name === undefined) return await commandWords(known.program.commands, [HELP]);
  if (name === "help") {
    return read.positionals.length > 0 ? NOTHING : await commandWords(known.program.commands);
  }
  const next = command && takes(command).positionals
    .find((it, index) => it.many || index === read.positionals.length);
  return next === undefined ? NOTHING : await valuesOf(next, read, known);
}

function words(kind: Words["kind"], candidates: readonly Candidate[]): Words {
  return { kind, candidates };
}

const HELP: Candidate = { value: "help", description: "Show how a command is used" };

async function commandWords(
  commands: CommandSet,
  others: readonly Candidate[] = [],
): Promise<Words> {
  const all = (await commands.all()).filter((it) => it.name !== "" && !it.hidden);
  return words("command", [
    ...all.map(({ name, summary }) => ({ value: name, description: summary })),
    ...others,
  ]);
}

/** The options that are not there yet, and those that may stand several times. */
function optionWords({ name, command, given }: WordsRead, { version }: Program): Words {
  const taken = new Set([...given.keys()].map((it) => it.key));
  const left = optionsOf(command).filter((it) => it.many || !taken.has(it.key));
  return words("option", [
    ...left.map(({ flag, description }) => ({ value: `--${flag}`, description })),
    ...(name === undefined && version !== undefined
      ? [{ value: "--version", description: "Show the version" }]
      : []),
  ]);
}

/** The values of an option that stands in the same word, as in `--format=m`; undefined where none does. */
async function attachedValues(
  read: WordsRead,
  current: string,
  known: CompleteOptions,
): Promise<Completion | undefined> {
  const options = optionsOf(read.command);
  const last = takeApart([current], options).parts.at(-1);
  if (last?.kind !== "option" || last.value === undefined) {
    return /^--[^=]+=/.test(current) ? NOTHING : undefined;
  }
  const { option, value } = last;
  if (option.placeholder === undefined) return NOTHING;
  const prefix = current.slice(0, current.length - value.length);
  const found = await valuesOf(option, read, known);
  if (!("candidates" in found)) return { ...found, prefix };
  return words(
    found.kind,
    found.candidates.map((it) => ({ ...it, value: `${prefix}${it.value}` })),
  );
}

async function valuesOf(
  { values, completes = [] }: NamedOption,
  read: WordsRead,
  known: CompleteOptions,
): Promise<Completion> {
  if (values !== undefined) {
    return words("value", values.map((value) => ({ value, description: "" })));
  }
  const workspace = () => known.workspace(valueOf(read, "directory"));
  switch (completes) {
    case "packages":
      return words("package", meaningful(await workspace().packages(), read).map(describe));
    case "tags": {
      const of = await taggedPackage(workspace(), read);
      return words("tag", of === undefined ? [] : await workspace().tags(of));
    }
    case "history":
      return words("entry", await workspace().history());
    case "directories":
    case "files":
      return { kind: completes, prefix: "" };
    default:
      return words("value", completes);
  }
}

/** The packages that the command does something with, without those that are named already. */
function meaningful(
  packages: readonly ManifestPackage[],
  read: WordsRead,
): readonly ManifestPackage[] {
  const named = read.positionals.map(normalizeName);
  // A tag is one package's, and `--all` are all of them.
  const isFull = [...read.given.keys()].some((it) =>
    it.standsFor !== undefined || (it.completes === "tags" && named.length > 0)
  );
  const mode = valueOf(read, "mode") ?? read.command?.packageMode ?? "all";
  return isFull
    ? []
    : packages.filter((it) => !named.includes(it.key) && (mode === "all" || it.mode === mode));
}

/** The package whose tag is asked for: the one that is named, or the only one that there is. */
async function taggedPackage(
  workspace: KnownWorkspace,
  { positionals }: WordsRead,
): Promise<ManifestPackage | undefined> {
  const packages = await workspace.packages();
  const [name, ...others] = positionals.map(normalizeName);
  if (others.length > 0) return undefined;
  if (name === undefined) return packages.length === 1 ? packages[0] : undefined;
  return packages.find((it) => it.key === name);
}

function describe({ name, mode, path, pin }: ManifestPackage): Candidate {
  return { value: name, description: mode === "dev" ? `dev, ${path}` : describePin(pin) };
}

function valueOf({ given }: WordsRead, key: string): string | undefined {
  return [...given].find(([it]) => it.key === key)?.[1].at(-1);
}
