/**
 * The one place that all output passes, results, messages, JSON and the words of programs alike.
 *
 * @module
 */

import { toAscii } from "../text/ascii.ts";
import { printable } from "../text/printable.ts";
import { redact } from "../text/redact.ts";

/**
 * What prints on a stream: without control characters, escape sequences and bidirectional overrides, and without
 * secrets. These are looked for last, since a sequence may stand in the middle of one.
 *
 * @param color Whether colours stay.
 * @param ascii Whether it is a terminal that shows no more than ASCII.
 */
export function printer(
  stream: Parameters<typeof writeAll>[0],
  color: boolean,
  ascii = false,
): (text: string) => void {
  return (text) => {
    const shown = redact(printable(text, { colors: color }));
    writeAll(stream, ascii ? toAscii(shown) : shown);
  };
}

const encoder = new TextEncoder();

/** Writes a text, all of it. A reader that went away, such as `head`, is no reason to stop halfway. */
export function writeAll(
  stream: { writeSync(bytes: Uint8Array): number },
  text: string,
): void {
  try {
    for (let rest = encoder.encode(text); rest.length > 0;) {
      rest = rest.subarray(stream.writeSync(rest));
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}
