/**
 * Random texts for property-based tests: built by a program that draws its choices from a list of numbers.
 *
 * @module
 */

import fc from "fast-check";

/** How many cases the property-based tests run, all together. */
export const FUZZ_CASES = Number(Deno.env.get("HSM_FUZZ_CASES") ?? 10_000);

/** Choices drawn from a list of numbers; beyond its end, always the first. */
export class Choices {
  readonly #tape: readonly number[];
  #at = 0;

  constructor(tape: readonly number[]) {
    this.#tape = tape;
  }

  /** A number from 0 to `count - 1`. */
  below(count: number): number {
    return (this.#tape[this.#at++] ?? 0) % count;
  }

  /** One of these. */
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  /** True in one of `count` cases. */
  oneIn(count: number): boolean {
    return this.below(count) === count - 1;
  }

  /** Up to `count` of these, in their order. */
  some<T>(items: readonly T[], count: number): T[] {
    return items.filter(() => this.oneIn(2)).slice(0, count);
  }
}

/** The numbers that choices are drawn from. */
export const tape: fc.Arbitrary<number[]> = fc.array(fc.nat(9999), {
  minLength: 0,
  maxLength: 160,
  size: "max",
});

/** Strings that would break out of quotes that are not written with care. */
export const HOSTILE: readonly string[] = [
  'quote " and more',
  "it's",
  "''' \"\"\"",
  "back\\slash\\",
  "line\nfeed",
  '"]\n[tool.evil]\nx = "',
  "' ]\r\n[tool.evil]\r\nx = '",
  "# comment",
  "] # }",
  "__proto__",
  "constructor",
  "\u0000\u0007\u007f\u0085",
  "\u2028 \ufeff \u202e",
  "emoji 🎉 ü",
  "\\u0041 \\n",
  "tab\there",
  " spaces ",
  "",
];

/** The text of an array of these entries, laid out in one of many ways. */
export function arrayText(
  choices: Choices,
  entries: readonly string[],
  eol: string,
  indent = "",
): string {
  const quote = choices.pick(['"', "'"]);
  const items = entries.map((entry) => quote + entry + quote);
  const inner = indent + choices.pick(["  ", "    ", "\t", ""]);
  const comment = () => choices.pick(["", "", " # why, not", " # ]"]);
  switch (choices.below(5)) {
    case 0:
      return `[${items.join(", ")}]`;
    case 1:
      return `[ ${items.join(" , ")}${items.length > 0 ? choices.pick(["", ","]) : ""} ]`;
    case 2: {
      const comma = choices.pick([",", ""]);
      const lines = items.map((item, at) =>
        `${inner}${item}${at < items.length - 1 ? "," : comma}${comment()}`
      );
      if (choices.oneIn(3)) lines.unshift(`${inner}# first, "a"`);
      if (choices.oneIn(3)) lines.push(`${inner}# last ]`);
      return [`[${comment()}`, ...lines, `${indent}]`].join(eol);
    }
    case 3:
      return `[${items.join(`,${eol}${inner}`)}${items.length > 0 ? choices.pick(["", ","]) : ""}]`;
    default:
      return items.length === 0
        ? `[${eol}${inner}]`
        : [`[`, ...items.map((item) => `${inner}${item}`)].join(eol).replaceAll(
          `${quote}${eol}`,
          `${quote}${comment()}${eol}${inner},${eol}`,
        ) + `${eol}]`;
  }
}
