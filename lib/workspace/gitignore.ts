/**
 * The app's .gitignore: checkouts, personal settings and HSM's own folder are nobody else's.
 *
 * @module
 */

import { join } from "@std/path";
import { readText } from "../read_text.ts";

/**
 * The lines that .gitignore needs.
 *
 * @param packagesDir The folder of checkouts.
 * @param paths The places of single checkouts, relative to the root; those elsewhere need no line.
 */
export function ignoreLines(
  packagesDir: string,
  paths: readonly string[] = [],
): readonly string[] {
  const elsewhere = paths.filter((path) =>
    path !== ".." && !path.startsWith("../") && !path.startsWith(`${packagesDir}/`)
  );
  return [
    ...(packagesDir === "." ? [] : [`${packagesDir}/`]),
    ...new Set(elsewhere.map((path) => `${path}/`)),
    "hsm.local.yaml",
    ".hsm/",
  ];
}

/**
 * Adds the lines that a .gitignore lacks, at its end, in its own line ending.
 *
 * @returns The same text where it lacks none.
 */
export function withIgnored(text: string, lines: readonly string[]): string {
  const ignored = new Set(
    text.split(/\r?\n/).map((line) => line.trim().replace(/^\//, "").replace(/\/$/, "")),
  );
  const missing = lines.filter((line) => !ignored.has(line.replace(/\/$/, "")));
  if (missing.length === 0) return text;
  const end = text.includes("\r\n") ? "\r\n" : "\n";
  const separator = text === "" || text.endsWith("\n") ? "" : end;
  return text + separator + missing.map((line) => line + end).join("");
}

/** Adds what is missing to the .gitignore in `root`, which is made where there is none. */
export async function ensureIgnored(
  root: string,
  packagesDir: string,
  paths: readonly string[] = [],
): Promise<void> {
  const path = join(root, ".gitignore");
  const before = await readText(path, ".gitignore", "io") ?? "";
  const after = withIgnored(before, ignoreLines(packagesDir, paths));
  if (after !== before) await Deno.writeTextFile(path, after);
}
