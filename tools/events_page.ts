/**
 * docs/reference/events.md: the events, kind by kind.
 *
 * @module
 */

import type { EventShapes } from "./event_shapes.ts";
import { fieldTable, typeSections } from "./json_page.ts";
import { code, fenced } from "./markdown.ts";
import type { Schema } from "./shapes.ts";

/** The page's sections, below its title. */
export function eventSections({ common, events, types }: EventShapes): readonly string[] {
  return [
    "What happens in a run, as data. `hsm --events` prints it as JSON lines on standard error, in place of messages and progress; standard output stays what it is, with `--json` too. Scripts hear of the same with `openWorkspace({ onEvent })` ([scripting.md](../scripting.md#events)).",
    fenced("sh", "hsm sync --yes --events 2> events.jsonl"),
    "The first line is `begun`, the last one `done` or `failed`, whatever the command line: with `--help` and with an option that does not exist, too. A command that was killed has no last line. Nobody is asked anything meanwhile, as with `--json`.",
    "[events.schema.json](events.schema.json) has the same shapes as JSON Schema, under `$defs` by their kind; the tests hold every event that they see against it, and this page is made of the same types.",
    "## Every event",
    fieldTable(withKind(common)),
    "## What stays",
    "`begun` has the `version`, which is that of the [documents](json.md#what-stays), and raised likewise: where a kind or a field goes, or gets another name, type or meaning. Pass over kinds and fields that you do not know. A `message` is for people, and changes at any time. A field marked with `?` may be left out.",
    "Work that lasts begins with `started` and comes to its end with one `ended`, which has its `id`: what is in between may be of other work, for much is done at a time. Events of the same work have its `id` as well. In URLs users, passwords and tokens are hidden.",
    "## Kinds",
    ...[...events].flatMap(([kind, it]) => [
      `### ${kind}`,
      it.description ?? "",
      ...fieldsOf(it, common),
    ]),
    "## Types",
    ...typeSections(types),
  ];
}

function withKind(common: Schema): Schema {
  const kind = { type: "string", description: "The kind of event." } as const;
  return {
    ...common,
    properties: { kind, ...common.properties },
    required: ["kind", ...common.required ?? []],
  };
}

function fieldsOf(event: Schema, common: Schema): readonly string[] {
  const own = { properties: { ...common.properties, kind: {} } };
  const has = Object.keys(event.properties ?? {}).some((it) => !(it in own.properties));
  return has ? [fieldTable(event, own)] : [`It has nothing but ${code("message")}.`];
}
