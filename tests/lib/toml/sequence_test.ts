import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { parse as parseByStd } from "@std/toml";
import { parse } from "smol-toml";
import { counted } from "../../harness/tally.ts";
import { parseToml } from "../../../lib/toml/document.ts";
import { TomlEditor } from "../../../lib/toml/edit.ts";
import { arrayText, Choices, FUZZ_CASES, tape } from "./choices.ts";

/** Adds the entries to the array under `a`, and takes them out again. */
function addThenRemove(text: string, entries: readonly string[]): { added: string; back: string } {
  const before = parse(text).a as string[];
  const adding = new TomlEditor(parseToml(text, "x.toml"));
  adding.editArray(["a"], { removed: [], replaced: new Map(), appended: entries });
  const added = adding.apply();
  const removing = new TomlEditor(parseToml(added, "x.toml"));
  const removed = entries.map((_, at) => before.length + at);
  removing.editArray(["a"], { removed, replaced: new Map(), appended: [] });
  return { added, back: removing.apply() };
}

const LAYOUTS: readonly (readonly [string, string])[] = [
  [`a = []`, `a = ["x", "y"]`],
  [`a = [ ]`, `a = ["x", "y" ]`],
  [`a = ["1"]`, `a = ["1", "x", "y"]`],
  [`a = ['1', ]`, `a = ['1', 'x', 'y', ]`],
  [`a = [\n]`, `a = [\n    "x",\n    "y",\n]`],
  [`a = [\r\n\t# none\r\n\t]`, `a = [\r\n\t# none\r\n\t\t"x",\r\n\t\t"y",\r\n\t]`],
  [`a = [\n  "1",\n]`, `a = [\n  "1",\n  "x",\n  "y",\n]`],
  [`a = [\n  "1" # one\n]`, `a = [\n  "1", # one\n  "x",\n  "y"\n]`],
  [
    `a = [\n\t"1", # one\n\t# two\n] # end`,
    `a = [\n\t"1", # one\n\t"x",\n\t"y",\n\t# two\n] # end`,
  ],
  [`a = [\n  "1" # ,\n  , # c\n]`, `a = [\n  "1" # ,\n  , # c\n  "x",\n  "y",\n]`],
  [`a = ["1",\n     "2"]`, `a = ["1",\n     "2",\n     "x",\n     "y"]`],
  [`a = ["#",\n     ",]",]`, `a = ["#",\n     ",]",\n     "x",\n     "y",]`],
];

for (const [text, expected] of LAYOUTS) {
  Deno.test(`editArray() keeps to the layout of ${JSON.stringify(text)}, and back`, () => {
    const { added, back } = addThenRemove(text, ["x", "y"]);
    assertEquals(added, expected);
    assertEquals(back, text);
  });
}

const REMOVALS: readonly (readonly [string, readonly number[], string])[] = [
  [`a = ["1", "2", "3"]`, [0], `a = ["2", "3"]`],
  [`a = ["1", "2", "3"]`, [0, 1], `a = ["3"]`],
  [`a = ["1", "2", "3"]`, [1], `a = ["1", "3"]`],
  [`a = ["1", "2", "3", ]`, [2], `a = ["1", "2", ]`],
  [`a = [\n "1", # one\n "2", # two\n "3"\n]`, [1], `a = [\n "1", # one\n "3"\n]`],
  [`a = [\n "1", # one\n "2", # two\n "3"\n]`, [2], `a = [\n "1", # one\n "2" # two\n]`],
  [`a = [\n "1", "2",\n "3", "4" ]`, [2], `a = [\n "1", "2",\n "4" ]`],
  [`a = ["1", # one\n "2"]`, [1], `a = ["1" # one\n ]`],
  [`a = ["1", # one\n "2"]`, [0], `a = [ # one\n "2"]`],
];

for (const [text, places, expected] of REMOVALS) {
  Deno.test(`editArray() takes ${places} out of ${JSON.stringify(text)}`, () => {
    const editor = new TomlEditor(parseToml(text, "x.toml"));
    editor.editArray(["a"], { removed: places, replaced: new Map(), appended: [] });
    assertEquals(editor.apply(), expected);
  });
}

Deno.test("editArray() writes a new entry in the place of one that goes", () => {
  const editor = new TomlEditor(parseToml(`a = [\n  'x', # its comment\n  "y"\n]\n`, "x.toml"));
  editor.editArray(["a"], { removed: [0], replaced: new Map([[1, "z"]]), appended: ["w"] });
  assertEquals(editor.apply(), `a = [\n  "w", # its comment\n  "z"\n]\n`);
});

Deno.test("editArray() adds and takes out any entries in any layout, to the byte", () => {
  const names = ["x", "y-1", "z[fast]", "w>=1,<2", "# ]"];
  fc.assert(
    fc.property(tape, (numbers) => {
      const choices = new Choices(numbers);
      const eol = choices.pick(["\n", "\r\n"]);
      const before = choices.some(["1", "2,3", "[4]", "#5"], 4);
      const text = `a = ${arrayText(choices, before, eol)}${choices.pick(["", " # end", eol])}`;
      const entries = [choices.pick(names), ...choices.some(names, 3)];
      const { added, back } = addThenRemove(text, entries);
      assertEquals(parse(added).a, [...before, ...entries]);
      assertEquals((readByStd(added) ?? parse(added)).a, [...before, ...entries]);
      assertEquals(back, text);
      const some = entries.flatMap((_, at) => choices.oneIn(2) ? [before.length + at] : []);
      const editor = new TomlEditor(parseToml(added, "x.toml"));
      editor.editArray(["a"], { removed: some, replaced: new Map(), appended: [] });
      const kept = entries.filter((_, at) => !some.includes(before.length + at));
      assertEquals(parse(editor.apply()).a, [...before, ...kept]);
      const first = new TomlEditor(parseToml(added, "x.toml"));
      first.editArray(["a"], {
        removed: before.map((_, at) => at),
        replaced: new Map(),
        appended: [],
      });
      assertEquals(parse(first.apply()).a, entries);
    }),
    counted(Math.ceil(FUZZ_CASES * 0.3)),
  );
});

/** What one more parser reads; undefined where it fails: it does so at a comma that begins a line. */
function readByStd(text: string): Record<string, unknown> | undefined {
  try {
    return parseByStd(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
