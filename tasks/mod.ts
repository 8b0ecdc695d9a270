/**
 * All commands. A new one is a new file here, and a line below.
 *
 * @module
 */

import type { Command } from "../lib/command.ts";
import { cloneCommand } from "./clone.ts";
import { devCommand } from "./dev.ts";
import { mapCommand } from "./map.ts";
import { injectCommand, syncCommand } from "./pipeline.ts";
import { prodCommand } from "./prod.ts";

/** The commands, in the order in which help lists them. */
export function commands(): readonly Command[] {
  return [syncCommand, devCommand, prodCommand, cloneCommand, mapCommand, injectCommand];
}
