/**
 * Whether there is a region for running work.
 *
 * @module
 */

import type { Globals } from "../command/globals.ts";
import type { Region } from "../console/region.ts";
import type { Style } from "../text/style.ts";
import type { System } from "./system.ts";

/** Where running work is shown, if there is a terminal that can be drawn on. */
export async function terminalRegion(
  globals: Pick<Globals, "quiet">,
  style: Style,
  system: System,
): Promise<Region | undefined> {
  if (!system.terminal || globals.quiet || system.env["TERM"] === "dumb") return undefined;
  const { Region } = await import("../console/region.ts");
  return new Region({ write: system.stderr, draw: system.draw, size: system.size, style });
}
