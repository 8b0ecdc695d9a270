/**
 * What a command is: one schema from which parsing, validation, help and reference all come.
 *
 * @module
 */

import type * as z from "./zod.ts";
import type { Globals } from "./globals.ts";
import type { HsmError } from "./errors.ts";
import type { Page } from "./text/page.ts";
import type { Mode } from "./manifest/model.ts";
import type { SchemaKit } from "./schema_kit.ts";
import type { OpenWorkspaceOptions } from "./workspace/open.ts";
import type { Workspace } from "./workspace/workspace.ts";

/** What a command runs in; its page is standard output. */
export interface CommandContext extends Page {
  /** What stood behind `--`. */
  readonly passthrough: readonly string[];
  /** Whether every question is answered with yes. */
  readonly yes: boolean;
  /** Whether the result is told as JSON: nothing else may come on standard output. */
  readonly json: boolean;
  /** Whether there is colour on standard output. */
  readonly color: boolean;
  /** Asks a person which of some packages are meant, none included; undefined where nobody is to be asked. */
  readonly choose:
    | ((
      question: string,
      names: readonly string[],
      signal: AbortSignal,
    ) => Promise<readonly string[]>)
    | undefined;
  /** Whether a person reads standard output, and not a program. */
  readonly stdoutTerminal: boolean;
  /** Writes to standard output at once, ahead of the result; with `--json` nothing. */
  print(text: string): void;
  /** All commands. */
  readonly commands: CommandSet;
  /** What {@linkcode CommandContext.open} opens with, for commands that do without a workspace. */
  readonly opening: OpenWorkspaceOptions;
  /** Opens the workspace as the global options say. What a failed command leaves uncommitted is rolled back. */
  open(options?: Pick<OpenWorkspaceOptions, "readonly" | "locked" | "wait">): Promise<Workspace>;
}

/** What a command came to. */
export interface CommandOutcome<Data extends object = object> {
  /** The result as data, for `--json`. */
  readonly data: Data;
  /** The result as text, for standard output; lines end with `\n`. */
  readonly text: string;
  /** A line for standard error, after the result: what came of it, where the result does not say that by itself. */
  readonly proof?: string | undefined;
  /** What failed, where there is a result all the same; shown after it, with `--json` as its `error`. */
  readonly failure?: HsmError | undefined;
  /** Whether `text` says already what failed. @default {false} */
  readonly isTold?: boolean;
  /** The exit status where nothing failed: 1 is an answer, of a command that was asked for it with `--exit-code`. @default {0} */
  readonly answer?: 0 | 1;
}

/** Two options, by their keys (`--`: what stands behind that), and why they belong together or do not. */
export type Relation<Key extends string = string> = readonly [one: Key, other: Key, why: string];

/** A command, as the executable sees it; its documents of `--json` are described by the type of its data. */
export interface Command<Data extends object = object> {
  /** The word behind `hsm`; empty: what runs without one. */
  readonly name: string;
  /** One line, without a full stop. */
  readonly summary: string;
  /** Leaves it out of help, completion and the reference. */
  readonly hidden?: boolean;
  /** More about it, for its own help. */
  readonly description?: string;
  /** Command lines to copy. */
  readonly examples: readonly string[];
  /** The option that positional arguments fill, where it takes any. */
  readonly positional?: string;
  /** How the positional arguments stand in the usage line. @default {any number of them, none included} */
  readonly positionalUsage?: string;
  /** Whether the positional arguments are names that do not exist yet, and so cannot be completed. */
  readonly newNames?: boolean;
  /**
   * The mode of the packages that it does something with, where those in the other one are nothing for it: completion
   * leaves them out. An option `--mode` counts for more.
   */
  readonly packageMode?: Mode;
  /** What the words behind `--` are for, where it takes any. */
  readonly passthrough?: string;
  /** Options that contradict each other: what asks for both is refused. */
  readonly excludes?: readonly Relation[];
  /** Options of which the first means nothing without the second. */
  readonly needs?: readonly Relation[];
  /** The schema of its options; made only where what it says of them is not enough. */
  options(kit: SchemaKit): z.ZodMiniObject;
  /** Runs it with options that the schema has let through. */
  run(context: CommandContext, options: Record<string, unknown>): Promise<CommandOutcome<Data>>;
}

