/**
 * Text from a manifest in messages: readable, short, and without secrets.
 *
 * @module
 */

import { oneLine } from "../text/printable.ts";

/** What stands between a URL's scheme and its host, or after its `?`. YAML may write `\/` for `/`. */
const CREDENTIALS = /((?::|%3a)(?:\\?\/){2})[^\s]*@/gi;

/** The text without what stands between `://` and `@`, after a URL's `?`, and in `user:token@host`. */
export function maskCredentials(text: string): string {
  return text.replace(CREDENTIALS, "$1***@")
    .replace(/(:\/\/[^\s?]*\?)\S+/g, "$1***")
    .replace(/^[^\s/:@]+:(?!\/\/)[^\s@]+@/, "***@");
}

/** Whether the text may hold a user name, a password or a token in a URL. */
export function mayHoldCredentials(text: string): boolean {
  return maskCredentials(text) !== text;
}

/** The text between backquotes, for a message: no credentials, no control characters, 80 characters at most. */
export function quoteForMessage(text: string): string {
  const masked = maskCredentials(text.slice(0, 2000));
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
