/**
 * The JSON Schema of hsm.yaml beside the manifest, for editors: `.hsm/schema.json`.
 *
 * It needs no address that somebody must keep, and it is the schema of the very HSM that reads the file. `.hsm/` is
 * not committed, so each developer's own HSM writes it.
 *
 * @module
 */

import { join } from "@std/path";
import deno from "../../deno.json" with { type: "json" };
import { namesSchema, SCHEMA_FILE } from "../manifest/schema_line.ts";
import { peekText } from "../files/read_file.ts";
import { realFiles } from "../files/layer.ts";
import { writeOwnFile } from "../files/write_own_file.ts";

/** The schema as text; it says which HSM made it, for another one may have another. */
export async function schemaText(): Promise<string> {
  const { manifestJsonSchema } = await import("../manifest/schema.ts");
  return `${JSON.stringify({ ...MADE_BY, ...manifestJsonSchema() }, undefined, 2)}\n`;
}

const MADE_BY = { $comment: `made by hsm ${deno.version}` };

/**
 * Writes the schema where it is named and missing, or another HSM's. Touches only `.hsm/schema.json`.
 *
 * @param manifests The texts of hsm.yaml and hsm.local.yaml.
 */
export async function ensureSchema(
  root: string,
  manifests: readonly (string | undefined)[],
): Promise<void> {
  if (!manifests.some(namesSchema)) return;
  const path = join(root, SCHEMA_FILE);
  try {
    const isOwn = realFiles().facts(path)?.kind === "file" &&
      peekText(path)?.slice(0, 200).includes(JSON.stringify(MADE_BY.$comment));
    if (!isOwn) writeOwnFile(path, await schemaText());
  } catch {
    // An editor's help is no reason to stop.
  }
}
