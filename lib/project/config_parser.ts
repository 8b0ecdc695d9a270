/**
 * The syntax of Python's configparser, which setup.cfg is written in. (The ini readers on npm take the lines that a
 * value goes on in for keys.)
 *
 * @module
 */

/** A value: its lines, without indent and comments; the first is what stands behind the key, and may be empty. */
export type ConfigValue = readonly ConfigRow[];

/** A line of a value. */
export interface ConfigRow {
  /** Its text. */
  readonly text: string;
  /** Its line in the file, from 1. */
  readonly line: number;
}

/** Sections by name, with their values by key. */
export type Config = ReadonlyMap<string, ReadonlyMap<string, ConfigValue>>;

/** What {@linkcode parseConfig} gives. */
export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  /** Python refuses the file, too. */
  | { readonly ok: false; readonly line: number; readonly reason: string };

const HEADER = /^\[(.+)\]/;

/**
 * Parses a file as `configparser` does: a value goes on in the lines that are indented deeper than its key, and in empty
 * ones; comments have a line of their own.
 *
 * @param text The file's text.
 * @returns The sections, or the line that is none of these.
 */
export function parseConfig(text: string): ConfigResult {
  const sections = new Map<string, Map<string, ConfigValue>>();
  const fail = (index: number, reason: string): ConfigResult => ({
    ok: false,
    line: index + 1,
    reason,
  });
  let section: Map<string, ConfigValue> | undefined;
  let rows: ConfigRow[] | undefined;
  let indent = 0;
  for (const [index, raw] of text.replace(/^\uFEFF/, "").split(/\r?\n/).entries()) {
    const row = { text: raw.trim(), line: index + 1 };
    if (row.text === "" || /^[#;]/.test(row.text)) continue;
    const depth = raw.search(/\S/);
    if (rows !== undefined && depth > indent) {
      rows.push(row);
      continue;
    }
    indent = depth;
    const header = HEADER.exec(row.text)?.[1];
    if (header !== undefined) {
      if (sections.has(header)) return fail(index, `[${header}] is there twice`);
      sections.set(header, section = new Map());
      rows = undefined;
      continue;
    }
    const end = row.text.search(/[=:]/);
    const key = row.text.slice(0, Math.max(end, 0)).trim();
    const first = row.text.slice(end + 1).trim();
    if (section === undefined) return fail(index, "it stands above all sections");
    if (key === "") return fail(index, "it is neither a section nor a key with a value");
    if (section.has(key)) return fail(index, `${key} is there twice`);
    section.set(key, rows = [{ ...row, text: first }]);
  }
  return { ok: true, config: sections };
}
