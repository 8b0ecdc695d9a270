/**
 * How an error is shown.
 *
 * @module
 */

import { HsmError } from "../errors.ts";
import { errnoOf, ioError } from "../files/system_error.ts";
import type { Style } from "../text/style.ts";

/** The error that a run ends with, whatever was thrown: a failed rollback matters more than what led to it. */
export function toHsmError(error: unknown, program = "hsm"): HsmError {
  if (error instanceof HsmError) return error;
  if (error instanceof SuppressedError) {
    // Of two that leave a workspace both are told the same.
    if (holds(error.suppressed, error.error)) return toHsmError(error.suppressed, program);
    const [last, first] = [
      toHsmError(error.error, program),
      toHsmError(error.suppressed, program),
    ];
    // Of two that need a person, what to do about the one is not what to do about the other.
    const hints = [last, ...first.exitStatus === last.exitStatus ? [first] : []]
      .flatMap((it) => it.hint ?? []);
    return new HsmError(last.code, last.message, {
      causes: [...last.causes, first.message, ...first.causes],
      details: last.details,
      restored: last.restored,
      cause: error,
      exitStatus: last.exitStatus,
      ...(hints.length === 0 ? {} : { hint: hints.join("; ") }),
    });
  }
  // What the system refuses is no bug, and it says where.
  if (errnoOf(error) !== undefined) return ioError("go on", ".", error);
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new HsmError("internal", `Cannot go on: ${message}`, {
    hint: `this is a bug in ${program}; with --verbose it shows where`,
    cause: error,
  });
}

/** Whether it is that error, or one that led to it or away from it. */
function holds(thrown: unknown, error: unknown): boolean {
  return thrown === error || (thrown instanceof SuppressedError &&
    (holds(thrown.error, error) || holds(thrown.suppressed, error)));
}

/** An error as lines on a terminal. */
export function renderError(
  error: HsmError,
  restored: readonly string[],
  style: Style,
  verbose: boolean,
): string {
  const lines = [`${style.red(style.bold("error:"))} ${error.message}`];
  for (const cause of error.causes) {
    // What has several lines, such as a place in a file or a difference, speaks for itself.
    if (cause.includes("\n")) lines.push(...cause.trimEnd().split("\n").map((it) => `  ${it}`));
    else lines.push(`  ${style.bold("cause:")} ${cause}`);
  }
  if (restored.length > 0) lines.push(`  ${style.bold("restored:")} ${restored.join(", ")}`);
  if (error.hint !== undefined) lines.push(`${style.cyan(style.bold("hint:"))} ${error.hint}`);
  if (verbose && error.code === "internal" && error.cause instanceof Error) {
    lines.push(...(error.cause.stack ?? "").split("\n").map((it) => `  ${it}`));
  }
  return lines.map((line) => `${line.trimEnd()}\n`).join("");
}
