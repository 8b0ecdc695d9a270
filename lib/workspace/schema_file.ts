/**
 * The JSON Schema of hsm.yaml beside the manifest, for editors: `.hsm/schema.json`.
 *
 * It needs no address that somebody must keep, and it is the schema of the very HSM that reads the file. `.hsm/` is
 * not committed, so each developer's own HSM writes it.
 *
 * @module
 */

import { join } from "@std/path";
import { realFiles } from "../transaction/files.ts";
import { STATE_FOLDER } from "../transaction/journal.ts";
import { writeOwnFile } from "../write_own_file.ts";

/** The schema's path, relative to the root. */
export const SCHEMA_FILE = `${STATE_FOLDER}/schema.json`;

/** The line of hsm.yaml that tells editors where the schema is (yaml-language-server's modeline). */
export const SCHEMA_LINE = `# yaml-language-server: $schema=${SCHEMA_FILE}`;

/** The schema as text. */
export async function schemaText(): Promise<string> {
  const { manifestJsonSchema } = await import("../manifest/schema.ts");
  return `${JSON.stringify(manifestJsonSchema(), undefined, 2)}\n`;
}

/**
 * Writes the schema where a manifest refers to it and no file is there. Touches only `.hsm/schema.json`.
 *
 * @param manifest The text of hsm.yaml.
 */
export async function ensureSchema(root: string, manifest: string): Promise<void> {
  if (!manifest.includes(`$schema=${SCHEMA_FILE}`)) return;
  const path = join(root, SCHEMA_FILE);
  try {
    const kind = realFiles().facts(path)?.kind;
    if (kind !== "file") writeOwnFile(path, await schemaText());
  } catch {
    // An editor's help is no reason to stop.
  }
}
