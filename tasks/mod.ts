/**
 * All commands. A new one is a new file here, and a line below.
 *
 * @module
 */

import { type Command, type CommandSet, commandSet } from "../lib/command/command.ts";

/** In the order in which help lists them. */
const COMMANDS = {
  "": async (): Promise<Command> => (await import("./overview.ts")).overviewCommand,
  sync: async (): Promise<Command> => (await import("./sync.ts")).syncCommand,
  dev: async (): Promise<Command> => (await import("./dev.ts")).devCommand,
  prod: async (): Promise<Command> => (await import("./prod.ts")).prodCommand,
  status: async (): Promise<Command> => (await import("./status.ts")).statusCommand,
  diff: async (): Promise<Command> => (await import("./diff.ts")).diffCommand,
  undo: async (): Promise<Command> => (await import("./undo.ts")).undoCommand,
  init: async (): Promise<Command> => (await import("./init.ts")).initCommand,
  add: async (): Promise<Command> => (await import("./add.ts")).addCommand,
  remove: async (): Promise<Command> => (await import("./remove.ts")).removeCommand,
  eject: async (): Promise<Command> => (await import("./eject.ts")).ejectCommand,
  pin: async (): Promise<Command> => (await import("./pin.ts")).pinCommand,
  update: async (): Promise<Command> => (await import("./update.ts")).updateCommand,
  new: async (): Promise<Command> => (await import("./new.ts")).newCommand,
  exec: async (): Promise<Command> => (await import("./exec.ts")).execCommand,
  pull: async (): Promise<Command> => (await import("./pull.ts")).pullCommand,
  list: async (): Promise<Command> => (await import("./list.ts")).listCommand,
  outdated: async (): Promise<Command> => (await import("./outdated.ts")).outdatedCommand,
  graph: async (): Promise<Command> => (await import("./graph.ts")).graphCommand,
  check: async (): Promise<Command> => (await import("./check.ts")).checkCommand,
  doctor: async (): Promise<Command> => (await import("./doctor.ts")).doctorCommand,
  clone: async (): Promise<Command> => (await import("./clone.ts")).cloneCommand,
  map: async (): Promise<Command> => (await import("./map.ts")).mapCommand,
  inject: async (): Promise<Command> => (await import("./inject.ts")).injectCommand,
  completions: async (): Promise<Command> => (await import("./completions.ts")).completionsCommand,
  schema: async (): Promise<Command> => (await import("./schema.ts")).schemaCommand,
} as const;

/**
 * The name of a command of HSM's, such as `sync`; the empty one is what runs without a command.
 *
 * @internal
 */
export type HsmCommandName = keyof typeof COMMANDS;

/**
 * HSM's own commands: all of them, or those that are named. Each is loaded when somebody asks for it.
 *
 * @example
 * ```ts
 * import { hsmCommands } from "@hsm/hsm/cli";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(hsmCommands("sync", "status").names, ["sync", "status"]);
 * ```
 *
 * @param names The words behind `hsm`, as its help lists them; the empty one is what runs without a command.
 */
export function hsmCommands(...names: readonly HsmCommandName[]): CommandSet {
  if (names.length === 0) return commandSet(COMMANDS);
  return commandSet(Object.fromEntries(names.map((name) => [name, COMMANDS[name]])));
}
