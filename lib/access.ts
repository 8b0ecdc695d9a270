/**
 * A server that lets nobody in whom it does not know: what git and uv say then, and what is to be done.
 *
 * @module
 */

import { redact } from "./text/redact.ts";

const GUIDE = "see docs/guides/authentication.md";

/** What git says over https; the first of the groups is the address. */
const GIT =
  /(?:Authentication failed for|could not read (?:Username|Password) for|unable to access) '([^']+)'(?:: The requested URL returned error: (401|403))?/i;

/** What uv says of indexes, and of files in them. */
const UV =
  /An index(?: URL)? \(([^)\s]+)\) (?:could not be queried due to a lack of valid authentication credentials \((\d+)|returned an? (40[13]))|HTTP status client error \((401|403)[^)]*\) for url \(([^)\s]+)\)/;

/** What git or uv said, as far as a server did not let them in. */
export interface Denial {
  /** The server. */
  readonly host: string;
  /** Who was not let in. */
  readonly tool: "git" | "uv";
  /** What to do about it. */
  readonly hint: string;
}

/**
 * Reads what git or uv said. Pure; undefined where it is about something else.
 *
 * @param options `asks`: whether git could ask a person, as it cannot where uv runs it.
 */
export function readDenial(
  text: string,
  { asks = true }: { readonly asks?: boolean } = {},
): Denial | undefined {
  const git = GIT.exec(text);
  if (git !== null && (git[2] !== undefined || !git[0].startsWith("unable"))) {
    const host = hostOf(git[1]);
    return {
      host,
      tool: "git",
      hint: git[2] === "403"
        ? `${host} refuses the user or token that git has, or wants one: ${GUIDE}`
        : `${host} wants to know who asks: ${
          asks ? "answer git on a terminal, or give it" : "uv lets git ask nobody; give git"
        } a credential helper that knows it, ${GUIDE}`,
    };
  }
  const uv = UV.exec(text.replace(/\s+/g, " "));
  if (uv === null) return undefined;
  const host = hostOf(uv[1] ?? uv[5]);
  const isKnown = (uv[2] ?? uv[3] ?? uv[4]) === "403";
  return {
    host,
    tool: "uv",
    hint: isKnown
      ? `${host} refuses the user or token that uv has, or wants one: ${GUIDE}`
      : `${host} wants to know who asks: run \`uv auth login ${host}\`, ${GUIDE}`,
  };
}

function hostOf(address = ""): string {
  return URL.canParse(address) ? new URL(address).host : redact(address);
}
