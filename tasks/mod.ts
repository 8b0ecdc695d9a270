/**
 * All commands. A new one is a new file here, and a line below.
 *
 * @module
 */

import { type CommandSet, commandSet } from "../lib/command/command.ts";

/** The commands, in the order in which help lists them. Each is loaded when somebody asks for it. */
export function commands(): CommandSet {
  return commandSet({
    "": async () => (await import("./overview.ts")).overviewCommand,
    init: async () => (await import("./init.ts")).initCommand,
    add: async () => (await import("./add.ts")).addCommand,
    remove: async () => (await import("./remove.ts")).removeCommand,
    new: async () => (await import("./new.ts")).newCommand,
    sync: async () => (await import("./sync.ts")).syncCommand,
    status: async () => (await import("./status.ts")).statusCommand,
    diff: async () => (await import("./diff.ts")).diffCommand,
    dev: async () => (await import("./dev.ts")).devCommand,
    prod: async () => (await import("./prod.ts")).prodCommand,
    pin: async () => (await import("./pin.ts")).pinCommand,
    update: async () => (await import("./update.ts")).updateCommand,
    outdated: async () => (await import("./outdated.ts")).outdatedCommand,
    list: async () => (await import("./list.ts")).listCommand,
    pull: async () => (await import("./pull.ts")).pullCommand,
    exec: async () => (await import("./exec.ts")).execCommand,
    check: async () => (await import("./check.ts")).checkCommand,
    doctor: async () => (await import("./doctor.ts")).doctorCommand,
    undo: async () => (await import("./undo.ts")).undoCommand,
    clone: async () => (await import("./clone.ts")).cloneCommand,
    map: async () => (await import("./map.ts")).mapCommand,
    inject: async () => (await import("./inject.ts")).injectCommand,
    graph: async () => (await import("./graph.ts")).graphCommand,
    schema: async () => (await import("./schema.ts")).schemaCommand,
    completions: async () => (await import("./completions.ts")).completionsCommand,
  });
}
