import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { HsmError } from "../../../lib/errors.ts";
import { findNode, parseToml, type TomlDocument } from "../../../lib/toml/document.ts";
import { type Path, Places } from "../../../lib/toml/places.ts";
import { randomPyproject } from "../adapters/uv/random_pyproject.ts";
import { Choices, FUZZ_CASES, tape } from "./choices.ts";

const TEXT = `# name = 1
"na.me" = 1
[ project . 'name' ] # [x]
text = """
"x" = 1 \\"""
""""
raw = '''
[y]
'''
when = 1979-05-27 07:32:00
dates = [1979-05-27 07:32:00, 1.5e3,
  # , 3
  { a.b = [ [1], "]" ], c = '}' }, 'x#,' ] # y
q."\\u0061".z = { }
[[list]]
key = 1
[list.sub]
key = 2
[[list]]
[[list.more]]
key = 3
`;

function lineAt(text: string, offset: number | undefined): string | undefined {
  return offset === undefined ? undefined : text.slice(offset).split("\n")[0];
}

/** Some random files are no TOML. */
function parsed(text: string): TomlDocument | undefined {
  try {
    return parseToml(text, "pyproject.toml");
  } catch (error) {
    if (error instanceof HsmError) return undefined;
    throw error;
  }
}

Deno.test("Places finds keys, headers and items, however they are written", () => {
  for (const text of [TEXT, TEXT.replaceAll("\n", "\r\n")]) {
    const places = new Places(text);
    const at = (...path: Path) => lineAt(text, places.find(path))?.trimEnd();
    assertEquals(at("na.me"), '"na.me" = 1');
    assertEquals(at("name"), undefined);
    assertEquals(at("project"), "[ project . 'name' ] # [x]");
    assertEquals(at("project", "name"), "[ project . 'name' ] # [x]");
    assertEquals(at("project", "name", "text"), 'text = """');
    assertEquals(at("project", "name", "x"), undefined);
    assertEquals(at("project", "name", "raw"), "raw = '''");
    const dates = (...path: Path) => at("project", "name", "dates", ...path);
    assertEquals(dates(0), "1979-05-27 07:32:00, 1.5e3,");
    assertEquals(dates(1), "1.5e3,");
    assertEquals(dates(2, "a", "b"), `a.b = [ [1], "]" ], c = '}' }, 'x#,' ] # y`);
    assertEquals(dates(2, "a", "b", 0, 0), `1], "]" ], c = '}' }, 'x#,' ] # y`);
    assertEquals(dates(2, "c"), "c = '}' }, 'x#,' ] # y");
    assertEquals(dates(3), "'x#,' ] # y");
    assertEquals(dates(4), undefined);
    assertEquals(at("project", "name", "q", "a", "z"), 'q."\\u0061".z = { }');
    assertEquals(at("list", 0, "sub", "key"), "key = 2");
    assertEquals(at("list", 1), "[[list]]");
    assertEquals(at("list", 1, "more", 0, "key"), "key = 3");
  }
});

Deno.test("Places gives the nearest key that leads to what is not there", () => {
  const text = "[tool.uv]\nsources = []\n";
  const places = new Places(text);
  assertEquals(places.nearest(["tool", "uv", "sources", "x", 3]), text.indexOf("sources"));
  assertEquals(places.nearest(["tool", "x"]), 0);
  assertEquals(places.nearest(["project", "name"]), 0);
});

Deno.test("Places finds everything where the parser for edits has it", () => {
  fc.assert(
    fc.property(tape, (numbers) => {
      const text = randomPyproject(new Choices(numbers)).replace(/^\uFEFF/, "");
      const places = new Places(text);
      const document = parsed(text);
      if (document === undefined) return;
      const visit = (path: Path): void => {
        const node = findNode(document, path)!;
        const { statement, sections, via } = node;
        // What several places say in part is at the first of them.
        const starts = [statement?.range, sections[0]?.range, via[0]?.range]
          .flatMap((it) => it?.start ?? []);
        const start = starts.length === 0 ? undefined : Math.min(...starts);
        if (path.length > 0 && start !== undefined) assertEquals(places.find(path), start);
        if (statement?.value.type === "TOMLArray") {
          for (const [index, { range }] of statement.value.elements.entries()) {
            assertEquals(places.find([...path, index]), range[0]);
          }
        }
        for (const key of node.children.keys()) visit([...path, key]);
      };
      visit([]);
    }),
    { numRuns: Math.min(FUZZ_CASES, 2_000) },
  );
});

Deno.test("Places takes no text for endless, be it no TOML at all", () => {
  for (
    const text of ["[", "[[", "a", "a =", "a = [", 'a = """', "a = {", "= ]", '"', "]", "a.", "#"]
  ) {
    new Places(text);
  }
});
