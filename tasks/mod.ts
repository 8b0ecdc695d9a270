/**
 * All commands. A new one is a new file here, its name and a line below.
 *
 * @module
 */

import { type Command, type CommandSet, commandSet } from "../lib/command/command.ts";

/** The name of a command of HSM's; the empty one is what runs without a command. */
export type HsmCommandName =
  | ""
  | "sync"
  | "dev"
  | "prod"
  | "status"
  | "diff"
  | "undo"
  | "init"
  | "add"
  | "remove"
  | "pin"
  | "update"
  | "new"
  | "exec"
  | "pull"
  | "list"
  | "outdated"
  | "graph"
  | "check"
  | "doctor"
  | "clone"
  | "map"
  | "inject"
  | "completions"
  | "schema";

/** In the order in which help lists them. */
const COMMANDS: Readonly<Record<HsmCommandName, () => Promise<Command>>> = {
  "": async () => (await import("./overview.ts")).overviewCommand,
  sync: async () => (await import("./sync.ts")).syncCommand,
  dev: async () => (await import("./dev.ts")).devCommand,
  prod: async () => (await import("./prod.ts")).prodCommand,
  status: async () => (await import("./status.ts")).statusCommand,
  diff: async () => (await import("./diff.ts")).diffCommand,
  undo: async () => (await import("./undo.ts")).undoCommand,
  init: async () => (await import("./init.ts")).initCommand,
  add: async () => (await import("./add.ts")).addCommand,
  remove: async () => (await import("./remove.ts")).removeCommand,
  pin: async () => (await import("./pin.ts")).pinCommand,
  update: async () => (await import("./update.ts")).updateCommand,
  new: async () => (await import("./new.ts")).newCommand,
  exec: async () => (await import("./exec.ts")).execCommand,
  pull: async () => (await import("./pull.ts")).pullCommand,
  list: async () => (await import("./list.ts")).listCommand,
  outdated: async () => (await import("./outdated.ts")).outdatedCommand,
  graph: async () => (await import("./graph.ts")).graphCommand,
  check: async () => (await import("./check.ts")).checkCommand,
  doctor: async () => (await import("./doctor.ts")).doctorCommand,
  clone: async () => (await import("./clone.ts")).cloneCommand,
  map: async () => (await import("./map.ts")).mapCommand,
  inject: async () => (await import("./inject.ts")).injectCommand,
  completions: async () => (await import("./completions.ts")).completionsCommand,
  schema: async () => (await import("./schema.ts")).schemaCommand,
};

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
 */
export function hsmCommands(...names: readonly HsmCommandName[]): CommandSet {
  if (names.length === 0) return commandSet(COMMANDS);
  return commandSet(Object.fromEntries(names.map((name) => [name, COMMANDS[name]])));
}
