/**
 * The code blocks of a document, and the commands in them with what they are said to print.
 *
 * @module
 */

/** A code block of a document. */
export interface Block {
  /** The line of the document that its first line is. */
  readonly line: number;
  /** What stands behind the fence, such as `sh`. */
  readonly language: string;
  /** Its lines. */
  readonly lines: readonly string[];
}

/** A command of a document, and what it says that it prints; undefined where it says nothing of that. */
export interface Step {
  /** Its line in the document. */
  readonly line: number;
  /** What a shell is given. */
  readonly command: string;
  /** The text that it prints. */
  readonly expected: string | undefined;
}

/** The code blocks of a document, in their order. */
export function readBlocks(markdown: string): readonly Block[] {
  const blocks: Block[] = [];
  let block: { line: number; language: string; lines: string[] } | undefined;
  for (const [index, text] of markdown.split("\n").entries()) {
    if (block === undefined) {
      const language = /^```(.*)$/.exec(text)?.[1];
      if (language !== undefined) block = { line: index + 2, language, lines: [] };
    } else if (text === "```") {
      blocks.push(block);
      block = undefined;
    } else block.lines.push(text);
  }
  return blocks;
}

/**
 * The steps of an `sh` block: one whose first line begins with `$ ` is a transcript, any other one is a script as a whole.
 */
export function blockSteps({ line, lines }: Block): readonly Step[] {
  if (!lines[0]?.startsWith("$ ")) {
    return [{ line, command: lines.join("\n"), expected: undefined }];
  }
  const starts = lines.flatMap((text, index) => text.startsWith("$ ") ? [index] : []);
  return starts.map((start, index) => ({
    line: line + start,
    command: (lines[start] ?? "").slice(2),
    expected: lines.slice(start + 1, starts[index + 1]).map((text) => `${text}\n`).join(""),
  }));
}

/** A text with `…` as a pattern: alone on a line it stands for any number of lines, else for a part of a line. */
export function pattern(expected: string): RegExp {
  const lines = expected.split("\n").slice(0, -1).map((line) => {
    if (line === "…") return "(?:.*\n)*?";
    return `${line.split("…").map((it) => it.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join(".*")}\n`;
  });
  return new RegExp(`^${lines.join("")}$`);
}
