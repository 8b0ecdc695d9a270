/**
 * Parsing TOML whose layout does not matter.
 *
 * @module
 */

import { parse, type TomlTable } from "smol-toml";

/** How many characters of texts are remembered: a thousand files of the usual size. */
const MAX_REMEMBERED = 4 * 1024 * 1024;

const remembered = new Map<string, TomlTable>();
let size = 0;

/**
 * Parses a text, or remembers what it said: what packages say is asked for at several places of one run. Integers are
 * numbers where they can be, else bigint. What is returned is not to be changed.
 *
 * @throws {TomlError}
 */
export function parseData(text: string): TomlTable {
  const known = remembered.get(text);
  if (known !== undefined) return known;
  const data = parse(text, { integersAsBigInt: "asNeeded" });
  size += text.length;
  if (size > MAX_REMEMBERED) {
    remembered.clear();
    size = text.length;
  }
  remembered.set(text, data);
  return data;
}
