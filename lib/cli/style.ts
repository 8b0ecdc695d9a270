/**
 * Colour, where it is wanted.
 *
 * @module
 */

import pc from "picocolors";

/** Functions that colour a text, or leave it as it is. `printable` lets through what is used of them. */
export type Style = ReturnType<typeof pc.createColors>;

/** What decides on the colour of a stream. */
export interface ColorFacts {
  /** Whether it is a terminal. */
  readonly terminal: boolean;
  /** The environment. */
  readonly env: Readonly<Record<string, string>>;
  /** The words of the command line. */
  readonly args?: readonly string[];
}

/** Decides on colour: by the option, else by NO_COLOR (no-color.org), else by whether a terminal shows it. */
export function chooseColor({ terminal, env, args = [] }: ColorFacts): boolean {
  const asked = colorOption(args);
  if (asked === "always" || asked === "never") return asked === "always";
  return terminal && !env["NO_COLOR"] && env["TERM"] !== "dumb";
}

/** What `--color` says; it is heeded also where the rest of the command line cannot be understood. */
function colorOption(args: readonly string[]): string | undefined {
  const own = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  const at = own.findLastIndex((word) => word === "--color" || word.startsWith("--color="));
  return own[at] === "--color" ? own[at + 1] : own[at]?.slice("--color=".length);
}

/** The colours of a stream that has them, or not. */
export function createStyle(color: boolean): Style {
  return pc.createColors(color);
}
