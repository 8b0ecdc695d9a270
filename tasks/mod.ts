/**
 * All commands. A new one is a new file here, and a line below.
 *
 * @module
 */

import type { Command } from "../lib/command.ts";
import { checkCommand } from "./check.ts";
import { cloneCommand } from "./clone.ts";
import { devCommand } from "./dev.ts";
import { initCommand } from "./init.ts";
import { mapCommand } from "./map.ts";
import { injectCommand, syncCommand } from "./pipeline.ts";
import { prodCommand } from "./prod.ts";

/** The commands, in the order in which help lists them. */
export function commands(): readonly Command[] {
  return [
    initCommand,
    syncCommand,
    devCommand,
    prodCommand,
    checkCommand,
    cloneCommand,
    mapCommand,
    injectCommand,
  ];
}
