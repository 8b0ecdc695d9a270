/**
 * The one place that all output passes, results, messages, JSON and the words of programs alike.
 *
 * @module
 */

import { toAscii } from "../text/ascii.ts";
import { printable } from "../text/printable.ts";
import { redact } from "../text/redact.ts";
import { writeAll } from "./write_all.ts";

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
