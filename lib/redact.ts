/**
 * Keeping secrets out of what is printed.
 *
 * @module
 */

/**
 * Hides the user and password of every URL in a text.
 *
 * @example
 * ```ts
 * import { redact } from "@hsm/hsm";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(redact("https://me:s3cret@example.com/x"), "https://***@example.com/x");
 * assertEquals(redact("ssh://git@example.com/x"), "ssh://git@example.com/x");
 * ```
 */
export function redact(text: string): string {
  return text.replace(
    /\b([a-z][a-z0-9+.-]*:\/\/)([^\s/@'"`]+)@/gi,
    // `git@` is how everyone logs in over ssh, not a secret.
    (whole, scheme: string, login: string) => login === "git" ? whole : `${scheme}***@`,
  );
}
