/**
 * Keeping secrets out of what is printed.
 *
 * @module
 */

/** How {@linkcode redact} looks. */
export interface RedactOptions {
  /**
   * For what is quoted out of a file that says something else than it should: whatever stands between a URL's scheme and
   * its last `@`, and all of its query. Elsewhere what follows a path is a commit, and a query says which one. @default {false}
   */
  readonly strict?: boolean;
}

/** A part of a text, from one offset up to another. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What stands before the host of a URL, as it may be written: YAML knows `\/` for `/`, and a query `%3a` for `:`. */
const SCHEME_END = /(?::|%3a)(?:\\?\/){2}/gi;

/** In a query. Each name begins at a sign that cannot stand in it, so that it is looked at once. */
const PARAMETER = /[?&](?=[\w-]*(?:token|passw|secret|key|auth|credential))[\w-]+=([^&#]+)/gi;

/** The short form of ssh, with a password in it. */
const SHORT = /^[^/:@]+:[^/@]+(?=@[\w.-]+:)/;

/** The same in a word that may be anything, with what may open it. */
const SHORT_OF_ANY = /^(['"`([{]*)[^/:@'"`([{][^/:@]*:(?!\\?\/\\?\/)[^@]+(?=@)/;

/**
 * Where secrets stand in a text, in its order. Its words are looked at one by one, and each a fixed number of times, so that
 * a long text takes no longer than its length.
 */
export function findSecrets(text: string, { strict = false }: RedactOptions = {}): Span[] {
  const found: Span[] = [];
  for (const { 0: word, index } of text.matchAll(strict ? /\S+/g : /[^\s'"`]+/g)) {
    let end = 0;
    const spans = [...secretsOf(word, strict)].sort((a, b) => a.start - b.start);
    for (const span of spans) {
      // What lies in a password is hidden with it.
      if (span.start < end) continue;
      end = span.end;
      found.push({ start: index + span.start, end: index + end });
    }
  }
  return found;
}

function* secretsOf(word: string, strict: boolean): Iterable<Span> {
  const at = word.lastIndexOf("@");
  const short = at < 0 ? null : (strict ? SHORT_OF_ANY : SHORT).exec(word);
  if (short !== null) yield { start: short[1]?.length ?? 0, end: short[0].length };
  if (at >= 0) {
    for (const mark of word.slice(0, at).matchAll(SCHEME_END)) {
      const start = mark.index + mark[0].length;
      const end = strict ? at : loginEnd(word, start, at);
      // `git@` is how everyone logs in over ssh, not a secret.
      if (end > start && word.slice(start, end) !== "git") yield { start, end };
      if (end === at) break;
    }
  }
  if (strict) {
    const scheme = word.search(SCHEME_END);
    const query = scheme < 0 ? -1 : word.indexOf("?", scheme);
    if (query >= 0 && query + 1 < word.length) yield { start: query + 1, end: word.length };
  }
  for (const { 0: whole, 1: value = "", index } of word.matchAll(PARAMETER)) {
    yield { start: index + whole.length - value.length, end: index + whole.length };
  }
}

/** Where a user, a token or a password ends that begins behind `://`; -1: there is none. */
function loginEnd(word: string, start: number, last: number): number {
  const slash = word.indexOf("/", start);
  const host = slash < 0 ? word.length : slash;
  const end = last < host ? last : word.slice(start, host).lastIndexOf("@") + start;
  if (end > start) return end;
  // A password with a slash in it; digits before the slash are a port.
  return /^[^/:@]+:(?!\d+$)/.test(word.slice(start, host)) ? last : -1;
}

/**
 * Hides users, passwords and tokens in the URLs of a text.
 *
 * @example
 * ```ts
 * import { redact } from "./redact.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(redact("https://me:s3cret@example.com/x"), "https://***@example.com/x");
 * assertEquals(redact("https://example.com/x?token=s3cret"), "https://example.com/x?token=***");
 * assertEquals(redact("ssh://git@example.com/x"), "ssh://git@example.com/x");
 * ```
 */
export function redact(text: string, options?: RedactOptions): string {
  let shown = "";
  let from = 0;
  for (const { start, end } of findSecrets(text, options)) {
    shown += `${text.slice(from, start)}***`;
    from = end;
  }
  return shown + text.slice(from);
}
