/**
 * Reading the files of users: whole, as UTF-8, and of a sensible size.
 *
 * @module
 */

import { HsmError, type HsmErrorCode } from "../errors.ts";
import { MAX_BYTES, readFile, tooLarge } from "./read_file.ts";
import { ioError } from "./system_error.ts";

/**
 * Decodes a file's bytes; a byte order mark stays in the text.
 *
 * @param name The file, as messages name it.
 * @param code The error code where it is not UTF-8 or too large.
 */
export function decodeText(
  bytes: Uint8Array,
  name: string,
  code: HsmErrorCode,
  limit: number = MAX_BYTES,
): string {
  if (bytes.length > limit) throw tooLarge(name, bytes.length, limit, code);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    // The lines before the broken one are sound, so the replacement characters show where it is.
    const lines = new TextDecoder().decode(bytes).split("\n");
    const broken = lines.findIndex((line) => line.includes("\uFFFD"));
    const line = broken < 0 ? lines.length : broken + 1;
    throw new HsmError(code, `Cannot read ${name}: line ${line} is not UTF-8`, {
      hint: `save ${name} as UTF-8`,
      details: { file: name, line },
      cause,
    });
  }
}

/**
 * Reads a file as text.
 *
 * @param limit The most that is read, in bytes.
 * @returns undefined where there is no such file.
 * @throws {HsmError} `code` where it is not UTF-8 or too large; `io` where it is no regular file, or cannot be read.
 */
export function readText(
  path: string,
  name: string,
  code: HsmErrorCode,
  limit: number = MAX_BYTES,
): Promise<string | undefined> {
  // For a small file a turn of the event loop takes longer than the disk.
  return Promise.try(readNow, path, name, code, limit);
}

function readNow(
  path: string,
  name: string,
  code: HsmErrorCode,
  limit: number,
): string | undefined {
  try {
    const bytes = readFile(path, { name, code, limit });
    return bytes && decodeText(bytes, name, code, limit);
  } catch (error) {
    throw ioError(`read ${name}`, path, error);
  }
}
