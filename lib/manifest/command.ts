/**
 * Commands as the manifest writes them: one line of text, no shell.
 *
 * @module
 */

import { HsmError } from "../errors.ts";
import { SYSTEM, type System } from "../platform/system.ts";
import { quoteForMessage } from "./quote.ts";
import { type Rule, type RuleProblem, textRule } from "./text_rule.ts";

const NO_SHELL = "put it in a script, and name the script here";

/** What a shell would act on, outside quotes. */
const OPERATORS = new Set(["&", "|", ";", "<", ">", "(", ")", "\n", "\r"]);

/** What a backslash is written before for no other reason than that the next character is not to do what it does. */
const ESCAPED = /[\s'"\\$`*?~#=!{}[\]&|;<>()]/;

/** The command's words, or why it is none. */
type Scan =
  | { readonly words: readonly string[]; readonly problem?: undefined }
  | { readonly problem: RuleProblem };

/**
 * Splits a command into the program and its arguments, as a POSIX shell splits words (Shell Command Language, 2.2 and 2.6.5).
 *
 * Single quotes, double quotes and backslashes work; nothing is expanded. What only a shell can do is an error. On Windows
 * a backslash outside quotes stands between folders as well: it is one where it has nothing to keep from working.
 *
 * @param text The command, one line.
 * @returns The program and its arguments, at least one word.
 * @throws {HsmError} `manifest-invalid` where a quote is not closed, where there is no word, and on shell operators, variables,
 * globs, assignments and comments outside quotes.
 */
export function splitCommand(text: string, system: System = SYSTEM): readonly string[] {
  const scan = scanCommand(text, system);
  if (scan.problem === undefined) return scan.words;
  throw new HsmError(
    "manifest-invalid",
    `Cannot split the command ${quoteForMessage(text)}: ${scan.problem.message}`,
    { hint: scan.problem.hint },
  );
}

/** Why the text is no command that can run without a shell; undefined where it is one. */
export const commandProblem: Rule = Object.assign(
  (text: string) => scanCommand(text, SYSTEM).problem,
  // What a shell would act on, and where quotes end, is too much for patterns.
  {
    schema: textRule({
      expected: "a program and its arguments",
      faults: [
        { pattern: "^[ \\t]*$", why: "the command is empty" },
        {
          pattern: "[\\u0000-\\u0008\\u000a-\\u001f\\u007f-\\u009f]",
          why: "control characters are not allowed in a command",
        },
      ],
    }).schema,
  },
);

function scanCommand(text: string, system: System): Scan {
  const words: string[] = [];
  let word: string | undefined;
  let quoted = false;
  let at = 0;
  const take = (part: string, end: number, isQuoted = quoted): void => {
    word = (word ?? "") + part;
    quoted = isQuoted;
    at = end;
  };
  while (at < text.length) {
    const char = text[at]!;
    if (char === " " || char === "\t") {
      if (word !== undefined) words.push(word);
      word = undefined;
      quoted = false;
      at++;
    } else if (char === "'") {
      const end = text.indexOf("'", at + 1);
      if (end < 0) return { problem: { message: "a single quote is not closed" } };
      take(text.slice(at + 1, end), end + 1, true);
    } else if (char === '"') {
      const part = scanDoubleQuotes(text, at + 1);
      if ("problem" in part) return part;
      take(part.value, part.end, true);
    } else if (char === "\\" && system === "windows" && isSeparator(text, at, word)) {
      take(char, at + 1);
    } else if (char === "\\") {
      if (at + 1 === text.length) return { problem: { message: "nothing follows the backslash" } };
      take(text[at + 1]!, at + 2, true);
    } else {
      const problem = shellSyntax(text, at, word, words.length === 0 && !quoted);
      if (problem !== undefined) return { problem };
      take(char, at + 1);
    }
  }
  if (word !== undefined) words.push(word);
  if (words.length === 0 || words[0] === "") {
    return {
      problem: { message: "the command is empty", expected: "a program and its arguments" },
    };
  }
  if (/\p{Cc}/u.test(words.join("").replaceAll("\t", ""))) {
    return { problem: { message: "control characters are not allowed in a command" } };
  }
  return { words };
}

/** Whether a backslash outside quotes stands between folders, or is one of the two that the name of a server begins with. */
function isSeparator(text: string, at: number, word: string | undefined): boolean {
  const next = text[at + 1];
  if (next === "\\") return word === undefined;
  return next === undefined || !ESCAPED.test(next);
}

/** Reads up to the closing quote: a backslash escapes only `$`, a backquote, `"` and itself. */
function scanDoubleQuotes(
  text: string,
  start: number,
): { readonly value: string; readonly end: number } | { readonly problem: RuleProblem } {
  let value = "";
  for (let at = start; at < text.length; at++) {
    const char = text[at]!;
    if (char === '"') return { value, end: at + 1 };
    const next = text[at + 1];
    if (char === "\\" && next !== undefined && '$`"\\'.includes(next)) {
      value += next;
      at++;
    } else {
      const problem = expansion(text, at);
      if (problem !== undefined) return { problem };
      value += char;
    }
  }
  return { problem: { message: "a double quote is not closed" } };
}

function shellSyntax(
  text: string,
  at: number,
  word: string | undefined,
  isProgram: boolean,
): RuleProblem | undefined {
  const char = text[at]!;
  if (OPERATORS.has(char)) {
    const run = /^(?:&&|\|\||>>|<<|[^])/.exec(text.slice(at, at + 2))![0];
    const shown = char === "\n" || char === "\r" ? "a line break" : `\`${run}\``;
    return { message: `${shown} does nothing here: there is no shell`, hint: NO_SHELL };
  }
  if (char === "*" || (word === undefined && (char === "~" || char === "#"))) {
    return {
      message: `\`${char}\` does nothing here: there is no shell`,
      hint: `put quotes around it to pass it on as it is, or ${NO_SHELL}`,
    };
  }
  if (char === "=" && isProgram && word !== undefined && /^[A-Za-z_][A-Za-z0-9_]*$/.test(word)) {
    return {
      message: `\`${word}=\` sets no variable here: there is no shell`,
      hint: `begin the command with \`env ${word}=…\``,
    };
  }
  return expansion(text, at);
}

function expansion(text: string, at: number): RuleProblem | undefined {
  const name = /^(?:\$[A-Za-z_][A-Za-z0-9_]*|\$[{(]|\$[0-9@*#?$!'"-]|`)/.exec(
    text.slice(at, at + 80),
  )?.[0];
  if (name === undefined) return undefined;
  const shown = name === "`" ? "a backquote" : `\`${name}\``;
  return {
    message: `${shown} is not expanded: there is no shell`,
    hint: `put single quotes around it to pass it on as it is, or ${NO_SHELL}`,
  };
}
