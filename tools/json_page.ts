/**
 * docs/reference/json.md: the documents of `--json`, field by field.
 *
 * @module
 */

import { type DocumentShapes, FAILURE } from "./documents.ts";
import { code, table } from "./markdown.ts";
import type { Schema } from "./shapes.ts";

/** The page's sections, below its title. */
export function jsonSections({ envelope, documents, types }: DocumentShapes): readonly string[] {
  const own = [...documents].filter(([key]) => key !== FAILURE);
  return [
    "With `--json` standard output holds exactly one JSON document, whatever else is asked for and however the command ends; progress, warnings and questions stay on standard error. A command that shows no result at all, because it failed before there was one, prints the fields of every document alone.",
    "[json.schema.json](json.schema.json) has the same shapes as JSON Schema, under `$defs`; the tests hold every document that they see against it, and this page is made of the same types.",
    "## Every document",
    fieldTable(envelope),
    "Where the exit status is not 0 there is an `error`, beside the result where there is one: `hsm check` that finds problems prints them, and an error. With `--exit-code` the exit status is the answer that was asked for: 1 comes without an `error` then, and with one where the command failed.",
    "## What stays",
    "`version` is 1. It is raised where a field goes, gets another name, type or meaning, or is no longer there always. Not raised is it for what readers are to pass over: a new field, command or error code, and a new value where a field has one of several. Messages, hints, causes and a program's `output` are for people, and change at any time; `code` and the other fields are for programs.",
    "A field marked with `?` may be left out. What is `undefined` in a [script](../scripting.md) is left out too: the results there are the same.",
    "## Documents",
    ...own.flatMap(([key, all]) => [
      `### ${key} --json`,
      ...all.flatMap((it, index) => [
        ...(index === 0 ? [] : ["or"]),
        ...(it.description === undefined ? [] : [sentence(it.description)]),
        fieldTable(it, envelope),
      ]),
    ]),
    "## Types",
    ...typeSections(types),
  ];
}

/** A section for each type. */
export function typeSections(types: ReadonlyMap<string, Schema>): readonly string[] {
  return [...types].flatMap(([name, it]) => [
    `### ${name}`,
    ...(it.description === undefined ? [] : [it.description]),
    ...describeType(it),
  ]);
}

/** What a type that is no object of its own is. */
function describeType(schema: Schema): readonly string[] {
  if (schema.properties !== undefined) return [fieldTable(schema)];
  if (schema.anyOf?.every((it) => it.properties !== undefined)) {
    return schema.anyOf.flatMap((it, index) => [...(index === 0 ? [] : ["or"]), fieldTable(it)]);
  }
  return [`${typeText(schema)}`];
}

/** The fields of an object, but for those that another one has too. */
export function fieldTable(schema: Schema, common: Schema = {}): string {
  const required = new Set(schema.required);
  const rows = Object.entries(schema.properties ?? {})
    .filter(([name]) => !(name in (common.properties ?? {})))
    .map(([name, it]) => [
      code(`${name}${required.has(name) ? "" : "?"}`),
      typeText(it),
      it.description ?? "",
    ]);
  return table(["field", "type", "what it is"], rows);
}

function typeText(schema: Schema): string {
  const { $ref, items, anyOf, type, additionalProperties } = schema;
  if ($ref !== undefined) {
    const name = $ref.split("/").at(-1)!;
    return `[${name}](#${name.toLowerCase()})`;
  }
  if (schema.enum !== undefined) {
    return schema.enum.map((it) => code(JSON.stringify(it))).join(", ");
  }
  if (anyOf !== undefined) return anyOf.map(typeText).join(" or ");
  if (items !== undefined) return `list of ${typeText(items)}`;
  if (additionalProperties !== undefined) return `object, of ${typeText(additionalProperties)}`;
  if (schema.properties !== undefined) {
    const fields = Object.entries(schema.properties);
    return fields.map(([name, it]) => `${code(name)}: ${typeText(it)}`).join(", ");
  }
  return type ?? "anything";
}

function sentence(text: string): string {
  return text.endsWith(".") ? text : `${text}.`;
}
