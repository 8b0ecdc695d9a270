/**
 * Differences in colour.
 *
 * @module
 */

import type { Style } from "./style.ts";
import { printable } from "./printable.ts";

/** The unified diff of a file as git colours it: what goes is red, what comes is green. */
export function paintDiff(diff: string, { red, green, cyan, bold }: Style): string {
  let isHead = true;
  return printable(diff).replace(/^.+$/gm, (line) => {
    isHead &&= !line.startsWith("@@");
    if (isHead) return bold(line);
    const paint = { "+": green, "-": red, "@": cyan }[line[0]!];
    return paint === undefined ? line : paint(line);
  });
}
