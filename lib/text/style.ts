/**
 * Colour, where it is wanted.
 *
 * @module
 */

/** The SGR codes that begin a colour and end it. `printable` lets them through. */
const CODES: Readonly<Record<Look, readonly [begin: number, end: number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
};

/** What a text can look like. */
export type Look = "bold" | "dim" | "red" | "green" | "yellow" | "blue" | "magenta" | "cyan";

/** Functions that make a text look like that, or leave it as it is. */
export type Style = Readonly<Record<Look, (text: string) => string>>;

/** What decides on the colour of a stream. */
export interface ColorFacts {
  /** Whether it is a terminal. */
  readonly terminal: boolean;
  /** The environment. */
  readonly env: Readonly<Record<string, string>>;
  /** What `--color` says, where it is given. */
  readonly asked?: string | undefined;
}

/** Decides on colour: by the option, else by NO_COLOR (no-color.org), else by whether a terminal shows it. */
export function chooseColor({ terminal, env, asked }: ColorFacts): boolean {
  if (asked === "always" || asked === "never") return asked === "always";
  return terminal && !env["NO_COLOR"] && env["TERM"] !== "dumb";
}

/** The colours of a stream that has them, or not. No environment is looked at: a script may not be allowed to. */
export function createStyle(color: boolean): Style {
  const entries = Object.entries(CODES).map(([name, [begin, end]]) => {
    const [open, close] = [`\x1b[${begin}m`, `\x1b[${end}m`];
    // What ends inside would end this one too.
    const paint = (text: string) => `${open}${text.replaceAll(close, close + open)}${close}`;
    return [name, color ? paint : (text: string) => text] as const;
  });
  return Object.fromEntries(entries) as Style;
}
