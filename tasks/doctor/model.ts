/**
 * What a look at a workspace finds.
 *
 * @module
 */

/** One thing that was looked at. */
export interface Finding {
  /** What was looked at, in a word or two. */
  readonly check: string;
  /** Whether it is as it should be. */
  readonly state: "ok" | "note" | "warning" | "error";
  /** What was found. */
  readonly message: string;
  /** What to do about it. */
  readonly fix?: string | undefined;
}

/** All is well. */
export function ok(check: string, message: string): Finding {
  return { check, state: "ok", message };
}

/** Everything is in order, and something could be more convenient. */
export function note(check: string, message: string, fix: string): Finding {
  return { check, state: "note", message, fix };
}

/** Something deserves attention, and does not keep what only looks from working. */
export function warning(check: string, message: string, fix: string): Finding {
  return { check, state: "warning", message, fix };
}

/** Something does not work. */
export function error(check: string, message: string, fix: string | undefined): Finding {
  return { check, state: "error", message, fix };
}
