/**
 * What a command is: data from which parsing, help, completion and the reference all come, and what runs it.
 *
 * @module
 */

import type { Build } from "./build.ts";
import type { Globals } from "./globals.ts";
import type { HsmError } from "../errors.ts";
import type { Page } from "../text/page.ts";
import type { Mode } from "../manifest/model.ts";
import { type Given, named, type NamedOption, type Options } from "./option.ts";
import type { OpenWorkspaceOptions } from "../workspace/open.ts";
import type { Reporter } from "../report.ts";
import type { Shell } from "../process/shell.ts";
import type { Cell } from "../text/columns.ts";
import { toJson } from "../text/printable.ts";
import type { Workspace } from "../workspace/workspace.ts";

/**
 * What a command runs in; its page is standard output.
 *
 * @example
 * ```ts
 * import { type CommandContext, defineCommand, list } from "@hsm/hsm";
 *
 * async function inDev(context: CommandContext): Promise<string> {
 *   await using workspace = await context.open({ readonly: true });
 *   const { packages } = list(workspace, { mode: "dev" });
 *   return context.columns(packages.map((it) => [it.package, it.path]));
 * }
 * export const mine = defineCommand({ name: "mine", summary: "List what is in dev mode", run: inDev });
 * ```
 */
export interface CommandContext extends Page {
  /** What stood behind `--`. */
  readonly passthrough: readonly string[];
  /** Whether every question is answered with yes. */
  readonly yes: boolean;
  /** Whether the result is told as JSON: nothing else may come on standard output. */
  readonly json: boolean;
  /** Whether standard error has events: nothing else may come there. */
  readonly events: boolean;
  /** Whether there is colour on standard output. */
  readonly color: boolean;
  /** Aborted by Ctrl-C and other signals that end the program. */
  readonly signal: AbortSignal;
  /** Where messages go: standard error, as the global options say. */
  readonly reporter: Reporter;
  /**
   * Asks a person a yes-or-no question; with `--yes` the answer is yes.
   *
   * @throws {HsmError} `usage` where nobody can answer
   */
  confirm(question: string): Promise<boolean>;
  /** Asks a person which of some names are meant, none included; undefined where nobody is to be asked. */
  readonly choose:
    | ((
      question: string,
      names: readonly string[],
      signal?: AbortSignal,
    ) => Promise<readonly string[]>)
    | undefined;
  /** Rows as lines, each column as wide as its widest cell, on this page. */
  columns(rows: readonly (readonly Cell[])[]): string;
  /** dax's `$`, in the folder that the command is to work in; a workspace has its own, whose changes go back. */
  shell(): Promise<Shell>;
  /** Whether a person reads standard output, and not a program. */
  readonly stdoutTerminal: boolean;
  /** Writes to standard output at once, ahead of the result; with `--json` nothing. */
  print(text: string): void;
  /** The program that the command is one of. */
  readonly program: Program;
  /** How the command is called, such as `hsm undo`, for messages. */
  readonly called: string;
  /** What {@linkcode CommandContext.open} opens with, for commands that do without a workspace. */
  readonly opening: OpenWorkspaceOptions;
  /** Opens the workspace as the global options say. What a failed command leaves uncommitted is rolled back. */
  open(
    options?: Pick<OpenWorkspaceOptions, "readonly" | "locked" | "ejected" | "wait">,
  ): Promise<Workspace>;
}

