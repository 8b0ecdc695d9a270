/**
 * A file of HSM's own, such as a note or a cache entry, written whole and never through a link.
 *
 * @module
 */

import { attempt } from "../attempt.ts";
import { whileHeld } from "../platform/held_files.ts";

/**
 * Writes a file of HSM's own. It is made anew under a name that nobody knows beforehand, then renamed: whatever has its
 * name, a link or a FIFO too, is replaced and not written to.
 *
 * @param content The text; a function is told the identity of the file that it is written to.
 * @param options `mode`: the permission bits, before the umask. Default: 0o666.
 * @throws {Error} what the system says; nothing is left behind then.
 */
export function writeOwnFile(
  path: string,
  content: string | ((identity: string) => string),
  { mode = 0o666 } = {},
): void {
  const temporary = `${path}.${crypto.randomUUID()}`;
  try {
    {
      using file = Deno.openSync(temporary, { write: true, createNew: true, mode });
      const text = typeof content === "string" ? content : content(identityOf(file.statSync()));
      for (let rest = new TextEncoder().encode(text); rest.length > 0;) {
        rest = rest.subarray(file.writeSync(rest));
      }
    }
    whileHeld(() => Deno.renameSync(temporary, path));
  } catch (error) {
    // It is in nobody's way.
    attempt(() => Deno.removeSync(temporary));
    throw error;
  }
}

/** The inode and the time of birth in milliseconds, as far as the system tells: a rename keeps them, no copy has them. */
export function identityOf({ ino, birthtime }: Deno.FileInfo): string {
  return `${ino}@${birthtime?.getTime() ?? null}`;
}
