/**
 * The one way in which HSM reads a file: a regular one, of a sensible size.
 *
 * What lies at a path may have come with somebody's repository. To open a FIFO is to wait for ever, deaf to signals; a
 * device has no end. So the kind is known before anything is opened, and the size before anything is read.
 *
 * @module
 */

import { attempt } from "../attempt.ts";
import { HsmError, type HsmErrorCode } from "../errors.ts";

/** In bytes; no manifest and no pyproject.toml that people write comes near it. */
export const MAX_BYTES: number = 16 * 1024 * 1024;

/** In bytes; what programs write, such as a lock file, may be longer. */
export const MAX_WRITTEN_BYTES: number = 16 * MAX_BYTES;

/** In bytes; for what HSM writes down for itself. */
export const MAX_NOTE_BYTES: number = 1024 * 1024;

/** How {@linkcode readFile} reads. */
export interface ReadFileOptions {
  /** The file, as messages name it. @default {path} */
  readonly name?: string;
  /** The most that is read, in bytes. @default {MAX_BYTES} */
  readonly limit?: number;
  /** The error code where it is larger. @default {"io"} */
  readonly code?: HsmErrorCode;
}

/**
 * Reads a file, through links.
 *
 * @returns undefined where there is none.
 * @throws {HsmError} `io` where it is no regular file, `code` where it is too large.
 * @throws {Error} what the system says where it cannot be read.
 */
export function readFile(path: string, options: ReadFileOptions = {}): Uint8Array | undefined {
  const { name = path, limit = MAX_BYTES, code = "io" } = options;
  try {
    const info = Deno.statSync(path);
    const problem = irregularity(info, path, name);
    if (problem !== undefined) throw problem;
    if (info.size > limit) throw tooLarge(name, info.size, limit, code);
    // The kernel's own files say so too, and some of them never end.
    if (info.size === 0) return new Uint8Array();
    return Deno.readFileSync(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/**
 * Reads a file that says something only where it is as it should be: what is missing, no regular file, too large or not to
 * be read says nothing.
 *
 * @param limit The most that is read, in bytes.
 */
export function peekText(path: string, limit: number = MAX_BYTES): string | undefined {
  const bytes = attempt(() => readFile(path, { limit }));
  return bytes && new TextDecoder().decode(bytes);
}

/**
 * Why something cannot be read as a file.
 *
 * @param name The file, as messages name it.
 * @returns undefined where it is a regular file.
 */
export function irregularity(
  info: Deno.FileInfo,
  path: string,
  name: string,
): HsmError | undefined {
  if (info.isFile) return undefined;
  return new HsmError("io", `Cannot read ${name}: it is not a regular file${kindOf(info)}`, {
    hint: `move it away; where ${name} is wanted, it must be a file`,
    details: { path },
  });
}

function kindOf(info: Deno.FileInfo): string {
  if (info.isDirectory) return " but a folder";
  if (info.isFifo) return " but a FIFO";
  if (info.isSocket) return " but a socket";
  return info.isCharDevice || info.isBlockDevice ? " but a device" : "";
}

/** The error that a file is larger than what is read. */
export function tooLarge(
  name: string,
  bytes: number,
  limit: number,
  code: HsmErrorCode,
): HsmError {
  const [megabytes, most] = [bytes, limit].map((it) => Math.round(it / 1024 / 1024));
  return new HsmError(code, `Cannot read ${name}: it has ${megabytes} MB, and ${most} is the most`);
}

/** Whether an error says that there is nothing at a path. */
export function isMissing(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
}
