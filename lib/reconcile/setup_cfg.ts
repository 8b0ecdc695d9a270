/**
 * Reading setuptools' setup.cfg: the values that are written out in it.
 *
 * Its syntax is that of Python's configparser: a value goes on in the lines that are indented. (The ini readers on npm
 * take those lines for keys.)
 *
 * @module
 */

import type { ComponentMetadata } from "./model.ts";
import type { MetadataFile, MetadataResult } from "./read_metadata.ts";

interface Value {
  /** The lines of the value, without comments and empty ones. */
  readonly items: string[];
  /** The line of each item in the file, from 1. */
  readonly lines: number[];
}

/**
 * Reads a setup.cfg. Values that are computed (`attr:`, `file:`) count as dynamic.
 *
 * @param file The file.
 * @returns The metadata.
 */
export function readSetupCfg({ text }: MetadataFile): MetadataResult {
  const sections = parseSections(text);
  const lines: Record<string, number> = {};
  const dynamic: string[] = [];
  const read = (section: string, key: string, path: string): string | undefined => {
    const value = sections.get(section)?.get(key);
    const [item] = value?.items ?? [];
    if (value === undefined || item === undefined || /^(?:attr|file):/.test(item)) {
      dynamic.push(path);
      return undefined;
    }
    lines[path] = value.lines[0]!;
    return item;
  };
  const list = (value: Value | undefined, path: string): readonly string[] => {
    if (value?.items.some((item) => item.startsWith("file:"))) {
      dynamic.push(path.split(".")[0]!);
      return [];
    }
    for (const [index, line] of value?.lines.entries() ?? []) lines[`${path}.${index}`] = line;
    return value?.items ?? [];
  };
  const name = read("metadata", "name", "name");
  const version = read("metadata", "version", "version");
  const requiresPython = sections.get("options")?.get("python_requires")?.items.join(",");
  const requirements = sections.get("options")?.get("install_requires");
  // What is not written here may stand in a setup.py, which is not run.
  if (requirements === undefined) dynamic.push("dependencies");
  const optionalDependencies: Record<string, readonly string[]> = {};
  for (const [extra, value] of sections.get("options.extras_require") ?? []) {
    optionalDependencies[extra] = list(value, `optional-dependencies.${extra}`);
  }
  const metadata: ComponentMetadata = {
    ...(name === undefined ? {} : { name }),
    ...(version === undefined ? {} : { version }),
    ...(requiresPython === undefined ? {} : { requiresPython }),
    dependencies: list(requirements, "dependencies"),
    optionalDependencies,
    dynamic: [...new Set(dynamic)],
    sources: [],
    lines,
  };
  return { metadata, problems: [] };
}

function parseSections(text: string): ReadonlyMap<string, ReadonlyMap<string, Value>> {
  const sections = new Map<string, Map<string, Value>>();
  let section = new Map<string, Value>();
  let value: Value | undefined;
  for (const [index, raw] of text.replace(/^\uFEFF/, "").split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === "" || /^[#;]/.test(line)) continue;
    const header = /^\[([^\]]+)\]/.exec(raw)?.[1]?.trim();
    if (header !== undefined) {
      section = sections.get(header) ?? new Map();
      sections.set(header, section);
      value = undefined;
      continue;
    }
    let item = line;
    if (!/^\s/.test(raw)) {
      const [, key, rest] = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(line) ?? [];
      if (key === undefined) continue;
      value = { items: [], lines: [] };
      section.set(key.toLowerCase(), value);
      item = rest ?? "";
    }
    if (item === "" || value === undefined) continue;
    value.items.push(item);
    value.lines.push(index + 1);
  }
  return sections;
}
