/**
 * What went wrong, as data: a stable code for scripts, a sentence for people, and what to do about it.
 *
 * @module
 */

import { oneLine, printable } from "./text/printable.ts";
import { redact } from "./text/redact.ts";

/**
 * A stable kebab-case name of a kind of error.
 *
 * @example
 * ```ts
 * import { HsmError, type HsmErrorCode, openWorkspace, sync } from "@hsm/hsm";
 *
 * const HARMLESS: readonly HsmErrorCode[] = ["workspace-locked", "interrupted"];
 * try {
 *   await using workspace = await openWorkspace();
 *   await sync(workspace, { yes: true });
 * } catch (error) {
 *   if (!(error instanceof HsmError) || !HARMLESS.includes(error.code)) throw error;
 * }
 * ```
 */
export type HsmErrorCode =
  | "usage"
  | "workspace-not-found"
  | "manifest-invalid"
  | "pyproject-invalid"
  | "pyproject-unsupported"
  | "newer-format"
  | "lock-invalid"
  | "outside-root"
  | "package-unknown"
  | "packages-incompatible"
  | "check-failed"
  | "sources-off"
  | "checkout-missing"
  | "checkout-mismatch"
  | "source-not-found"
  | "pin-missing"
  | "pin-not-found"
  | "tool-missing"
  | "tool-too-old"
  | "pull-refused"
  | "clone-failed"
  | "checkout-dirty"
  | "checkout-upstream-gone"
  | "command-failed"
  | "git-failed"
  | "uv-failed"
  | "adapter-failed"
  | "source-ignored"
  | "stand-in-refused"
  | "verify-failed"
  | "doctor-failed"
  | "update-failed"
  | "out-of-date"
  | "plan-invalid"
  | "plan-outdated"
  | "workspace-locked"
  | "lock-unsupported"
  | "file-changed"
  | "io"
  | "internal"
  | "rollback-failed"
  | "program-running"
  | "interrupted";

/** The exit status that the `hsm` executable ends with, by kind of error; else it is 1. */
const EXIT_STATUS: Readonly<Partial<Record<HsmErrorCode, number>>> = {
  "usage": 2,
  "workspace-not-found": 2,
  "manifest-invalid": 2,
  "pyproject-invalid": 2,
  "pyproject-unsupported": 2,
  "newer-format": 2,
  "lock-invalid": 2,
  "outside-root": 2,
  "package-unknown": 2,
  "packages-incompatible": 2,
  "check-failed": 2,
  "sources-off": 2,
  "checkout-missing": 2,
  "checkout-mismatch": 2,
  "source-not-found": 2,
  "pin-missing": 2,
  "pin-not-found": 2,
  "tool-missing": 2,
  "tool-too-old": 2,
  "pull-refused": 2,
  "plan-invalid": 2,
  "plan-outdated": 2,
  "rollback-failed": 3,
  "program-running": 3,
  "interrupted": 130,
};

/** What an {@linkcode HsmError} carries beside its code and message. */
export interface HsmErrorOptions {
  /** One line: the next thing to do about it. */
  readonly hint?: string | undefined;
  /** What led to it, outermost first; each is shown on a line of its own. */
  readonly causes?: readonly string[];
  /** The error this one stands for. */
  readonly cause?: unknown;
  /** JSON-safe facts for scripts, such as the packages concerned. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** What was brought back to what it was: files, relative to the root, and the environment. */
  readonly restored?: readonly string[];
  /** The exit status, where it is not the code's own (signals: 128+n). */
  readonly exitStatus?: number | undefined;
}

/** A cause is shown by whoever prints the error, as it is: one that would do harm there is told without its stack. */
function causeOf(cause: unknown): ErrorOptions | undefined {
  if (cause === undefined) return undefined;
  if (!(cause instanceof Error) || cause.message === printable(cause.message)) return { cause };
  const told = new Error(printable(cause.message));
  told.stack = `${told.name}: ${told.message}`;
  return { cause: told };
}

/**
 * The one class of errors that HSM raises: go by its {@linkcode HsmError.code}, show people its message, causes and
 * hint. These are printable whatever they quote, and hold no secrets; details are as they are. One that nobody catches
 * ends a script as it ends `hsm`, with the same text and exit status.
 *
 * @example
 * ```ts
 * import { HsmError, list, openWorkspace } from "@hsm/hsm";
 *
 * try {
 *   await using workspace = await openWorkspace({ readonly: true });
 *   list(workspace, { packages: ["no-such-plugin"] });
 * } catch (error) {
 *   if (!(error instanceof HsmError)) throw error;
 *   console.log(error.code); // "package-unknown"
 *   console.log(error.message); // "Cannot find `no-such-plugin` in hsm.yaml"
 *   console.log(error.exitStatus); // 2
 * }
 * ```
 */
export class HsmError extends Error {
  /** The class's name, for whom `instanceof` is out of reach. */
  override readonly name = "HsmError";
  /** The kind of error. */
  readonly code: HsmErrorCode;
  /** The next thing to do about it. */
  readonly hint: string | undefined;
  /** What led to it, outermost first. */
  readonly causes: readonly string[];
  /** JSON-safe facts for scripts. */
  readonly details: Readonly<Record<string, unknown>>;
  /**
   * The files that were brought back before it was thrown, relative to the root. In a script most errors come before that:
   * the rollback follows when the block is left, and the workspace's own `restored` says what it did.
   */
  readonly restored: readonly string[];
  /** The exit status that `hsm` ends with on this error. */
  readonly exitStatus: number;

  /**
   * Makes an error.
   *
   * @param code The kind of error.
   * @param message "Cannot <action>: <state>", without a full stop.
   * @param options A hint, causes and details.
   */
  constructor(code: HsmErrorCode, message: string, options: HsmErrorOptions = {}) {
    // Nobody knows who will print them: what comes from outside is made harmless here.
    const hint = options.hint === undefined ? undefined : redact(oneLine(options.hint));
    const causes =
      options.causes?.map((it) => redact(it.includes("\n") ? printable(it) : oneLine(it))) ?? [];
    super(redact(oneLine(message)), causeOf(options.cause));
    this.code = code;
    this.hint = hint;
    this.causes = causes;
    this.details = { ...options.details };
    this.restored = options.restored ?? [];
    this.exitStatus = options.exitStatus ?? EXIT_STATUS[code] ?? 1;
  }

  /** The same error with a hint that nobody knew where it was thrown. */
  withHint(hint: string): HsmError {
    const { code, message, causes, cause, details, restored, exitStatus } = this;
    return new HsmError(code, message, {
      hint,
      causes,
      details,
      restored,
      exitStatus,
      // One that stands for causes or a hint is made anew.
      ...(cause instanceof HsmError ? { cause } : {}),
    });
  }

  /** Adds facts that nobody knew where it was thrown. */
  addDetails(details: Readonly<Record<string, unknown>>): void {
    Object.assign(this.details, details);
  }
}
