/**
 * What poetry.lock says of the packages.
 *
 * @module
 */

import { attempt } from "../../attempt.ts";
import { normalizeName } from "../../names.ts";
import { listOf, type Table, tableOf, textOf, textsOf } from "../../table.ts";
import { parseData } from "../../toml/parse.ts";
import { AskedExtras, packageLine } from "../lock_text.ts";
import type { LockedPackage, LockedSource, Need } from "../reader.ts";

/**
 * Reads the packages of a poetry.lock (1.x of Poetry 1, 2.x of Poetry 2). Pure. The app itself is not in it.
 *
 * @returns All of them, one that comes from several places several times; undefined where the text is no such file.
 */
export function readLock(text: string): readonly LockedPackage[] | undefined {
  const entries = readEntries(text)?.filter((it) => typeof it["name"] === "string");
  if (entries === undefined) return undefined;
  const extras = new AskedExtras();
  return entries.map((entry): LockedPackage => {
    const key = normalizeName(String(entry["name"]));
    const needs = needsOf(entry);
    extras.add(needs);
    return {
      key,
      version: textOf(entry["version"]),
      ...sourceOf(entry["source"]),
      needs,
      extras: extras.of(key),
    };
  });
}

/** The tables of the packages, as they stand; undefined where the text is no poetry.lock of a version that is known. */
export function readEntries(text: string): readonly Table[] | undefined {
  if (text.trim() === "") return [];
  const root = attempt(() => parseData(text));
  const version = textOf(tableOf(root?.["metadata"])["lock-version"]);
  if (root === undefined || !/^[12]\./.test(version ?? "")) return undefined;
  return listOf(root["package"]).map(tableOf);
}

/** The line, from 1, that says where a package comes from. */
export function lockLine(
  text: string,
  { key, written }: Pick<LockedPackage, "key" | "written">,
): number | undefined {
  return packageLine(text, key, (line) => line === `url = ${JSON.stringify(written)}`);
}

/** What has no source is from PyPI. */
const PYPI = "PyPI";

function sourceOf(
  value: unknown,
): { readonly source: LockedSource; readonly written: string } {
  if (value === undefined) return { source: { kind: "index", url: PYPI }, written: PYPI };
  const source = tableOf(value);
  const text = (key: string) => textOf(source[key]);
  const written = text("url") ?? "";
  switch (text("type")) {
    case "git": {
      const [reference, commit, subdirectory] = ["reference", "resolved_reference", "subdirectory"]
        .map(text);
      // Which of the three it was is not written down.
      const found = { tag: reference, branch: reference, rev: reference };
      return {
        source: { kind: "git", url: repositoryOf(written), ...found, commit, subdirectory },
        written,
      };
    }
    case "directory":
    case "file":
      return {
        source: { kind: "path", path: written, isFile: source["type"] === "file" },
        written,
      };
    case "url":
      return { source: { kind: "url", url: written }, written };
    case "legacy":
      return { source: { kind: "index", url: written }, written };
    default:
      return { source: { kind: "unknown" }, written: written || "nowhere" };
  }
}

/** A repository's address; of one on this disk Poetry 2 writes that its host is None. */
export function repositoryOf(url: string): string {
  return url.replace(/^file:\/\/None(?=\/)/, "file://");
}

/** A dependency is a constraint, a table, or a list of them; which extra it belongs to is told by the lists of extras. */
function needsOf(entry: unknown): readonly Need[] {
  const { dependencies, extras } = tableOf(entry);
  const byName = new Map<string, string>();
  for (const [extra, list] of Object.entries(tableOf(extras))) {
    for (const text of textsOf(list)) {
      byName.set(normalizeName(/^[\w.-]+/.exec(text)?.[0] ?? ""), normalizeName(extra));
    }
  }
  return Object.entries(tableOf(dependencies)).flatMap(([name, value]) =>
    [value].flat().map((it): Need => {
      const table = typeof it === "string" ? { version: it } : tableOf(it);
      const key = normalizeName(name);
      const versions = textOf(table["version"]) ?? "";
      return {
        key,
        versions: versions === "*" ? "" : versions,
        extras: textsOf(table["extras"]).map(normalizeName),
        extra: table["optional"] === true ? byName.get(key) : undefined,
      };
    })
  );
}
