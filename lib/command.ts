/**
 * What a command is: one schema from which parsing, validation, help and reference all come.
 *
 * @module
 */

import * as z from "zod/mini";
import type { HsmError } from "./errors.ts";
import { filterProblem } from "./manifest/rules.ts";
import type { OpenWorkspaceOptions } from "./workspace/open.ts";
import type { Workspace } from "./workspace/workspace.ts";

/** What a command runs in. */
export interface CommandContext {
  /** What stood behind `--`. */
  readonly passthrough: readonly string[];
  /** Whether every question is answered with yes. */
  readonly yes: boolean;
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
export interface CommandOutcome {
  /** The result as data, for `--json`. */
  readonly data: unknown;
  /** The result as text, for standard output; lines end with `\n`. */
  readonly text: string;
  /** What failed, where there is a result all the same; shown after it, with `--json` as its `error`. */
  readonly failure?: HsmError | undefined;
  /** The exit status. @default {that of `failure`, else 0} */
  readonly exitStatus?: number;
}

/** A command, as the executable sees it. */
export interface Command {
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
  /** What the words behind `--` are for, where it takes any. */
  readonly passthrough?: string;
  /** The schema of its options; made only when asked for. */
  options(): z.ZodMiniObject;
  /** Runs it with options that the schema has let through. */
  run(context: CommandContext, options: Record<string, unknown>): Promise<CommandOutcome>;
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

/** Makes a {@linkcode CommandSet} of what loads each command. */
export function commandSet(loaders: Readonly<Record<string, () => Promise<Command>>>): CommandSet {
  return {
    names: Object.keys(loaders),
    find: async (name) => Object.hasOwn(loaders, name) ? await loaders[name]!() : undefined,
    all: () => Promise.all(Object.values(loaders).map((load) => load())),
  };
}

/** A command whose options are typed by its own schema. */
export interface CommandDefinition<Schema extends z.ZodMiniObject>
  extends Omit<Command, "options" | "run"> {
  /** The schema of its options. */
  options(): Schema;
  /** Runs it. */
  run(context: CommandContext, options: z.output<Schema>): Promise<CommandOutcome>;
}

/** Makes a {@linkcode Command} of a typed definition. */
export function defineCommand<Schema extends z.ZodMiniObject>(
  definition: CommandDefinition<Schema>,
): Command {
  // The executable hands a command only what the command's own schema has parsed.
  return definition as unknown as Command;
}

/** A switch: `--NAME`. */
export function flag(description: string, alias?: string): z.ZodMiniOptional<z.ZodMiniBoolean> {
  return z.optional(z.boolean()).check(z.meta({ description, ...(alias ? { alias } : {}) }));
}

/** `--filter`, for commands that clone. */
export function objectFilter(): z.ZodMiniOptional<z.ZodMiniString> {
  return z.optional(
    z.string().check(
      z.refine((it) => filterProblem(it) === undefined, {
        error: "expected `blob:none`, `tree:0` or `blob:limit=SIZE`",
      }),
    ),
  ).check(
    z.meta({
      description:
        "Clone without the objects that FILTER leaves out (blob:none), fetched when needed",
      placeholder: "FILTER",
    }),
  );
}

/** Package names, as positional arguments. */
export function packageNames(
  description: string,
): z.ZodMiniOptional<z.ZodMiniArray<z.ZodMiniString>> {
  return z.optional(z.array(z.string())).check(z.meta({ description, placeholder: "NAME" }));
}
