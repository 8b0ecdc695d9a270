/**
 * Paths as they are written down and compared: with `/` on every system.
 *
 * @module
 */

import { isAbsolute, relative, SEPARATOR } from "@std/path";
import { SYSTEM, type System } from "./system.ts";

/** A path with `/` between its folders. Only Windows has another separator: elsewhere a `\` is part of a name. */
export function withSlashes(path: string, system: System = SYSTEM): string {
  return system === "windows" ? path.replaceAll("\\", "/") : path;
}

/** A path in a folder, both relative with `/`; `""` is the top of all. */
export function inFolder(folder: string, path: string): string {
  return folder === "" ? path : `${folder}/${path}`;
}

/** Whether a path is a folder or in it; `""` is the top of all. */
export function isInside(path: string, folder: string, system: System = SYSTEM): boolean {
  const [inner, outer] = [withSlashes(path, system), withSlashes(folder, system)];
  return outer === "" || inner === outer ||
    inner.startsWith(outer.endsWith("/") ? outer : `${outer}/`);
}

/** The path from a folder to another place, with `/`; as it is where both have no folder in common, as on two drives. */
export function relativePath(from: string, to: string): string {
  return withSlashes(relative(from, to));
}

/** A path as it is shown and recorded: relative to the root with `/` when inside, else absolute. */
export function shortPath(root: string, path: string): string {
  const short = relative(root, path);
  if (short === ".." || short.startsWith(`..${SEPARATOR}`) || isAbsolute(short)) return path;
  return withSlashes(short);
}
