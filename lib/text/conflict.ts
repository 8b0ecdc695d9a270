/**
 * Marks that git leaves in a file where two sides of a merge differ.
 *
 * @module
 */

/** One conflict: the lines of its marks, from 1. */
export type Conflict = readonly number[];

/** What is the matter with a file that has them. */
export const UNRESOLVED = "unresolved merge conflict";

/** Seven of a kind, or as many as `conflict-marker-size` says, alone on the line or before a name. */
const MARK = /^([<|=>])\1{6,}(?=[ \t\r\n]|$)/gm;

/** What stands between the marks, in its order; the second is there with `merge.conflictStyle` diff3 and zdiff3 only. */
const ORDER = ["<", "|", "=", ">"];

/**
 * The conflicts in a text. Ask where a file cannot be read: a line of `=` may be a text's own.
 *
 * What is left of one that was settled in part, a line that begins or ends it, counts as well.
 */
export function findConflicts(text: string): readonly Conflict[] {
  const conflicts: Conflict[] = [];
  const strays: Conflict[] = [];
  let open: { readonly size: number; readonly lines: number[]; kind: string } | undefined;
  let line = 1;
  let from = 0;
  for (const { 0: mark, 1: kind = "", index } of text.matchAll(MARK)) {
    for (let at = text.indexOf("\n", from); at >= 0 && at < index; at = text.indexOf("\n", from)) {
      line++;
      from = at + 1;
    }
    // In the part that both sides began with a conflict may lie of its own, with longer marks.
    if (open !== undefined && kind !== "<" && mark.length !== open.size) continue;
    if (kind === "<" && (open === undefined || mark.length <= open.size)) {
      if (open !== undefined) strays.push(open.lines);
      open = { size: mark.length, lines: [line], kind };
    } else if (open !== undefined && follows(kind, open.kind)) {
      open.lines.push(line);
      open.kind = kind;
      if (kind !== ">") continue;
      conflicts.push(open.lines);
      open = undefined;
    } else if (kind === ">") strays.push([line]);
  }
  if (open !== undefined) strays.push(open.lines);
  return conflicts.length > 0 ? conflicts : strays;
}

function follows(kind: string, before: string): boolean {
  return ORDER.indexOf(kind) > ORDER.indexOf(before) && !(kind === ">" && before !== "=");
}

/** Such as `unresolved merge conflict in lines 3 to 9`. */
export function describeConflict(lines: Conflict): string {
  const [first, last] = [lines[0]!, lines.at(-1)!];
  return `${UNRESOLVED} in line${first === last ? ` ${first}` : `s ${first} to ${last}`}`;
}

/**
 * How to settle it.
 *
 * @param files The files, relative to where git is asked.
 */
export function settleHint(...files: readonly string[]): string {
  const them = files.length === 1 ? "it" : "them";
  return `keep what is to be in ${
    files.join(" and ")
  }, take out the lines with the marks, then \`git add\` ${them}`;
}
