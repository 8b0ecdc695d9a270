/**
 * Names that files and folders cannot have on Windows, or are another file's there.
 *
 * @module
 */

const DEVICES = ["con", "prn", "aux", "nul", "conin\\$", "conout\\$", "com#", "lpt#"]
  .map((it) => it.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`))
  .map((it) => it.replace("#", "[1-9\\u00b9\\u00b2\\u00b3]"));

/** A pattern, as JSON Schema has them, and why a path must not be like it. */
interface NameFault {
  readonly pattern: string;
  readonly why: string;
}

/** What silently is another file or folder. */
export const TRAPS: readonly NameFault[] = [
  {
    pattern: `(^|/)(${DEVICES.join("|")}) *(\\.[^/]*)?(/|$)`,
    why: "Windows has a device of this name, whatever stands behind a dot",
  },
  {
    pattern: "(^|/)([^/]* |[^/]*[^/.][^/]*\\.|\\.\\.\\.+)(/|$)",
    why: "no part of it may end with `.` or a space, which Windows drops",
  },
];

const FAULTS: readonly NameFault[] = [
  ...TRAPS,
  { pattern: '[<>:"|?*]', why: 'Windows has no `<`, `>`, `:`, `"`, `|`, `?`, `*` in names' },
];

/** Why there can be no such path on Windows; undefined where there can. */
export function faultOnWindows(path: string): string | undefined {
  return FAULTS.find((it) => new RegExp(it.pattern, "u").test(path))?.why;
}
