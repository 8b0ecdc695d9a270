/**
 * Which format a file of HSM's own has. It says so under `version`, a number that counts up whenever an older HSM would
 * misread what is new; whatever else a format changes, that name stays. What says nothing has format 1, as 0.1.0 wrote it.
 *
 * What a newer HSM wrote is neither read nor changed nor removed, and whoever needs it is told. Entries of HSM's cache
 * have their format in their path (`metadata/v2`), so that each HSM finds its own.
 *
 * @module
 */

import { HsmError } from "../errors.ts";
import { given } from "../given.ts";

/** The formats that this HSM writes; it reads those before them, too, but for notes. */
export const FORMATS = {
  /** `.hsm/journal/ID/`, said in its record.json. 2: git may have moved the app's repository. */
  journal: 2,
  /** `.hsm/lock`. */
  lock: 1,
  /** `hsm.json` beside the metadata of what is installed. */
  mark: 1,
  /** `.hsm/synced.json`. 2: it says so. */
  note: 2,
  /** What `plan()` makes. */
  plan: 1,
  /** `[tool.hsm]` in pyproject.toml. 2: it may be of another package manager than uv, and says which. */
  record: 2,
} as const;

/** A kind of file that says its format. */
export type FormatKind = keyof typeof FORMATS;

/** The format of what was read from a file; undefined where it says one that no HSM writes. */
export function formatOf(version: unknown): number | undefined {
  if (version === undefined) return 1;
  const isNumber = typeof version === "number" || typeof version === "bigint";
  return isNumber && Number.isSafeInteger(Number(version)) && version > 0
    ? Number(version)
    : undefined;
}

/** The format of what was read from a file, where a newer HSM wrote it. */
export function newerFormat(kind: FormatKind, version: unknown): number | undefined {
  const format = formatOf(version);
  return format !== undefined && format > FORMATS[kind] ? format : undefined;
}

/**
 * Refuses what a newer HSM wrote: who only looks at it would misread it, too.
 *
 * @param action What cannot be done, as the error names it.
 * @param what What was written.
 * @param path Its file, where that is one.
 * @throws {HsmError} `newer-format`
 */
export function refuseNewer(
  kind: FormatKind,
  version: unknown,
  { action, what, path, hint = UPDATE_HSM }: {
    readonly action: string;
    readonly what: string;
    readonly path?: string;
    readonly hint?: string;
  },
): void {
  const format = newerFormat(kind, version);
  if (format === undefined) return;
  const message = `Cannot ${action}: ${what} ${describeNewer(format)}`;
  throw new HsmError("newer-format", message, { hint, details: given({ path, format }) });
}

/**
 * Refuses a `[tool.hsm]` that a newer HSM wrote.
 *
 * @param path The file that it is in, as messages name it.
 * @throws {HsmError} `newer-format`
 */
export function refuseNewerRecord(version: unknown, path: string): void {
  refuseNewer("record", version, { action: `read ${path}`, what: "[tool.hsm]", path });
}

/** What is said of a file that a newer HSM wrote, after its name. */
export function describeNewer(format: number): string {
  return `was written by a newer hsm (format ${format})`;
}

/** What to do about it. */
export const UPDATE_HSM = "update hsm";
