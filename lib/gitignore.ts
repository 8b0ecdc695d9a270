/**
 * The app's .gitignore: checkouts, personal settings and HSM's own folder are nobody else's.
 *
 * @module
 */

import { join } from "@std/path";
import { readText } from "./read_text.ts";

/** The lines that .gitignore needs, for a given folder of checkouts. */
export function ignoreLines(packagesDir: string): readonly string[] {
  return [...(packagesDir === "." ? [] : [`${packagesDir}/`]), "hsm.local.yaml", ".hsm/"];
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
export async function ensureIgnored(root: string, packagesDir: string): Promise<void> {
  const path = join(root, ".gitignore");
  const before = await readText(path, ".gitignore", "io") ?? "";
  const after = withIgnored(before, ignoreLines(packagesDir));
  if (after !== before) await Deno.writeTextFile(path, after);
}
