/**
 * The user's own requirements that name a URL: Poetry takes such a package from there and from nowhere else, so that the
 * URL has to go as long as HSM says where the package comes from.
 *
 * @module
 */

import type { Change } from "../../change.ts";
import { requirementName } from "../../names.ts";
import type { ArrayEdits } from "../../project/array_edits.ts";
import type { PackageRecord } from "../../project/record.ts";
import { unsupported } from "../../project/wishes.ts";
import { findNode, type TomlDocument } from "../../toml/document.ts";

/** The arrays of requirements that a `[project]` table and dependency groups have. */
export function requirementArrays(document: TomlDocument): readonly (readonly string[])[] {
  const tables = [["project", "optional-dependencies"], ["dependency-groups"]];
  return [
    ["project", "dependencies"],
    ...tables.flatMap((path) =>
      [...findNode(document, path)?.children.keys() ?? []].map((key) => [...path, String(key)])
    ),
  ];
}

/** Takes the URL out of the requirement on a package. */
export function setDirectAside(
  arrays: ArrayEdits,
  paths: readonly (readonly string[])[],
  name: string,
  key: string,
  record: PackageRecord,
): readonly Change[] {
  const found = paths.flatMap((path) => {
    const array = arrays.open(path);
    return array.entries.flatMap((text, place) =>
      text !== undefined && requirementName(text) === key && withoutUrl(text) !== text
        ? [{ array, place, text }]
        : []
    );
  });
  const [first] = found;
  if (first === undefined) return [];
  if (new Set(found.map((it) => it.text)).size > 1) {
    throw unsupported(
      `${name} is required from several URLs`,
      `let all requirements on ${name} but one name no URL`,
    );
  }
  const to = withoutUrl(first.text);
  for (const { array, place } of found) array.replaced.set(place, to);
  record.direct = first.text;
  return [{ package: name, what: "requirement", action: "replace", from: first.text, to }];
}

/** Puts the URL back that was taken out of the requirement on a package. */
export function putDirectBack(
  arrays: ArrayEdits,
  paths: readonly (readonly string[])[],
  name: string,
  { direct }: PackageRecord,
): readonly Change[] {
  if (direct === undefined) return [];
  const from = withoutUrl(direct);
  let isBack = false;
  for (const path of paths) {
    const { entries, replaced } = arrays.open(path);
    for (const [place, text] of entries.entries()) {
      if (text !== from) continue;
      replaced.set(place, direct);
      isBack = true;
    }
  }
  return isBack
    ? [{ package: name, what: "requirement", action: "replace", from, to: direct }]
    : [];
}

/** A requirement without its URL (PEP 508); before a marker that follows a URL there is a space. */
export function withoutUrl(text: string): string {
  return text.replace(
    /^([^@;]*?)\s*@\s*[^\s;][^\s]*?(?:\s+(;.*))?\s*$/s,
    (_, what, marker) => marker === undefined ? what : `${what} ${marker}`,
  );
}
