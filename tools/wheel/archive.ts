/**
 * A wheel's archive.
 *
 * @module
 */

import { type Zippable, zipSync } from "fflate";

/** The files of a wheel; its dist-info folder comes last, RECORD at the end. */
export type WheelFiles = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

/** The first day that an archive knows, in the local time that it has: so the same files make the same archive. */
const TIME = new Date(1980, 0, 1);

/** Unix, by whose permissions installers go. */
const UNIX = 3;

/** Packs files in their order; what lies in `scripts/` may be run. */
export function pack(files: WheelFiles): Uint8Array<ArrayBuffer> {
  const entries: Zippable = {};
  for (const [path, bytes] of files) {
    const mode = path.includes(".data/scripts/") ? 0o100755 : 0o100644;
    entries[path] = [bytes, { mtime: TIME, os: UNIX, attrs: mode << 16 }];
  }
  return zipSync(entries);
}
