/**
 * Parsing TOML whose layout does not matter.
 *
 * @module
 */

import { parse, TomlError, type TomlTable, type TomlValue } from "smol-toml";

/** Far more than any file needs, far less than the stack bears. */
export const MAX_DEPTH = 500;

/** What is wrong with a file that is deeper. */
export const TOO_DEEP: string = `nested more than ${MAX_DEPTH} levels deep`;

/** How many characters of texts are remembered: a thousand files of the usual size. */
const MAX_REMEMBERED = 4 * 1024 * 1024;

const remembered = new Map<string, TomlTable>();
let size = 0;

/**
 * Parses a text, or remembers what it said, by the text itself: what packages say is asked for at several places of one run
 * (docs/performance.md says what that saves). Integers are numbers where they can be, else bigint. What is returned is not
 * to be changed.
 *
 * @throws {TomlError}
 */
export function parseData(text: string): TomlTable {
  const known = remembered.get(text);
  if (known !== undefined) return known;
  const data = parse(text, { integersAsBigInt: "asNeeded" });
  if (isTooDeep(data)) throw new TomlError(TOO_DEEP, { toml: text, ptr: 0 });
  size += text.length;
  if (size > MAX_REMEMBERED) {
    remembered.clear();
    size = text.length;
  }
  remembered.set(text, data);
  return data;
}

/** A header alone can name thousands of tables. */
function isTooDeep(data: TomlTable): boolean {
  let level: TomlValue[] = [data];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return true;
    level = level.flatMap((it) => typeof it === "object" ? Object.values(it) : []);
  }
  return false;
}
