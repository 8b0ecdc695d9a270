/**
 * Marks for terminals that show no more than ASCII.
 *
 * @module
 */

/** The locale's variables, the one that counts first. */
const VARIABLES = ["LC_ALL", "LC_CTYPE", "LANG"] as const;

/**
 * Whether the locale says that terminals show no more than ASCII: it is C or POSIX, or of another encoding than UTF-8.
 *
 * Where nothing says so, which by the letter of POSIX is C, it is not: containers have no locale, and their terminals are
 * UTF-8 all the same. Git, uv and gh write UTF-8 there too.
 */
export function isAscii(env: Readonly<Record<string, string>>): boolean {
  const locale = VARIABLES.map((it) => env[it]).find((it) => it);
  return locale !== undefined && !/utf-?8/i.test(locale);
}

/** How the spinner turns. */
export const SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";

const MARKS: Readonly<Record<string, string>> = {
  ...Object.fromEntries([...SPINNER].map((mark, at) => [mark, "|/-\\"[at % 4]!])),
  "…": "...",
  "→": "->",
  "│": "|",
  "├": "|",
  "└": "`",
  "─": "-",
  // uv's.
  "╰": "`",
  "▶": ">",
  "×": "x",
};

const ANY = new RegExp(`[${Object.keys(MARKS).join("")}]`, "g");

/**
 * A text with the marks of HSM's own, and uv's, as ASCII has them, wherever they stand. What users have written, such as
 * names, stays: there is nothing that would stand for it.
 *
 * @param more What stands for `…`.
 */
export function toAscii(text: string, more = "..."): string {
  return text.replace(ANY, (mark) => mark === "…" ? more : MARKS[mark]!);
}
