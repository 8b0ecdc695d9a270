/**
 * All commands. A new one is a new file here, and a line below.
 *
 * @module
 */

import type { Command } from "../lib/command.ts";
import { addCommand } from "./add.ts";
import { checkCommand } from "./check.ts";
import { cloneCommand } from "./clone.ts";
import { completionsCommand } from "./completions.ts";
import { devCommand } from "./dev.ts";
import { diffCommand } from "./diff.ts";
import { doctorCommand } from "./doctor.ts";
import { execCommand } from "./exec.ts";
import { graphCommand } from "./graph.ts";
import { initCommand } from "./init.ts";
import { listCommand } from "./list.ts";
import { mapCommand } from "./map.ts";
import { newCommand } from "./new.ts";
import { outdatedCommand } from "./outdated.ts";
import { overviewCommand } from "./overview.ts";
import { pinCommand } from "./pin.ts";
import { injectCommand, syncCommand } from "./pipeline.ts";
import { prodCommand } from "./prod.ts";
import { pullCommand } from "./pull.ts";
import { removeCommand } from "./remove.ts";
import { schemaCommand } from "./schema.ts";
import { statusCommand } from "./status.ts";
import { undoCommand } from "./undo.ts";
import { updateCommand } from "./update.ts";

/** The commands, in the order in which help lists them. */
export function commands(): readonly Command[] {
  return [
    overviewCommand,
    initCommand,
    addCommand,
    removeCommand,
    newCommand,
    syncCommand,
    statusCommand,
    diffCommand,
    devCommand,
    prodCommand,
    pinCommand,
    updateCommand,
    outdatedCommand,
    listCommand,
    pullCommand,
    execCommand,
    checkCommand,
    doctorCommand,
    undoCommand,
    cloneCommand,
    mapCommand,
    injectCommand,
    graphCommand,
    schemaCommand,
    completionsCommand,
  ];
}
