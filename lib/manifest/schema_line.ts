/**
 * The line of a manifest file that tells editors where its JSON Schema is (yaml-language-server's modeline).
 *
 * @module
 */

import { STATE_FOLDER } from "../files/state_folder.ts";

/** The schema's path, relative to the root. */
export const SCHEMA_FILE = `${STATE_FOLDER}/schema.json`;

/** The line. */
export const SCHEMA_LINE = `# yaml-language-server: $schema=${SCHEMA_FILE}`;

/** Whether a manifest file tells editors where the schema is. */
export function namesSchema(text: string | undefined): boolean {
  return text?.includes(`$schema=${SCHEMA_FILE}`) ?? false;
}

/** Whether a manifest file says nothing but where the schema is. */
export function isSchemaLine(text: string): boolean {
  return text.trim() === SCHEMA_LINE;
}
