import { assert, assertEquals } from "@std/assert";
import { MANIFEST_KEYS, manifestJsonSchema, PACKAGE_KEYS } from "../../../lib/manifest/schema.ts";

Deno.test("manifestJsonSchema() describes every key", () => {
  // deno-lint-ignore no-explicit-any -- a JSON Schema, looked into by path
  const schema = JSON.parse(JSON.stringify(manifestJsonSchema())) as any;
  assertEquals(schema.$schema, "https://json-schema.org/draft/2020-12/schema");
  assertEquals(Object.keys(schema.properties), [...MANIFEST_KEYS]);
  assertEquals(schema.additionalProperties, false);
  assertEquals(schema.required, undefined);
  const entry = schema.properties.packages.anyOf[0].additionalProperties;
  const long = entry.anyOf.find((branch: { type: string }) => branch.type === "object");
  assertEquals(Object.keys(long.properties), [...PACKAGE_KEYS]);
  assertEquals(long.additionalProperties, false);
  const all = { ...schema.properties, ...long.properties };
  for (const [key, value] of Object.entries(all)) {
    assert((value as { description?: string }).description?.endsWith("."), key);
  }
});
