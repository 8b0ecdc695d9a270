/**
 * Paths as they are written down and compared: with `/` on every system.
 *
 * @module
 */

import { relative } from "@std/path";
import { SYSTEM, type System } from "./system.ts";

/** A path with `/` between its folders. Only Windows has another separator: elsewhere a `\` is part of a name. */
export function withSlashes(path: string, system: System = SYSTEM): string {
  return system === "windows" ? path.replaceAll("\\", "/") : path;
}

/** The path from a folder to another place, with `/`; as it is where both have no folder in common, as on two drives. */
export function relativePath(from: string, to: string): string {
  return withSlashes(relative(from, to));
}
