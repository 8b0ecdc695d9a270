/**
 * Values held against the schemas in docs/reference, and strictly: what the shape does not know is wrong too.
 *
 * @module
 */

import events from "../../docs/reference/events.schema.json" with { type: "json" };
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

type Definitions = Readonly<Record<string, Schema>>;

/** What is wrong with a document of that name, such as `hsm sync`; nothing where it is as documented. */
export function misfits(name: string, document: unknown): readonly string[] {
  return compareNamed(documents.$defs as Definitions, name, document);
}

/** What is wrong with an event; nothing where it is as documented. */
export function eventMisfits(event: { readonly kind: string }): readonly string[] {
  return compareNamed(events.$defs as Definitions, event.kind, event);
}

function compareNamed(
  definitions: Definitions,
  name: string,
  value: unknown,
): readonly string[] {
  const schema = definitions[name];
  if (schema === undefined) return [`no shape is called ${name}`];
  return compare(schema, value, { definitions, at: "$" });
}

/** The definitions that a schema refers to, and where in a value one is. */
interface Place {
  readonly definitions: Definitions;
  readonly at: string;
}

function compare(schema: Schema, value: unknown, place: Place): readonly string[] {
  const { definitions, at } = place;
  const { $ref, anyOf, items, properties, required = [], additionalProperties } = schema;
  if ($ref !== undefined) return compare(definitions[$ref.split("/").at(-1)!]!, value, place);
  if (anyOf !== undefined) {
    const all = anyOf.map((it) => compare(it, value, place));
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
    return (value as unknown[]).flatMap((it, index) =>
      compare(items, it, { definitions, at: `${at}[${index}]` })
    );
  }
  if (typeof value !== "object" || value === null) return [];
  const missing = required.filter((it) => !(it in value)).map((it) => `${at}.${it} is missing`);
  const wrong = Object.entries(value).flatMap(([key, it]) => {
    const known = properties?.[key] ?? additionalProperties;
    if (known !== undefined) return compare(known, it, { definitions, at: `${at}.${key}` });
    return properties === undefined ? [] : [`${at}.${key} is not documented`];
  });
  return [...missing, ...wrong];
}

function typeOf(value: unknown): string {
  return value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
}
