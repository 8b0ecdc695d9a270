import { assertEquals } from "@std/assert";
import { readChoice } from "../../../lib/cli/ask.ts";

const NAMES = ["plug-a", "Plug_B", "other", "2"];

Deno.test("readChoice() takes numbers, ranges, names and globs, in the order of what is shown", () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["", []],
    [" , ", []],
    ["1", ["plug-a"]],
    ["3, 1,1", ["plug-a", "other"]],
    ["1-3", ["plug-a", "Plug_B", "other"]],
    ["plug-b other", ["Plug_B", "other"]],
    ["plug-* 3", ["plug-a", "Plug_B", "other"]],
    ["*", NAMES],
    // A name beats a number.
    ["2", ["2"]],
    ["4", ["2"]],
  ];
  for (const [answer, names] of cases) {
    assertEquals(readChoice(answer, NAMES), { names }, answer);
  }
});

Deno.test("readChoice() says which word stands for nothing that is shown", () => {
  for (const word of ["0", "5", "1-5", "3-1", "-1", "plug", "x*"]) {
    assertEquals(readChoice(`1 ${word}`, NAMES), { unknown: word });
  }
});
