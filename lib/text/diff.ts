/**
 * Differences between two texts.
 *
 * @module
 */

import { printable } from "./printable.ts";
import type { Style } from "./style.ts";

/**
 * The change of a file as a unified diff that `git apply` takes; empty where there is none.
 *
 * @param file The file's path, relative to the root.
 * @param before Its text; undefined where it is new.
 * @param after Its new text; undefined where it goes away.
 */
export async function unifiedDiff(
  file: string,
  before: string | undefined,
  after: string | undefined,
): Promise<string> {
  if (before === after) return "";
  const { createTwoFilesPatch, FILE_HEADERS_ONLY } = await import("diff");
  return createTwoFilesPatch(
    before === undefined ? "/dev/null" : `a/${file}`,
    after === undefined ? "/dev/null" : `b/${file}`,
    before ?? "",
    after ?? "",
    undefined,
    undefined,
    { context: 3, headerOptions: FILE_HEADERS_ONLY },
  );
}

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
