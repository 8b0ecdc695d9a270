/**
 * Keeping secrets out of what is printed.
 *
 * @module
 */

/**
 * What hides a secret, in this order: what is found, and what takes its place. Each is found in one pass: what comes
 * before a secret begins at a sign that cannot stand in it.
 */
const SECRETS: readonly (readonly [RegExp, (...found: string[]) => string])[] = [
  // `git@` is how everyone logs in over ssh, not a secret.
  [/:\/\/([^\s/'"`]+)@/g, (whole, login) => login === "git" ? whole : "://***@"],
  // A password with a slash in it; digits before the slash are a port.
  [/[^\s'"`]+/g, hidePassword],
  [
    /([?&](?=[\w-]*(?:token|passw|secret|key|auth|credential))[\w-]+=)[^&#\s'"`]+/gi,
    (_, name) => `${name}***`,
  ],
  // The short form of ssh, with a password in it.
  [/(^|[\s'"`])[^\s/:@'"`]+:[^\s/@'"`]+@(?=[\w.-]+:)/g, (_, before) => `${before}***@`],
];

function hidePassword(word: string): string {
  const end = word.lastIndexOf("@");
  return end < 0
    ? word
    : word.slice(0, end).replace(/:\/\/[^/:@]+:(?!\d+\/).*$/, "://***") + word.slice(end);
}

/**
 * Hides users, passwords and tokens in the URLs of a text.
 *
 * @example
 * ```ts
 * import { redact } from "@hsm/hsm";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(redact("https://me:s3cret@example.com/x"), "https://***@example.com/x");
 * assertEquals(redact("https://example.com/x?token=s3cret"), "https://example.com/x?token=***");
 * assertEquals(redact("ssh://git@example.com/x"), "ssh://git@example.com/x");
 * ```
 */
export function redact(text: string): string {
  return SECRETS.reduce((shown, [pattern, hide]) => shown.replace(pattern, hide), text);
}
