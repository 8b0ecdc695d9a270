/**
 * Requirement files and constraint files, as pip reads them.
 *
 * @module
 */

/** One requirement, or one option of its own line; a line may go on in the next ones. */
export interface RequirementLine {
  /** Its first line, from 0. */
  readonly first: number;
  /** Its last line, from 0. */
  readonly last: number;
  /**
   * What it is: `requirement` for a requirement, a folder or an archive; `editable` for `-e`; `file` for `-r`; `constraints`
   * for `-c`; `option` for anything else.
   */
  readonly kind: "requirement" | "editable" | "file" | "constraints" | "option";
  /** What is required, or the file's path; without comments and options of its own. */
  readonly value: string;
  /** Whether it names hashes. */
  readonly hasHashes: boolean;
}

/** A physical line of a text: what stands in it, and what ends it. */
export interface TextLine {
  readonly text: string;
  readonly end: string;
}

const BYTE_ORDER_MARK = "\uFEFF";

/** A text by its lines; the byte order mark is none of the first one's. */
export function splitLines(
  text: string,
): { readonly mark: string; readonly lines: readonly TextLine[] } {
  const mark = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : "";
  const parts = text.slice(mark.length).split(/(\r\n|\n|\r)/);
  const lines: TextLine[] = [];
  for (let at = 0; at < parts.length; at += 2) {
    const line = { text: parts[at] ?? "", end: parts[at + 1] ?? "" };
    if (line.text !== "" || line.end !== "") lines.push(line);
  }
  return { mark, lines };
}

/** Reads the lines of a requirement file that say something. Pure; never fails: what pip refuses is left to pip. */
export function readRequirementFile(text: string): readonly RequirementLine[] {
  const { lines } = splitLines(text);
  const found: RequirementLine[] = [];
  for (let first = 0; first < lines.length;) {
    let last = first;
    let joined = "";
    for (;; last++) {
      const line = lines[last]!.text;
      // A comment does not go on, and ends what went on to it.
      if (COMMENT_LINE.test(line)) break;
      if (!line.endsWith("\\") || last + 1 === lines.length) {
        joined += line.replace(/\\$/, "");
        break;
      }
      joined += line.slice(0, -1);
    }
    const said = joined.replace(/(?:^|\s+)#.*$/, "").trim();
    if (said !== "") found.push({ first, last, ...readLine(said) });
    first = last + 1;
  }
  return found;
}

const COMMENT_LINE = /^\s*#/;

/** The options that pip has in short and in long. */
const OPTIONS = [
  { kind: "file", pattern: /^(?:-r\s*=?|--requirement[\s=])\s*(.*)$/ },
  { kind: "constraints", pattern: /^(?:-c\s*=?|--constraint[\s=])\s*(.*)$/ },
  { kind: "editable", pattern: /^(?:-e\s*=?|--editable[\s=])\s*(.*)$/ },
] as const;

function readLine(said: string): Pick<RequirementLine, "kind" | "value" | "hasHashes"> {
  for (const { kind, pattern } of OPTIONS) {
    const value = pattern.exec(said)?.[1];
    if (value !== undefined) return { kind, ...withoutOptions(unquoted(value)) };
  }
  if (said.startsWith("-")) return { kind: "option", value: said, hasHashes: false };
  return { kind: "requirement", ...withoutOptions(said) };
}

/** The options of one requirement stand behind it: `idna==3.7 --hash=sha256:…`. */
function withoutOptions(text: string): Pick<RequirementLine, "value" | "hasHashes"> {
  const at = text.search(/\s--?[a-z]/i);
  const [value, options] = at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at)];
  return { value: value.trim(), hasHashes: /\s--hash[\s=]/.test(options) };
}

function unquoted(text: string): string {
  return /^(["'])(.*)\1$/.exec(text)?.[2] ?? text;
}
