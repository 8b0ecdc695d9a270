/**
 * `hsm schema`: the JSON Schema of hsm.yaml.
 *
 * @module
 */

import { type Command, defineCommand } from "../lib/command/command.ts";
import { manifestJsonSchema } from "../lib/manifest/schema.ts";
import { toJson } from "../lib/text/printable.ts";

/**
 * The JSON Schema (2020-12) of hsm.yaml and hsm.local.yaml, for editors and validators.
 *
 * Touches nothing.
 *
 * @example
 * ```ts
 * import { schema } from "@hsm/hsm";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(schema()["title"], "hsm.yaml");
 * ```
 *
 * @returns The schema, as JSON holds it.
 */
export function schema(): Readonly<Record<string, unknown>> {
  return manifestJsonSchema();
}

/** What `hsm schema` prints. */
export interface SchemaResult {
  /** The JSON Schema. */
  readonly schema: Readonly<Record<string, unknown>>;
}

/** `hsm schema`. */
export const schemaCommand: Command<SchemaResult> = defineCommand({
  name: "schema",
  group: "Around hsm",
  summary: "Print the JSON Schema of hsm.yaml, for editors",
  examples: ["hsm schema > hsm.schema.json"],
  options: {},
  run() {
    const data = schema();
    return Promise.resolve({ data: { schema: data }, text: toJson(data) });
  },
});
