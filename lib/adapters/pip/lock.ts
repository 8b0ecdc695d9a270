/**
 * What a pylock.toml (PEP 751) says of the packages.
 *
 * @module
 */

import { resolve } from "@std/path";
import { attempt } from "../../attempt.ts";
import { normalizeName } from "../../names.ts";
import { listOf, type Table, tableOf, textOf } from "../../table.ts";
import { parseData } from "../../toml/parse.ts";
import type { LockedPackage, LockedSource } from "../reader.ts";

/**
 * Reads the packages of a pylock.toml (version 1). Pure. What they need it does not say, nor their extras.
 *
 * @returns All of them, one that comes from several places several times; undefined where the text is no such file.
 */
export function readLock(text: string): readonly LockedPackage[] | undefined {
  if (text.trim() === "") return [];
  return readPackages(text)?.map((it): LockedPackage => ({
    key: normalizeName(String(it["name"])),
    version: textOf(it["version"]),
    ...sourceOf(it),
    needs: undefined,
    extras: new Set(),
  }));
}

function readPackages(text: string): readonly Table[] | undefined {
  const root = attempt(() => parseData(text));
  if (root === undefined || !/^1\./.test(textOf(root["lock-version"]) ?? "")) return undefined;
  return listOf(root["packages"]).map(tableOf).filter((it) => typeof it["name"] === "string");
}

/** The lower end of the Python versions that a lock file is for; undefined where it names none. */
export function lockedPython(text: string): string | undefined {
  const root = attempt(() => parseData(text));
  return /^>=\s*([\d.]+)$/.exec(textOf(root?.["requires-python"]) ?? "")?.[1];
}

/** The line, from 1, that says where a package comes from. */
export function lockLine(
  text: string,
  { key, written }: Pick<LockedPackage, "key" | "written">,
): number | undefined {
  let isPackage = false;
  for (const [index, line] of text.split("\n").entries()) {
    const name = /^name = "(.*)"/.exec(line)?.[1];
    if (line.startsWith("[[")) isPackage = false;
    else if (name !== undefined) isPackage = normalizeName(name) === key;
    else if (isPackage && line.includes(` = ${JSON.stringify(written)}`)) return index + 1;
  }
  return undefined;
}

/** What has no index named is from the one that counts. */
const ANY_INDEX = "the index";

function sourceOf(entry: Table): { readonly source: LockedSource; readonly written: string } {
  const [vcs, directory, archive] = ["vcs", "directory", "archive"].map((key) => {
    const value = entry[key];
    return value === undefined ? undefined : tableOf(value);
  });
  if (vcs !== undefined) {
    const written = textOf(vcs["url"]) ?? textOf(vcs["path"]) ?? "";
    const asked = textOf(vcs["requested-revision"]);
    // Which of the three it was is not written down.
    const found = { tag: asked, branch: asked, rev: asked };
    const [commit, subdirectory] = ["commit-id", "subdirectory"].map((key) => textOf(vcs[key]));
    return { source: { kind: "git", url: written, ...found, commit, subdirectory }, written };
  }
  if (directory !== undefined) {
    const written = textOf(directory["path"]) ?? "";
    return { source: { kind: "path", path: written, isFile: false }, written };
  }
  if (archive !== undefined) {
    const path = textOf(archive["path"]);
    const written = path ?? textOf(archive["url"]) ?? "";
    return {
      source: path === undefined
        ? { kind: "url", url: written }
        : { kind: "path", path, isFile: true },
      written,
    };
  }
  const url = textOf(entry["index"]) ?? ANY_INDEX;
  return { source: { kind: "index", url }, written: url };
}

/**
 * Whether two lock files say the same, each seen from its own folder. The archive of a version's source follows from the
 * version, and uv leaves it out where it is not to build.
 *
 * @param folders The folders, absolute.
 */
export function isSameLock(
  texts: readonly [string, string],
  folders: readonly [string, string],
): boolean {
  const [one, other] = texts.map((text, at) => comparable(text, folders[at]!));
  return one !== undefined && one === other;
}

function comparable(text: string, folder: string): string | undefined {
  const root = attempt(() => parseData(text));
  return root === undefined ? undefined : JSON.stringify(
    root,
    (key, value) => {
      if (key === "sdist") return undefined;
      if (key === "path" && typeof value === "string") return resolve(folder, value);
      return typeof value === "bigint" ? String(value) : value;
    },
  );
}

/** What differs in a later lock file, in words, a line each. Pure. */
export function describeLockChanges(before: string, after: string): readonly string[] {
  const [was, is] = [before, after].map((text) =>
    new Map((readLock(text) ?? []).map((it) => [it.key, it]))
  );
  const lines: string[] = [];
  for (const [key, it] of was!) if (!is!.has(key)) lines.push(`Remove ${nameOf(it)}`);
  for (const [key, it] of is!) {
    const old = was!.get(key);
    if (old === undefined) lines.push(`Add ${nameOf(it)}`);
    else if (nameOf(old) !== nameOf(it)) lines.push(`Update ${nameOf(old)} -> ${wordOf(it)}`);
  }
  const [from, to] = [before, after].map((text) =>
    textOf(attempt(() => parseData(text))?.["requires-python"])
  );
  if (from !== to) lines.unshift(`Update requires-python ${from ?? "any"} -> ${to ?? "any"}`);
  return lines;
}

function nameOf(it: LockedPackage): string {
  return `${it.key} ${wordOf(it)}`;
}

function wordOf({ version, source, written }: LockedPackage): string {
  if (source.kind === "git") return `${version ?? ""} (${source.tag ?? source.commit})`.trim();
  if (source.kind === "path") return `(${written})`;
  return version === undefined ? `(${written})` : `v${version}`;
}
