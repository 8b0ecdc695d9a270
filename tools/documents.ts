/**
 * The shape of every document of `--json`, from the types of the commands' results.
 *
 * @module
 */

import { DOCUMENT_VERSION } from "../lib/cli/document.ts";
import type { Command } from "../lib/command/command.ts";
import type { Declarations } from "./declarations.ts";
import { type Schema, Shapes } from "./shapes.ts";

/** What is printed where there is nothing but an error. */
export const FAILURE = "failure";

/** The documents that are no command's, by what asks for them, and the types of what they hold. */
const OTHERS: readonly (readonly [key: string, type: string])[] = [
  ["hsm --version", "VersionDocument"],
  ["hsm --help", "HelpDocument"],
  ["hsm COMMAND --help", "CommandHelpDocument"],
];

/** The shapes of all documents. */
export interface DocumentShapes {
  /** What every document has. */
  readonly envelope: Schema;
  /** By what prints them, the shapes that a document has one of. */
  readonly documents: ReadonlyMap<string, readonly Schema[]>;
  /** The types in them, by name. */
  readonly types: ReadonlyMap<string, Schema>;
}

/** Finds out the shapes of all documents. */
export function documentShapes(
  declarations: Declarations,
  commands: readonly Command[],
): DocumentShapes {
  const shapes = new Shapes(declarations);
  const typed = (file: string, typeName: string) =>
    shapes.alternatives(
      { kind: "typeRef", repr: typeName, typeRef: { typeName, typeParams: null } },
      { file: new URL(`../${file}`, import.meta.url).href, params: new Map() },
    );
  const [envelope] = typed("lib/cli/document.ts", "Envelope");
  const found = [
    ...commands.map(({ name }) =>
      [`hsm ${name}`.trim(), dataOf(declarations, shapes, name)] as const
    ),
    ...OTHERS.map(([key, type]) => [key, typed("lib/cli/help_document.ts", type)] as const),
  ];
  const documents = found.map(([key, all]) =>
    [key, all.map((it) => enveloped(key, envelope!, it))] as const
  );
  const failure = { type: "object", properties: {}, required: ["error"] } as const;
  const all = new Map([...documents, [FAILURE, [enveloped(FAILURE, envelope!, failure)]] as const]);
  return { envelope: envelope!, documents: all, types: namedIn([...all.values()], shapes) };
}

/** The named types that schemas refer to, and they to, sorted. */
export function namedIn(schemas: unknown, shapes: Shapes): ReadonlyMap<string, Schema> {
  const used = new Set<string>();
  addReferences(schemas, shapes, used);
  return new Map([...used].sort().map((it) => [it, shapes.named.get(it)!]));
}

/** Collects the named types that a schema refers to, and they to. */
function addReferences(schema: unknown, shapes: Shapes, used: Set<string>): void {
  for (const [, name = ""] of JSON.stringify(schema).matchAll(/"#\/\$defs\/(\w+)"/g)) {
    if (used.has(name)) continue;
    used.add(name);
    addReferences(shapes.named.get(name), shapes, used);
  }
}

/** What a command says that its data is: `Command<Data>`. */
function dataOf(declarations: Declarations, shapes: Shapes, name: string): readonly Schema[] {
  const variable = `${name || "overview"}Command`;
  const [found] = declarations.variables(variable);
  const [data] = found?.variableDef?.tsType?.typeRef?.typeParams ?? [];
  if (found === undefined || data === undefined) {
    throw new Error(`${variable} does not say what its data is: Command<Data>`);
  }
  return shapes.alternatives(data, { file: found.location.filename, params: new Map() });
}

function enveloped(key: string, envelope: Schema, data: Schema): Schema {
  const taken = Object.keys(data.properties ?? {}).find((it) => it in envelope.properties!);
  if (taken !== undefined) throw new Error(`${key} has a field ${taken} of its own`);
  return {
    ...data,
    properties: { ...envelope.properties, ...data.properties },
    required: [...envelope.required!, ...data.required ?? []],
  };
}

/** All of it as JSON Schema: `$defs` has each document under what prints it, and the types. */
export function documentsSchema({ documents, types }: DocumentShapes): string {
  return JSON.stringify({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "hsm --json",
    description: `The documents of \`hsm --json\`, version ${DOCUMENT_VERSION}`,
    anyOf: [...documents.keys()].map((key) => ({ $ref: `#/$defs/${encodeURIComponent(key)}` })),
    $defs: {
      ...Object.fromEntries([...documents].map(([key, anyOf]) => [key, { anyOf }])),
      ...Object.fromEntries(types),
    },
  });
}
