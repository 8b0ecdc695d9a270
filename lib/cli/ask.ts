/**
 * Asking a person.
 *
 * @module
 */

import { matcher } from "../packages/select.ts";
import { oneLine } from "../text/printable.ts";
import type { System } from "./system.ts";

/** Asks a yes-or-no question until it is answered; Enter is yes, the end of input no. */
export async function confirm(
  system: System,
  question: string,
  signal: AbortSignal,
): Promise<boolean> {
  for (;;) {
    system.stderr(`${oneLine(question)} [Y/n] `);
    const answer = await readAnswer(system, signal);
    if (answer === undefined) return false;
    if (["", "y", "yes"].includes(answer)) return true;
    if (["n", "no"].includes(answer)) return false;
  }
}

/** Shows packages with numbers, and asks which ones are meant until it is answered; Enter and the end of input are none. */
export async function choose(
  system: System,
  question: string,
  names: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const width = String(names.length).length;
  const rows = names.map((name, index) => `  ${String(index + 1).padStart(width)}  ${name}\n`);
  system.stderr(`${oneLine(question)}\n${rows.join("")}`);
  for (;;) {
    system.stderr("Numbers, names or globs; Enter: none > ");
    const chosen = readChoice(await readAnswer(system, signal) ?? "", names);
    if ("names" in chosen) return chosen.names;
    system.stderr(`There is no ${oneLine(chosen.unknown)} among them\n`);
  }
}

/**
 * The names that an answer means: by number, as a range of numbers, by name or by glob, with blanks or commas between.
 * Pure.
 */
export function readChoice(
  answer: string,
  names: readonly string[],
): { readonly names: readonly string[] } | { readonly unknown: string } {
  const chosen = new Set<string>();
  for (const word of answer.split(/[\s,]+/).filter((it) => it !== "")) {
    const found = meant(word, names);
    if (found.length === 0) return { unknown: word };
    for (const name of found) chosen.add(name);
  }
  return { names: names.filter((it) => chosen.has(it)) };
}

function meant(word: string, names: readonly string[]): readonly string[] {
  const named = names.filter(matcher(word));
  const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(word) ?? [];
  if (named.length > 0 || first === undefined) return named;
  const [from, to] = [Number(first), Number(last)];
  return from < 1 || to > names.length ? [] : names.slice(from - 1, to);
}

/** A line; undefined at the end of input. What follows does not stand behind the question. */
async function readAnswer(system: System, signal: AbortSignal): Promise<string | undefined> {
  try {
    const line = await system.readLine(signal);
    if (line === undefined) system.stderr("\n");
    return line?.trim().toLowerCase();
  } catch (error) {
    if (signal.aborted) system.stderr("\n");
    throw error;
  }
}
