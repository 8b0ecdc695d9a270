/**
 * How long ago something was.
 *
 * @module
 */

import { countOf } from "../../lib/text/words.ts";

const UNITS = [
  ["year", 365 * 86400],
  ["month", 30 * 86400],
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
] as const;

/**
 * A moment as a person tells it, in the largest unit that it fills, such as `2 hours ago`.
 *
 * @param moment The moment, as ISO 8601 writes it; what is none is given back as it is.
 * @param now The present, in milliseconds.
 */
export function ago(moment: string, now: number): string {
  const seconds = Math.floor((now - Date.parse(moment)) / 1000);
  if (Number.isNaN(seconds)) return moment;
  for (const [unit, length] of UNITS) {
    if (seconds >= length) return `${countOf(Math.floor(seconds / length), unit)} ago`;
  }
  return "just now";
}
