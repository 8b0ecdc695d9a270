/**
 * Lines of the user's own that HSM sets aside: they become comments, and what they were again, byte for byte.
 *
 * @module
 */

import { readRequirementFile, type RequirementLine, splitLines } from "./requirement_file.ts";

/** What such a line ends with, so that a reader knows whose it is. */
const NOTE = "  # set aside by hsm";

const SET_ASIDE = new RegExp(`^# (.*)${RegExp.escape(NOTE)}$`);

/** The text as the user wrote it: with all lines that were set aside. */
export function putBack(text: string): string {
  return edit(text, (line) => SET_ASIDE.exec(line)?.[1] ?? line);
}

/** The text with those lines as comments like any other. */
export function handOverAside(text: string): string {
  // pip does not go on behind a comment, but not everybody reads it so.
  return edit(
    text,
    (line) => SET_ASIDE.test(line) ? line.slice(0, -NOTE.length).replace(/\s*\\$/, "") : line,
  );
}

/**
 * Sets lines aside. Those that were before and are not meant any more are put back.
 *
 * @param isMeant Which of them.
 */
export function setAside(text: string, isMeant: (line: RequirementLine) => boolean): string {
  const before = putBack(text);
  const meant = new Set<number>();
  for (const line of readRequirementFile(before).filter(isMeant)) {
    for (let at = line.first; at <= line.last; at++) meant.add(at);
  }
  return edit(before, (line, at) => meant.has(at) ? `# ${line}${NOTE}` : line);
}

/** The lines that are set aside, as the user wrote them. */
export function linesAside(text: string): readonly RequirementLine[] {
  const { lines } = splitLines(text);
  return readRequirementFile(putBack(text)).filter((it) =>
    SET_ASIDE.test(lines[it.first]?.text ?? "")
  );
}

function edit(text: string, change: (line: string, at: number) => string): string {
  const { mark, lines } = splitLines(text);
  return mark + lines.map((it, at) => change(it.text, at) + it.end).join("");
}
