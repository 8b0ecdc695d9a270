/**
 * Text from outside as a terminal may show it: whatever a remote, a checkout, a program or a file says moves no cursor,
 * clears no screen, turns no text round, and begins no line where one line was meant.
 *
 * @module
 */

import { Colors } from "./colors.ts";

/**
 * A whole escape sequence (ECMA-48), in its forms of 7 and of 8 bits: a control sequence, such as a colour; a string,
 * such as a link, which ends in the line in which it began; a short one, such as a reset.
 */
const SEQUENCE =
  // deno-lint-ignore no-control-regex
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b[PX\]^_]|[\x90\x98\x9d-\x9f])[^\x00-\x1f\x7f-\x9f]*(?:\x07|\x1b\\|\x9c)|\x1b[ -/]*[0-OQ-WYZ\\`-~]/;

/** Control characters but for tab and line feed, what turns text round, separators of lines, halves of characters. */
const HARMFUL =
  // deno-lint-ignore no-control-regex
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\p{Cs}]/u;

/** The same, and all else that cannot be seen, but for the joiners, without which some scripts cannot be written. */
const INVISIBLE = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu;

const SHOWN = new RegExp(`(${SEQUENCE.source})|\r\n|${HARMFUL.source}`, "gu");

/**
 * A text of one or more lines as it may be shown: escape sequences are left out, other control characters are written
 * as `\u{…}`, and a carriage return on its own ends a line.
 *
 * @example
 * ```ts
 * import { printable } from "./printable.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(printable("\x1b[2Jfits\x07\r\n"), "fits\\u{7}\r\n");
 * ```
 *
 * @param options `colors`: whether colours stay; those that are not ended end with the text. Default: false.
 */
export function printable(text: string, { colors = false } = {}): string {
  if (!HARMFUL.test(text)) return text;
  const state = new Colors();
  const shown = text.replace(SHOWN, (found, sequence?: string) => {
    if (sequence !== undefined) return colors && state.take(sequence) ? sequence : "";
    return found === "\r\n" ? found : found === "\r" ? "\n" : visible(found);
  });
  // Whatever is printed next is no part of it.
  return state.isOpen ? shown.replace(/\r?\n?$/, (end) => `\x1b[0m${end}`) : shown;
}

/**
 * A value, or a sentence with values in it, as one line: whatever cannot be seen is written out, line breaks and escape
 * sequences included. Were these left out here, one that a value leaves open would take what follows with it.
 */
export function oneLine(text: string): string {
  return text.replace(INVISIBLE, visible);
}

/** A value as JSON, on lines of its own or indented; what would not be printable is written as JSON writes it. */
export function toJson(value: unknown, { indent = 2 } = {}): string {
  return `${JSON.stringify(value, undefined, indent)}\n`.replace(
    new RegExp(HARMFUL, "gu"),
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Longer sequences are none that a program sends in earnest. */
const LONGEST = 4096;

/** An escape sequence that is not complete. */
const OPEN =
  // deno-lint-ignore no-control-regex
  /(?:\x1b(?:\[[0-?]*[ -/]*|[PX\]^_][^\x00-\x1f\x7f-\x9f]*\x1b?|[ -/]*)|\x9b[0-?]*[ -/]*|[\x90\x98\x9d-\x9f][^\x00-\x1f\x7f-\x9f]*\x1b?)$/;

/**
 * How much of a piece of a program's output can be shown before the next one comes: all but an escape sequence at its
 * end that is not complete.
 */
export function completeLength(piece: string): number {
  const open = OPEN.exec(piece.slice(-LONGEST));
  return piece.length - (open?.[0].length ?? 0);
}

function visible(char: string): string {
  const short = { "\n": "\\n", "\r": "\\r", "\t": "\\t" }[char];
  return short ?? `\\u{${char.codePointAt(0)!.toString(16)}}`;
}
