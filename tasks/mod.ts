/**
 * All commands. A new one is a new file here, and a line below.
 *
 * @module
 */

import type { Command } from "../lib/command.ts";
import { checkCommand } from "./check.ts";
import { cloneCommand } from "./clone.ts";
import { devCommand } from "./dev.ts";
import { execCommand } from "./exec.ts";
import { initCommand } from "./init.ts";
import { listCommand } from "./list.ts";
import { mapCommand } from "./map.ts";
import { outdatedCommand } from "./outdated.ts";
import { overviewCommand } from "./overview.ts";
import { pinCommand } from "./pin.ts";
import { injectCommand, syncCommand } from "./pipeline.ts";
import { prodCommand } from "./prod.ts";
import { pullCommand } from "./pull.ts";
import { statusCommand } from "./status.ts";
import { updateCommand } from "./update.ts";

/** The commands, in the order in which help lists them. */
export function commands(): readonly Command[] {
  return [
    overviewCommand,
    initCommand,
    syncCommand,
    statusCommand,
    devCommand,
    prodCommand,
    pinCommand,
    updateCommand,
    outdatedCommand,
    listCommand,
    pullCommand,
    execCommand,
    checkCommand,
    cloneCommand,
    mapCommand,
    injectCommand,
  ];
}