/** What a command came to. */
export interface CommandOutcome<Data extends object = object> {
  /** The result as data, for `--json`. */
  readonly data: Data;
  /** The result as text, for standard output; lines end with `\n`, which may be left out of the last one. */
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

/**
 * What a command may return: a text for standard output; data, which `--json` prints, and which is shown as JSON where
 * there is no text; or nothing.
 */
export type Returned<Data extends object> =
  | (Omit<CommandOutcome<Data>, "text"> & Partial<Pick<CommandOutcome, "text">>)
  | string
  | void;

/** Two options, by their keys (`--`: what stands behind that), and why they belong together or do not. */
export type Relation<Key extends string = string> = readonly [one: Key, other: Key, why: string];

/**
 * A command, as the executable sees it; its documents of `--json` are described by the type of its data.
 *
 * @example
 * ```ts
 * import { type Command, defineCommand } from "@hsm/hsm";
 *
 * const hello: Command = defineCommand({
 *   name: "hello",
 *   summary: "Greet",
 *   run: () => Promise.resolve("Hello"),
 * });
 * console.log(hello.name); // hello
 * ```
 */
export interface Command<Data extends object = object, Key extends string = string> {
  /** The word behind the program's name; empty: what runs without one. */
  readonly name: string;
  /** One line, without a full stop. */
  readonly summary: string;
  /** The title under which help lists it, with all others of that title. @default {"Commands"} */
  readonly group?: string;
  /** Leaves it out of help, completion and the reference. */
  readonly hidden?: boolean;
  /** More about it, for its own help. */
  readonly description?: string;
  /** Command lines to copy. */
  readonly examples: readonly string[];
  /** The options that positional arguments fill, in their order; one that may stand several times is the last. */
  readonly positionals: readonly string[];
  /**
   * The mode of the packages that it does something with, where those in the other one are nothing for it: completion
   * leaves them out. An option `--mode` counts for more.
   */
  readonly packageMode?: Mode;
  /** What the words behind `--` are for, where it takes any. */
  readonly passthrough?: string;
  /** Options that contradict each other: what asks for both is refused. */
  readonly excludes?: readonly Relation<Key>[];
  /** Options of which the first means nothing without the second. */
  readonly needs?: readonly Relation<Key>[];
  /** Its options, positional arguments included. */
  readonly options: Options;
  /** Runs it with what the command line gives for its options. */
  run(context: CommandContext, options: Record<string, unknown>): Promise<CommandOutcome<Data>>;
}

/** Commands that are loaded when somebody asks for them: a run needs but one. */
export interface CommandSet {
  /** Their names, in the order in which help lists them. */
  readonly names: readonly string[];
  /** The command of that name; undefined where there is none. */
  find(name: string): Promise<Command | undefined>;
  /** All of them. */
  all(): Promise<readonly Command[]>;
}

/** A program that is made of commands: `hsm`, or one of a team's own. */
export interface Program {
  /** What it is called on a command line. */
  readonly name: string;
  /** What `--version` tells; without one there is no such option. */
  readonly version?: string | undefined;
  /**
   * What `--version` tells besides.
   *
   * @internal
   */
  readonly build?: (() => Promise<Build>) | undefined;
  /** What it is for, in a sentence: how its help begins. */
  readonly summary?: string | undefined;
  /** Command lines to begin with, and what each does, for its help. */
  readonly start?: readonly (readonly [line: string, what: string])[] | undefined;
  /** Its commands. */
  readonly commands: CommandSet;
}

/** What the words behind `--` are for in commands that end with a sync. */
export const ADAPTER_ARGUMENTS = "arguments for the package manager";

/** What the words behind `--` are for where they are a program to run. */
export const PROGRAM = "the command and its arguments; no shell reads them";

/** What a command takes: its positional arguments in their order, and its other options. */
export function takes(
  { options, positionals }: Command,
): { readonly positionals: readonly NamedOption[]; readonly options: readonly NamedOption[] } {
  const all = named(options);
  return {
    positionals: positionals.flatMap((key) => all.filter((it) => it.key === key)),
    options: all.filter((it) => !positionals.includes(it.key)),
  };
}

/** Makes a {@linkcode CommandSet} of what loads each command. */
export function commandSet(loaders: Readonly<Record<string, () => Promise<Command>>>): CommandSet {
  const names = Object.keys(loaders);
  return {
    names,
    find: async (name) => Object.hasOwn(loaders, name) ? await loaders[name]!() : undefined,
    all: () => Promise.all(names.map((name) => loaders[name]!())),
  };
}

/**
 * What a {@linkcode Relation} may name: the command's own options, those of every command, and `--`.
 *
 * @internal
 */
export type OptionKey<O extends Options> = (keyof O & string) | (keyof Globals & string) | "--";

/** A command whose options are typed by what it says of them. */
export interface CommandDefinition<O extends Options, Data extends object> extends
  Omit<
    Command<Data, OptionKey<O>>,
    "summary" | "examples" | "options" | "positionals" | "run"
  > {
  /** What it does, in one line, without a full stop. */
  readonly summary?: string;
  /** Command lines to copy. */
  readonly examples?: readonly string[];
  /** Its options, positional arguments included, by their keys: `dryRun` is `--dry-run`. */
  readonly options?: O & { readonly [Key in keyof Globals]?: never };
  /** The option, or options, that positional arguments fill, where it takes any. */
  readonly positional?: NoInfer<keyof O & string> | readonly NoInfer<keyof O & string>[];
  /** Runs it. */
  run(
    context: CommandContext,
    options: Given<O>,
  ): Promise<Returned<Data & Unreserved>> | Returned<Data & Unreserved>;
}

/**
 * What every document has by itself.
 *
 * @internal
 */
export interface Unreserved {
  readonly version?: never;
  readonly error?: never;
}

/**
 * Makes a {@linkcode Command} of a typed definition.
 *
 * @example
 * ```ts
 * import { defineCommand, option } from "@hsm/hsm/cli";
 *
 * export const hello = defineCommand({
 *   name: "hello",
 *   summary: "Greet somebody",
 *   positional: "who",
 *   options: { who: option.word("Whom to greet", "NAME") },
 *   run: (_, { who }) => ({ data: { who }, text: `Hello ${who}` }),
 * });
 * ```
 */
export function defineCommand<const O extends Options = Options, Data extends object = object>(
  definition: CommandDefinition<O, Data>,
): Command<Data> {
  const { positional = [], summary = "", examples = [], options = {}, ...rest } = definition;
  return {
    ...rest,
    ...{ summary, examples, options },
    positionals: [positional].flat(),
    // The executable hands a command only what its own options have read.
    run: async (context, options) => outcomeOf(await definition.run(context, options as Given<O>)),
  };
}

function outcomeOf<Data extends object>(returned: Returned<Data>): CommandOutcome<Data> {
  const outcome = typeof returned === "object" ? returned : {
    data: (returned === undefined ? {} : { text: returned.trimEnd() }) as Data,
    text: returned ?? "",
  };
  const text = outcome.text ?? toJson(outcome.data);
  return { ...outcome, text: text.replace(/[^\n]$/, "$&\n") };
}
