/**
 * Values held against docs/reference/json.schema.json, and strictly: what the shape does not know is wrong too.
 *
 * @module
 */

import documents from "../../docs/reference/json.schema.json" with { type: "json" };

/** As much of JSON Schema as is in there. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema;
  readonly anyOf?: readonly Schema[];
}

const DEFINITIONS = documents.$defs as Readonly<Record<string, Schema>>;

/** What is wrong with a document of that name, such as `hsm sync`; nothing where it is as documented. */
export function misfits(name: string, document: unknown): readonly string[] {
  const schema = DEFINITIONS[name];
  return schema === undefined ? [`no shape is called ${name}`] : compare(schema, document, "$");
}

function compare(schema: Schema, value: unknown, at: string): readonly string[] {
  const { $ref, anyOf, items, properties, required = [], additionalProperties } = schema;
  if ($ref !== undefined) return compare(DEFINITIONS[$ref.split("/").at(-1)!]!, value, at);
  if (anyOf !== undefined) {
    const all = anyOf.map((it) => compare(it, value, at));
    // The one that it is most like says best what is wrong.
    return all.toSorted((a, b) => a.length - b.length)[0]!;
  }
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    return [`${at} is ${JSON.stringify(value)}, not one of ${schema.enum.join(", ")}`];
  }
  if (schema.type !== undefined && typeOf(value) !== schema.type) {
    return [`${at} is ${typeOf(value)}, not ${schema.type}`];
  }
  if (items !== undefined) {
    return (value as unknown[]).flatMap((it, index) => compare(items, it, `${at}[${index}]`));
  }
  if (typeof value !== "object" || value === null) return [];
  const missing = required.filter((it) => !(it in value)).map((it) => `${at}.${it} is missing`);
  const wrong = Object.entries(value).flatMap(([key, it]) => {
    const known = properties?.[key] ?? additionalProperties;
    if (known !== undefined) return compare(known, it, `${at}.${key}`);
    return properties === undefined ? [] : [`${at}.${key} is not documented`];
  });
  return [...missing, ...wrong];
}

function typeOf(value: unknown): string {
  return value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
}
