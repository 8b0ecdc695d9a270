/**
 * Merging two versions of a text line by line, more closely than git does it: changes of lines that lie beside each other go
 * together, and so do lines that both have added in the same place. Whether the result says what both meant is for whoever
 * knows the file to judge.
 *
 * @module
 */

import type { Versions } from "../../lib/git/merge_texts.ts";

/** Lines that take the place of others. */
interface Hunk {
  readonly start: number;
  readonly end: number;
  readonly lines: readonly string[];
}

/**
 * Merges two versions of a text.
 *
 * @returns undefined where both changed the same lines, each in its own way.
 */
export async function mergeLines({ base, mine, theirs }: Versions): Promise<string | undefined> {
  const { diffArrays } = await import("diff");
  const before = linesOf(base);
  const hunksTo = (text: string) => hunksOf(diffArrays([...before], [...linesOf(text)]));
  const [own, others] = [hunksTo(mine), hunksTo(theirs)];
  const merged: string[] = [];
  let at = 0;
  const take = ({ start, end, lines }: Hunk) => {
    merged.push(...before.slice(at, start), ...lines);
    at = end;
  };
  while (own.length > 0 || others.length > 0) {
    const [a, b] = [own[0], others[0]];
    if (a !== undefined && b !== undefined && areBeside(a, b) === undefined) {
      const both = together(a, b);
      if (both === undefined) return undefined;
      take(both);
      own.shift();
      others.shift();
    } else if (b === undefined || (a !== undefined && areBeside(a, b) === "before")) {
      take(own.shift()!);
    } else take(others.shift()!);
  }
  return [...merged, ...before.slice(at)].join("");
}

/** With their line breaks. */
function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function hunksOf(
  changes: readonly { value: string[]; added?: boolean; removed?: boolean }[],
): Hunk[] {
  const hunks: Hunk[] = [];
  let at = 0;
  for (const { value, added, removed } of changes) {
    if (!added && !removed) {
      at += value.length;
      continue;
    }
    const last = hunks.at(-1);
    const open = last?.end === at ? hunks.pop()! : { start: at, end: at, lines: [] };
    if (removed) at += value.length;
    hunks.push({ ...open, end: at, lines: added ? [...open.lines, ...value] : open.lines });
  }
  return hunks;
}

/** How a hunk lies to another one; undefined where they are in each other's way, or in the same place. */
function areBeside(a: Hunk, b: Hunk): "before" | "after" | undefined {
  if (a.start === b.start && a.end === b.end) return undefined;
  if (a.end <= b.start) return "before";
  return b.end <= a.start ? "after" : undefined;
}

function together(a: Hunk, b: Hunk): Hunk | undefined {
  const { start, end } = a;
  if (start !== b.start || end !== b.end) return undefined;
  if (a.lines.join("") === b.lines.join("")) return a;
  if (start !== end) return undefined;
  // What both have added is there once.
  let same = 0;
  while (same < a.lines.length && a.lines[same] === b.lines[same]) same++;
  return { start, end, lines: [...b.lines, ...a.lines.slice(same)] };
}
