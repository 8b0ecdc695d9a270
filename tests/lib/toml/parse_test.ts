import { assertEquals, assertThrows } from "@std/assert";
import { TomlError } from "smol-toml";
import { parseData } from "../../../lib/toml/parse.ts";

Deno.test("parseData() parses a text once, and forgets before it keeps too much", () => {
  const text = "a = 1\nb = 9223372036854775807\n";
  const data = parseData(text);
  assertEquals({ ...data }, { a: 1, b: 9223372036854775807n });
  assertEquals(parseData(`${text}`) === data, true);
  parseData(`# ${"x".repeat(5 * 1024 * 1024)}\n`);
  assertEquals(parseData(text) === data, false);
  assertEquals(parseData(text), data);
});

Deno.test("parseData() refuses what is no TOML, each time", () => {
  for (let time = 0; time < 2; time++) assertThrows(() => parseData("a = \n"), TomlError);
});
