/**
 * What a manifest file says, apart from how it says it: the measure of an edit.
 *
 * @module
 */

import { normalizeName } from "../names.ts";
import type { ManifestEdit } from "./edits.ts";
import { shortPin } from "./merge.ts";
import { type Pin, PIN_KEYS } from "./model.ts";
import { type Located, packageEntries } from "./read_yaml.ts";
import { toData } from "./validate.ts";

/** What a manifest file says: the short form is spelt out, names are normalized. */
export interface ManifestContent {
  /** Everything but the packages, as JSON. */
  readonly rest: string;
  /** By normalized name: the keys, and their values as JSON. */
  readonly packages: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/** The content of a file. */
export function contentOf(root: Located | undefined): ManifestContent {
  const packages = new Map<string, ReadonlyMap<string, string>>();
  for (const { key, value } of packageEntries(root)) {
    packages.set(normalizeName(key), entryContent(toData(value, ["packages", key])));
  }
  const rest: [string, unknown][] = [];
  if (root?.kind === "map") {
    for (const { key, value } of root.entries.values()) {
      const isPackages = key === "packages" &&
        (value.kind === "map" || (value.kind === "scalar" && value.value === null));
      if (!isPackages) rest.push([key, toData(value, [key])]);
    }
  } else if (root !== undefined && !(root.kind === "scalar" && root.value === null)) {
    rest.push(["", toData(root, [])]);
  }
  return { rest: JSON.stringify(rest), packages };
}

function entryContent(data: unknown): ReadonlyMap<string, string> {
  if (data === null) return new Map();
  const entry = typeof data === "string" ? shortPin(data) : data;
  if (typeof entry !== "object" || Array.isArray(entry)) {
    return new Map([["", JSON.stringify(entry)]]);
  }
  return new Map(Object.entries(entry!).map(([key, value]) => [key, JSON.stringify(value)]));
}

/** The content that an edit is meant to lead to. */
export function applyToContent(content: ManifestContent, edit: ManifestEdit): ManifestContent {
  const packages = new Map(content.packages);
  const key = normalizeName(edit.package);
  const entry = new Map(packages.get(key));
  if (edit.kind === "remove-package") {
    packages.delete(key);
  } else if (edit.kind === "unset-package-key") {
    entry.delete(edit.key);
    if (packages.has(key)) packages.set(key, entry);
  } else if (edit.kind === "add-package") {
    packages.set(key, entryContent(edit.value));
  } else {
    const [name, value] = edit.kind === "set-pin" ? pinParts(edit.pin) : [edit.key, edit.value];
    if (PIN_KEYS.includes(name)) PIN_KEYS.forEach((pin) => entry.delete(pin));
    packages.set(key, entry.set(name, JSON.stringify(value)));
  }
  return { ...content, packages };
}

/** The pin's key and value. */
export function pinParts(pin: Pin): readonly [string, string] {
  return Object.entries(pin)[0]!;
}

/** Whether both say the same. Where `prune` is set an entry without keys says nothing. */
export function sameContent(a: ManifestContent, b: ManifestContent, prune: boolean): boolean {
  return print(a, prune) === print(b, prune);
}

function print(content: ManifestContent, prune: boolean): string {
  const packages = [...content.packages]
    .filter(([, entry]) => !prune || entry.size > 0)
    .map(([name, entry]) => [name, [...entry].sort()])
    .sort();
  return JSON.stringify([content.rest, packages]);
}
