/**
 * An index that lets nobody in whom it does not know: what uv says then, and what is to be done.
 *
 * @module
 */

import { AUTHENTICATION_GUIDE, type Denial, hostOf } from "../../git/denial.ts";

/** What uv says of indexes, and of files in them. */
const DENIED =
  /An index(?: URL)? \(([^)\s]+)\) (?:could not be queried due to a lack of valid authentication credentials \((\d+)|returned an? (40[13]))|HTTP status client error \((401|403)[^)]*\) for url \(([^)\s]+)\)/;

/** Reads what uv said of an index. Pure; undefined where it is about something else. */
export function readIndexDenial(text: string): Denial | undefined {
  const found = DENIED.exec(text.replace(/\s+/g, " "));
  if (found === null) return undefined;
  const host = hostOf(found[1] ?? found[5]);
  const isKnown = (found[2] ?? found[3] ?? found[4]) === "403";
  return {
    host,
    hint: isKnown
      ? `${host} refuses the user or token that uv has, or wants one: ${AUTHENTICATION_GUIDE}`
      : `${host} wants to know who asks: run \`uv auth login ${host}\`, ${AUTHENTICATION_GUIDE}`,
  };
}