/** One option, as its schema describes it. */
export interface OptionFacts {
  /** The key in the schema, such as `dryRun`. */
  readonly key: string;
  /** The option, without dashes, such as `dry-run`. */
  readonly flag: string;
  /** The letter that stands for it. */
  readonly alias?: string;
  /** What it does. */
  readonly description: string;
  /** What its value is; undefined for a switch. */
  readonly placeholder?: string;
  /** The values that it can have, where they are known. */
  readonly values?: readonly string[];
  /** Whether it may stand several times. */
  readonly many: boolean;
  /** Whether the command needs it. */
  readonly required: boolean;
  /** Whether any value will do, so that there is nothing to validate. */
  readonly plain: boolean;
  /** The positional argument that a switch is another name for, as `--all` is for `*`. */
  readonly standsFor?: string;
}

/** A command with what its schema says of its options. */
export interface ListedCommand extends Command {
  /** The options, in the schema's order. */
  readonly facts: readonly OptionFacts[];
}

/** Commands that are loaded when somebody asks for them: a run needs but one. */
export interface CommandSet {
  /** Their names, in the order in which help lists them. */
  readonly names: readonly string[];
  /** The options of every command. */
  readonly globals: readonly OptionFacts[];
  /** The command of that name; undefined where there is none. */
  find(name: string): Promise<ListedCommand | undefined>;
  /** All of them. */
  all(): Promise<readonly ListedCommand[]>;
}

/** What the words behind `--` are for in commands that end with a sync. */
export const ADAPTER_ARGUMENTS = "arguments for the package manager";

/** What the words behind `--` are for where they are a program to run. */
export const PROGRAM = "the command and its arguments; no shell reads them";

/** The key under which the options of every command stand among those of commands. */
export const GLOBALS = "*";

/**
 * Makes a {@linkcode CommandSet}.
 *
 * @param loaders What loads each command.
 * @param facts The options of each command by its name, and under `*` those of all.
 */
export function commandSet(
  loaders: Readonly<Record<string, () => Promise<Command>>>,
  facts: Readonly<Record<string, readonly OptionFacts[]>>,
): CommandSet {
  const load = async (name: string): Promise<ListedCommand> => ({
    ...await loaders[name]!(),
    facts: facts[name] ?? [],
  });
  const names = Object.keys(loaders);
  return {
    names,
    globals: facts[GLOBALS] ?? [],
    find: async (name) => Object.hasOwn(loaders, name) ? await load(name) : undefined,
    all: () => Promise.all(names.map(load)),
  };
}

/** What a {@linkcode Relation} may name: the command's own options, those of every command, and `--`. */
type OptionKey<Schema extends z.ZodMiniObject> =
  | (keyof z.output<Schema> & string)
  | (keyof Globals & string)
  | "--";

/** A command whose options are typed by its own schema. */
export interface CommandDefinition<Schema extends z.ZodMiniObject, Data extends object>
  extends Omit<Command, "options" | "run" | "excludes" | "needs"> {
  /** Options that contradict each other: what asks for both is refused. */
  readonly excludes?: readonly Relation<OptionKey<Schema>>[];
  /** Options of which the first means nothing without the second. */
  readonly needs?: readonly Relation<OptionKey<Schema>>[];
  /** The schema of its options. */
  options(kit: SchemaKit): Schema;
  /** Runs it. */
  run(context: CommandContext, options: z.output<Schema>): Promise<CommandOutcome<Data>>;
}

/** Makes a {@linkcode Command} of a typed definition. */
export function defineCommand<Schema extends z.ZodMiniObject, Data extends object>(
  definition: CommandDefinition<Schema, Data>,
): Command<Data> {
  // The executable hands a command only what the command's own schema has parsed.
  return definition as unknown as Command<Data>;
}
