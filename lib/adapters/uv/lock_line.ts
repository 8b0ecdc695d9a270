/**
 * Where in a uv.lock a package stands.
 *
 * @module
 */

import { normalizeName } from "../../names.ts";
import type { LockedPackage } from "../reader.ts";

/** The line, from 1, that says where a package comes from. */
export function lockLine(
  text: string,
  { key, written }: Pick<LockedPackage, "key" | "written">,
): number | undefined {
  let isPackage = false;
  for (const [index, line] of text.split("\n").entries()) {
    const name = /^name = "(.*)"/.exec(line)?.[1];
    if (line.startsWith("[[")) isPackage = false;
    else if (name !== undefined) isPackage = normalizeName(name) === key;
    else if (isPackage && line.startsWith("source = ") && line.includes(JSON.stringify(written))) {
      return index + 1;
    }
  }
  return undefined;
}
