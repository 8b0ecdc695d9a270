/**
 * "Did you mean …?"
 *
 * @module
 */

import { levenshteinDistance } from "@std/text";

/** Longer words are not misspelt names, and comparing them takes long. */
const MAX_LENGTH = 100;

/**
 * The known word that a mistyped one most probably stands for.
 *
 * Case, `-`, `_` and `.` count for nothing; a third of the letters may be wrong.
 *
 * @param word What was written.
 * @param known The words that would have been right.
 * @returns The nearest word, the first of equally near ones; undefined where none is near.
 */
export function suggest(word: string, known: Iterable<string>): string | undefined {
  if (word.length > MAX_LENGTH) return undefined;
  const wanted = fold(word);
  // Who stops in the middle of a word means that word more surely than any neighbour of what was typed.
  const words = [...known];
  const continued = wanted.length < 3 ? [] : words.filter((it) => fold(it).startsWith(wanted));
  if (continued.length > 0) return continued.reduce((a, b) => b.length < a.length ? b : a);
  let nearest: string | undefined;
  let best = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of words) {
    const folded = fold(candidate);
    if (Math.abs(folded.length - wanted.length) >= best) continue;
    const distance = isSwapped(wanted, folded) ? 1 : levenshteinDistance(wanted, folded);
    // A word of which no letter is right is no misspelling, however short it is.
    if (distance < best && distance < Math.max(wanted.length, folded.length)) {
      nearest = candidate;
      best = distance;
    }
  }
  return nearest;
}

function fold(word: string): string {
  return word.toLowerCase().replace(/[-_.\s]+/g, "-");
}

/** Whether the words differ by two neighbouring letters that changed places: the commonest slip of the fingers. */
function isSwapped(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2);
}
