/**
 * How words stand on a shell's command line. zsh and fish read and write them by themselves.
 *
 * A value may come from a remote: whatever a shell would do something with is quoted, so that it stays a word.
 *
 * @module
 */

/** A word of a command line, as it is typed so far. */
export interface TypedWord {
  /** What it says. */
  readonly text: string;
  /** How a value that begins with that is written in its place; undefined where it cannot be. */
  write(value: string): string | undefined;
}

/** Reads a word of a command line. */
export type WordReader = (typed: string) => TypedWord;

/** A word as it is, for a shell that reads and writes quotes by itself. */
export const plainWord: WordReader = (typed) => ({ text: typed, write: (value) => value });

/** A word of bash: what was quoted stays as it was typed, up to an open quote. */
export const bashWord: WordReader = (typed) => {
  let text = "";
  let quote = "";
  let opened = 0;
  let textThen = "";
  for (let index = 0; index < typed.length; index++) {
    const char = typed[index]!;
    if (char === "\\" && quote !== "'") {
      const next = typed[index + 1] ?? "";
      text += quote === '"' && !/[$`"\\]/.test(next) ? char + next : next;
      index++;
    } else if (char === quote) quote = "";
    else if (quote === "" && (char === "'" || char === '"')) {
      quote = char;
      opened = index + 1;
      textThen = text;
    } else text += char;
  }
  if (quote === "") return { text, write: (value) => value.replace(BASH_SPECIAL, "\\$&") };
  return {
    text,
    write(value) {
      const rest = value.slice(textThen.length);
      // In double quotes nothing keeps bash from looking for a command of its history.
      if (quote === '"' && rest.includes("!")) return undefined;
      const quoted = quote === "'"
        ? rest.replaceAll("'", "'\\''")
        : rest.replace(/[$`"\\]/g, "\\$&");
      return typed.slice(0, opened) + quoted;
    },
  };
};

/** All of ASCII that may mean something to bash; `=`, `:` and `@` mean something to completion alone. */
const BASH_SPECIAL = /[^\w./:=@%+,\-\u0080-\uffff]/g;

/** A word of PowerShell, read by it already; it leaves empty words out, so that a blank stands for one. */
export const powershellWord: WordReader = (typed) => ({
  text: typed.trim(),
  // To PowerShell the quotes of typography are quotes, too.
  write: (value) =>
    /^[\w./\\:=+-]+$/.test(value) ? value : `'${value.replace(/['\u2018-\u201b]/g, "$&$&")}'`,
});
