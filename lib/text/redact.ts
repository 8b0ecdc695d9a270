/**
 * Keeping secrets out of what is printed.
 *
 * @module
 */

/** What hides a secret, in this order: what is found, and what takes its place. */
const SECRETS: readonly (readonly [RegExp, (...found: string[]) => string])[] = [
  // `git@` is how everyone logs in over ssh, not a secret.
  [
    /\b([a-z][a-z0-9+.-]*:\/\/)([^\s/'"`]+)@/gi,
    (whole, scheme, login) => login === "git" ? whole : `${scheme}***@`,
  ],
  // A password with a slash in it; digits before the slash are a port.
  [
    /\b([a-z][a-z0-9+.-]*:\/\/)[^\s/:@'"`]+:(?!\d+\/)[^\s'"`]*@/gi,
    (_, scheme) => `${scheme}***@`,
  ],
  [
    /([?&][\w-]*(?:token|passw|secret|key|auth|credential)[\w-]*=)[^&#\s'"`]+/gi,
    (_, name) => `${name}***`,
  ],
  // The short form of ssh, with a password in it.
  [/(^|[\s'"`])[^\s/:@'"`]+:[^\s/@'"`]+@(?=[\w.-]+:)/g, (_, before) => `${before}***@`],
];

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
