/**
 * A server that lets nobody in whom it does not know: what git says then, and what is to be done.
 *
 * @module
 */

import { redact } from "../text/redact.ts";

/** Where it is written how to sign in. */
export const AUTHENTICATION_GUIDE = "see docs/guides/authentication.md";

/** What git says over https; the first of the groups is the address. */
const GIT =
  /(?:Authentication failed for|could not read (?:Username|Password) for|unable to access) '([^']+)'(?:: The requested URL returned error: (401|403))?/i;

/** What a program said, as far as a server did not let them in. */
export interface Denial {
  /** The server. */
  readonly host: string;
  /** What to do about it. */
  readonly hint: string;
}

/**
 * Reads what git said. Pure; undefined where it is about something else.
 *
 * @param options `caller`: the program that runs git, and lets it ask nobody.
 */
export function readDenial(
  text: string,
  { caller }: { readonly caller?: string } = {},
): Denial | undefined {
  const git = GIT.exec(text);
  if (git === null || (git[2] === undefined && git[0].startsWith("unable"))) return undefined;
  const host = hostOf(git[1]);
  const way = caller === undefined
    ? "answer git on a terminal, or give it"
    : `${caller} lets git ask nobody; give git`;
  return {
    host,
    hint: git[2] === "403"
      ? `${host} refuses the user or token that git has, or wants one: ${AUTHENTICATION_GUIDE}`
      : `${host} wants to know who asks: ${way} a credential helper that knows it, ${AUTHENTICATION_GUIDE}`,
  };
}

/** The server in an address. */
export function hostOf(address = ""): string {
  return URL.canParse(address) ? new URL(address).host : redact(address);
}
