/**
 * Colour, where it is wanted.
 *
 * @module
 */

import pc from "picocolors";
import type { Globals } from "./globals.ts";
import type { System } from "./system.ts";

/** Functions that colour a text, or leave it as it is. */
export type Style = ReturnType<typeof pc.createColors>;

/** Decides on colour: by the option, else by NO_COLOR (no-color.org), else by whether a terminal shows it. */
export function chooseStyle(
  color: Globals["color"],
  system: Pick<System, "terminal" | "env">,
): Style {
  if (color === "always") return pc.createColors(true);
  if (color === "never") return pc.createColors(false);
  return pc.createColors(
    system.terminal && !system.env["NO_COLOR"] && system.env["TERM"] !== "dumb",
  );
}
