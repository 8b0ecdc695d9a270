/**
 * What HSM cannot read, though whoever builds the package may: never an error.
 *
 * @module
 */

import { LET_UV_JUDGE, type Problem } from "../reconcile/problem.ts";
import type { MetadataFile } from "./read_metadata.ts";

/** Why a setup.py is not read. */
export const IS_PROGRAM = "setup.py is a program, and checking runs none";

/**
 * Something in a file that was left out of its metadata.
 *
 * @param file The file.
 * @param what What it is, such as `the requirement "x >"`.
 * @param reason Why it cannot be read.
 * @param line Its line, from 1, where it is known.
 */
export function unreadable(
  { component, file }: Pick<MetadataFile, "component" | "file">,
  what: string,
  reason: string,
  line: number | undefined,
): Problem {
  return {
    code: "metadata-unchecked",
    severity: "unchecked",
    message: `${what} of ${component} was not checked: ${reason}`,
    sides: [{ component, file, ...(line === undefined ? {} : { line }) }],
    fix: LET_UV_JUDGE,
  };
}
