/**
 * RECORD, the list of a distribution's files by which it is uninstalled (PEP 376, and "Recording installed projects" of the
 * packaging specifications): lines of CSV with path, digest and size.
 *
 * @module
 */

import { createHash } from "node:crypto";

/** The line for a file. */
export function recordLine(path: string, content: Uint8Array): string {
  const digest = createHash("sha256").update(content).digest("base64url");
  return `${quoted(path)},sha256=${digest},${content.length}`;
}

/** The path that a line begins with. */
export function pathIn(line: string): string {
  const [, inQuotes, plain] = /^(?:"((?:[^"]|"")*)"|([^,]*))/.exec(line) ?? [];
  return inQuotes?.replaceAll('""', '"') ?? plain ?? "";
}

/** A line with another path. */
export function withPath(line: string, path: string): string {
  return quoted(path) + line.replace(/^(?:"(?:[^"]|"")*"|[^,]*)/, "");
}

function quoted(path: string): string {
  return /[",\n\r]/.test(path) ? `"${path.replaceAll('"', '""')}"` : path;
}
