/**
 * What the system says about a failed call, as an error for people: with the path, and with a way out.
 *
 * @module
 */

import { dirname } from "@std/path";
import { attempt } from "../attempt.ts";
import { HsmError } from "../errors.ts";
import { SYSTEM, type System } from "../platform/system.ts";

/** The system's short name of an error, such as `ENOSPC`; undefined when it has none. */
export function errnoOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" && /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}

/** What the system says about a failed call, such as "No space left on device (ENOSPC): write '/app/uv.lock'". */
export function describeFailure(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const errno = errnoOf(error);
  return message.replace(/ \(os error \d+\)/, errno === undefined ? "" : ` (${errno})`);
}

/** What to do about a disk, by what the system says. */
const DISK: Readonly<Record<string, string>> = {
  ENOSPC: "make room on its disk, then run the command again",
  EDQUOT: "make room on its disk, then run the command again",
  EIO: "look after its disk, then run the command again",
};

/**
 * An error of the file system as an {@linkcode HsmError} `io`; an HsmError stays what it is.
 *
 * @param action What could not be done: "Cannot <action>".
 * @param path Where, which is said unless the action or the system says so.
 */
export function ioError(action: string, path: string, error: unknown): HsmError {
  if (error instanceof HsmError) return error;
  const errno = errnoOf(error);
  const isSaid = errno === undefined || placeIn(error) !== undefined || action.includes(path);
  const hint = wayOut(path, error) ?? (errno && DISK[errno]);
  return new HsmError(
    "io",
    `Cannot ${action}: ${describeFailure(error)}${isSaid ? "" : `: '${path}'`}`,
    { cause: error, details: { path, errno: errno ?? null }, hint },
  );
}

/**
 * What to do where the system does not let HSM: mostly somebody else, such as root, has run it here before.
 *
 * @returns undefined where the system's reason is another one.
 */
export function wayOut(
  path: string,
  error: unknown,
  system: System = SYSTEM,
): string | undefined {
  const errno = errnoOf(error) ?? "";
  if (errno === "EROFS") return "its disk cannot be written to: run hsm where it can";
  if (system === "windows" && ["EACCES", "EPERM", "EBUSY"].includes(errno)) {
    return "close what has it open, such as an editor, and see that you may write to it, then run the command again";
  }
  if (errno !== "EACCES" && errno !== "EPERM") return undefined;
  const place = placeIn(error) ?? path;
  const owner = ownerOf(place);
  const whose = owner === undefined ? "" : `${owner.path} belongs to user ${owner.uid}: `;
  return `${whose}make it yours with \`chown\`, or writable with \`chmod u+w\`, then run the command again`;
}

/** The path that the system's message names. */
function placeIn(error: unknown): string | undefined {
  return /: [a-z]+ '([^']+)'/.exec(error instanceof Error ? error.message : "")?.[1];
}

/** Who owns what is at a path, or the nearest folder above it that can be looked at. */
function ownerOf(path: string): { readonly path: string; readonly uid: number } | undefined {
  for (let at = path;; at = dirname(at)) {
    const info = attempt(() => Deno.lstatSync(at));
    if (info !== undefined) return info.uid === null ? undefined : { path: at, uid: info.uid };
    if (at === dirname(at)) return undefined;
  }
}
