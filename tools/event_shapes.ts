/**
 * The shape of every event, from the types in lib/events/events.ts.
 *
 * @module
 */

import { DOCUMENT_VERSION } from "../lib/cli/document.ts";
import type { Declarations } from "./declarations.ts";
import { namedIn } from "./documents.ts";
import { type Schema, Shapes } from "./shapes.ts";

/** The shapes of all events. */
export interface EventShapes {
  /** What every event has. */
  readonly common: Schema;
  /** By their kind. */
  readonly events: ReadonlyMap<string, Schema>;
  /** The types in them, by name. */
  readonly types: ReadonlyMap<string, Schema>;
}

/** Finds out the shapes of all events. */
export function eventShapes(declarations: Declarations): EventShapes {
  const shapes = new Shapes(declarations);
  const file = new URL("../lib/events/events.ts", import.meta.url).href;
  const typed = (typeName: string) =>
    shapes.alternatives(
      { kind: "typeRef", repr: typeName, typeRef: { typeName, typeParams: null } },
      { file, params: new Map() },
    );
  const all = typed("HsmEvent").map((it) => [kindOf(it), it] as const);
  const names = new Set(all.map(([, it]) => it.title));
  const types = [...namedIn(all, shapes)].filter(([name]) => !names.has(name));
  return { common: typed("Happened")[0]!, events: new Map(all), types: new Map(types) };
}

function kindOf(schema: Schema): string {
  const [kind, ...others] = schema.properties?.["kind"]?.enum ?? [];
  if (typeof kind !== "string" || others.length > 0) {
    throw new Error(`${schema.title} does not say what kind of event it is`);
  }
  return kind;
}

/** All of it as JSON Schema: `$defs` has each event under its kind, and the types. */
export function eventsSchema({ events, types }: EventShapes): string {
  return JSON.stringify({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "hsm --events",
    description: `A line of \`hsm --events\`, version ${DOCUMENT_VERSION}`,
    anyOf: [...events.keys()].map((kind) => ({ $ref: `#/$defs/${kind}` })),
    $defs: { ...Object.fromEntries(events), ...Object.fromEntries(types) },
  });
}
