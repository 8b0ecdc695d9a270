/**
 * Text from a manifest in messages: readable, short, and without secrets.
 *
 * @module
 */

import { oneLine } from "../text/printable.ts";
import { redact } from "../text/redact.ts";

/** The text between backquotes, for a message: no credentials, no control characters, 80 characters at most. */
export function quoteForMessage(text: string): string {
  const masked = redact(text.slice(0, 2000), { strict: true });
  const characters = [...oneLine(masked)];
  const short = characters.length > 80
    ? `${characters.slice(0, 79).join("")}…`
    : characters.join("");
  return `\`${short}\``;
}

/** `a`, `b` or `c`. */
export function listChoices(choices: readonly string[]): string {
  const quoted = choices.map((choice) => `\`${choice}\``);
  const last = quoted.pop() ?? "";
  return quoted.length === 0 ? last : `${quoted.join(", ")} or ${last}`;
}
