/**
 * The words of a command line: which are options, and which value belongs to which.
 *
 * @module
 */

import type { NamedOption } from "./option.ts";

/** A part of a command line. */
export type Part =
  /** An option, with its value where it was given one. */
  | { readonly kind: "option"; readonly option: NamedOption; readonly value: string | undefined }
  /** What looks like an option, and is none. */
  | { readonly kind: "unknown"; readonly name: string }
  /** Any other word, and where it stands. */
  | { readonly kind: "word"; readonly text: string; readonly index: number };

/** A command line, taken apart. */
export interface Parts {
  /** What stands before `--`. */
  readonly parts: readonly Part[];
  /** What stands behind `--`; undefined where there is none. */
  readonly passthrough: readonly string[] | undefined;
  /** The option at the end that lacks its value. */
  readonly open: NamedOption | undefined;
}

/**
 * Takes words apart as getopt does: `--flag`, `--flag VALUE`, `--flag=VALUE`, `-f`, `-fVALUE`, and `-abf VALUE` for
 * several at once. A value that begins with `-` is one behind `=` only. Pure.
 */
export function takeApart(words: readonly string[], options: readonly NamedOption[]): Parts {
  const end = words.indexOf("--");
  const own = end < 0 ? words : words.slice(0, end);
  const parts: Part[] = [];
  let open: NamedOption | undefined;
  for (const [index, word] of own.entries()) {
    const isOption = word.startsWith("-") && word !== "-";
    if (open !== undefined && !isOption) {
      parts.pop();
      parts.push({ kind: "option", option: open, value: word });
      open = undefined;
      continue;
    }
    const found: readonly Part[] = !isOption
      ? [{ kind: "word", text: word, index }]
      : word.startsWith("--")
      ? [longOption(word, options)]
      : shortOptions(word.slice(1), options);
    parts.push(...found);
    const last = found.at(-1);
    const lacks = last?.kind === "option" && last.value === undefined &&
      last.option.placeholder !== undefined;
    open = lacks ? last.option : undefined;
  }
  return { parts, passthrough: end < 0 ? undefined : words.slice(end + 1), open };
}

function longOption(word: string, options: readonly NamedOption[]): Part {
  const [, name = "", value] = /^--([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
  const option = options.find((it) => it.flag === name);
  return option === undefined
    ? { kind: "unknown", name: `--${name}` }
    : { kind: "option", option, value };
}

function shortOptions(letters: string, options: readonly NamedOption[]): readonly Part[] {
  const parts: Part[] = [];
  for (const [index, letter] of [...letters].entries()) {
    const option = options.find((it) => it.alias === letter);
    if (option === undefined) {
      parts.push({ kind: "unknown", name: `-${letter}` });
      // What stands behind an unknown letter may be its value.
      return parts;
    }
    const rest = [...letters].slice(index + 1).join("");
    const isLast = option.placeholder !== undefined || rest === "" || rest.startsWith("=");
    const value = !isLast || rest === "" ? undefined : rest.replace(/^=/, "");
    parts.push({ kind: "option", option, value });
    if (isLast) break;
  }
  return parts;
}

/** Words around the command's name, which is the first that is neither an option nor an option's value. */
export function findName(words: readonly string[], globals: readonly NamedOption[]): {
  readonly before: readonly string[];
  readonly name: string | undefined;
  readonly after: readonly string[];
} {
  const { parts, passthrough = [] } = takeApart(words, globals);
  const first = parts.find((it) => it.kind === "word");
  const at = first?.index ?? words.length - (passthrough.length + Number(words.includes("--")));
  return {
    before: words.slice(0, at),
    name: first?.text,
    after: words.slice(first === undefined ? at : at + 1),
  };
}
