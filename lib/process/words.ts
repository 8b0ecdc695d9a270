/**
 * Commands that need no shell: a program and its words.
 *
 * @module
 */

import { BUILT_IN } from "./first_words.ts";

/** What may stand in a command: one word, or one for each of several. Always one, whatever characters it has. */
export type Value = string | number | readonly (string | number)[];

/**
 * The words of a command, as dax's language has them. Pure.
 *
 * @returns undefined where it takes dax to read it: there are operators, variables, patterns or double quotes, or it begins
 * with what dax does itself.
 */
export function wordsOf(
  texts: readonly string[],
  values: readonly Value[],
): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  const add = (more: string) => word = (word ?? "") + more;
  const end = () => {
    if (word !== undefined) words.push(word);
    word = undefined;
  };
  for (const [index, text] of texts.entries()) {
    for (const [part, quoted, plain, space] of text.matchAll(PART)) {
      if (quoted !== undefined) add(quoted);
      else if (plain !== undefined) add(plain);
      else if (space !== undefined) end();
      else if (part !== "") return undefined;
    }
    if (index === values.length) break;
    for (const [at, one] of [values[index]!].flat().entries()) {
      if (at > 0) end();
      add(String(one));
    }
  }
  end();
  const [program = ""] = words;
  const isOwn = program === "" || BUILT_IN.has(program) || /^\w+=/.test(texts[0]!.trimStart());
  return isOwn ? undefined : words;
}

/** Text in single quotes, text that means nothing but itself, or space; else a character that means something to dax. */
const PART = /'([^']*)'|([\w.,:=@%+/-]+)|([ \t]+)|[^]/g;
