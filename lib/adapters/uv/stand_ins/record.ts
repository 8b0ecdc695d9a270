/**
 * RECORD, the list of a distribution's files by which it is uninstalled (PEP 376, and "Recording installed projects" of the
 * packaging specifications): lines of CSV with path, digest and size.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { join } from "@std/path";
import { attempt } from "../../../attempt.ts";
import { exists } from "../../../files/is_there.ts";
import { peekText, readFile } from "../../../files/read_file.ts";

/** The line for a file. */
export function recordLine(path: string, content: Uint8Array): string {
  return `${quoted(path)},sha256=${digestOf(content)},${content.length}`;
}

function digestOf(content: Uint8Array): string {
  return createHash("sha256").update(content).digest("base64url");
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

/**
 * Whether the files beside a `.dist-info` folder are there that its RECORD names, such as `.pth` files and scripts: by these
 * an editable install is imported and run, and what leads Python to the checkout is as it was.
 *
 * @param site The folder of the distributions, absolute.
 */
export function isWhole(site: string, folder: string): boolean {
  const lines = (peekText(join(site, folder, "RECORD")) ?? "").split(/\r?\n/).filter((it) => it);
  return lines.length > 0 && lines.every((line) => {
    const path = pathIn(line);
    if (path.startsWith("../")) return exists(join(site, path));
    if (path.includes("/")) return true;
    const content = attempt(() => readFile(join(site, path)));
    const [, digest] = /,sha256=([\w-]+)/.exec(line) ?? [];
    return content !== undefined && (digest === undefined || digest === digestOf(content));
  });
}

function quoted(path: string): string {
  return /[",\n\r]/.test(path) ? `"${path.replaceAll('"', '""')}"` : path;
}
