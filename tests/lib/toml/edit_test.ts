import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { parse } from "smol-toml";
import { counted } from "../../harness/tally.ts";
import { HsmError } from "../../../lib/errors.ts";
import { parseToml } from "../../../lib/toml/document.ts";
import { TomlEditor } from "../../../lib/toml/edit.ts";
import { renderKeyPath } from "../../../lib/toml/render.ts";
import { randomPyproject } from "../adapters/uv/random_pyproject.ts";
import { Choices, FUZZ_CASES, HOSTILE, tape } from "./choices.ts";

function edit(text: string, ...edits: ((editor: TomlEditor) => void)[]): string {
  const editor = new TomlEditor(parseToml(text, "x.toml"));
  for (const one of edits) one(editor);
  return editor.apply();
}

Deno.test("set() replaces a value and keeps the comment after it", () => {
  assertEquals(
    edit("[a]\n b  =  [ 1,\n2 ] # c\n", (it) => it.set(["a", "b"], { x: 1, y: [true, 1.5] })),
    "[a]\n b  =  { x = 1, y = [true, 1.5] } # c\n",
  );
});

Deno.test("set() adds a key before the first table", () => {
  assertEquals(edit("[a]\r\nx = 1", (it) => it.set(["b"], "y")), 'b = "y"\r\n[a]\r\nx = 1');
  assertEquals(edit("x = 1 # c\n\n[a]\n", (it) => it.set(["b"], 2)), "x = 1 # c\nb = 2\n\n[a]\n");
});

Deno.test("set() makes tables within an inline table", () => {
  const editor = new TomlEditor(parseToml("a = { b = 1 }\n", "x.toml"));
  editor.set(["a", "c", "d"], 1);
  editor.set(["a", "c", "e f"], 2);
  assertEquals([...editor.created], ["a.c"]);
  assertEquals(editor.apply(), `a = { b = 1, c = { d = 1, "e f" = 2 } }\n`);
});

Deno.test("several edits in one table do not disturb each other", () => {
  assertEquals(
    edit(
      "[a]\nx = 1\ny = 2\nz = 3\n",
      (it) => it.remove(["a", "x"]),
      (it) => it.set(["a", "y"], "new"),
      (it) => it.set(["a", "w"], 4),
      (it) => it.remove(["a", "z"]),
      (it) => it.set(["b", "v"], 5),
    ),
    '[a]\ny = "new"\nw = 4\n\n[b]\nv = 5\n',
  );
});

Deno.test("remove() takes out every piece of a table", () => {
  const text = "[a.b]\nx = 1\n[c]\n\n[a]\ny = 1 # y\n\n[[a.d]]\nz = 1\n[e]\n";
  assertEquals(edit(text, (it) => it.remove(["a"])), "\n[c]\n[e]\n");
});

Deno.test("apply() gives back the text itself when nothing is edited", () => {
  const text = "\uFEFFa = 1 \r\n\r\n";
  assertEquals(edit(text), text);
  assertEquals(edit(text, (it) => it.remove(["b"])), text);
});

Deno.test("apply() refuses a result that would not be what was asked for", () => {
  const error = assertThrows(
    () =>
      edit(
        "a = { b = 1 }\n",
        (it) => it.set(["a"], 1),
        (it) => it.set(["a", "b"], 2),
      ),
    HsmError,
  );
  assertEquals(error.code, "pyproject-unsupported");
});

Deno.test("apply() knows every kind of value again, as another parser reads it", () => {
  const text = [
    "moments = [1979-05-27T07:32:00Z, 1979-05-27 07:32:00.999-07:00, 1979-05-27T07:32:00]",
    "day = 1979-05-27",
    "time = 07:32:00.5",
    "numbers = [0xDEAD_beef, 9223372036854775807, -0, -0.0, 6.626e-34, nan, -inf]",
    "text = ~~~a",
    "b~~~",
    "[__proto__]",
    'a = "\\u00e9\\r\\n"',
    "[[many]]",
    "[[many]]",
    "x.y = { z = [{}] }",
    "",
  ].join("\r\n").replaceAll("~", "'");
  const added = edit(text, (it) => it.set(["a"], 1));
  assertEquals(added.replace("a = 1\r\n", ""), text);
  assertEquals(edit(added, (it) => it.remove(["a"])), text);
});

Deno.test("apply() goes by the editor's own parser where the other one errs", () => {
  const cases = [
    'v = """a\\\n  """"\n',
    "t = 23:59:60\n",
    `v = ${"[".repeat(300)}${"]".repeat(300)}\n`,
  ];
  for (const text of cases) {
    assertEquals(edit(text, (it) => it.set(["a"], 1)).replace("a = 1\n", ""), text);
  }
});

Deno.test("restore() lets nothing in that is not the value", () => {
  const verbatim = { form: "value", text: "1\nevil = 2" } as const;
  const restore = (it: TomlEditor) => it.restore(["a"], verbatim);
  assertThrows(() => edit("a = 0\n", restore), HsmError);
  const broken = { form: "dotted", text: "not toml" } as const;
  const error = assertThrows(() => edit("a = 0\n", (it) => it.restore(["a"], broken)), HsmError);
  assertEquals(error.code, "pyproject-invalid");
});

Deno.test("set() refuses to go through a value or an array of tables", () => {
  for (const text of ["a = 1\n", "[[a]]\n", "a = []\n"]) {
    const error = assertThrows(() => edit(text, (it) => it.set(["a", "b"], 1)), HsmError);
    assertEquals(error.code, "pyproject-invalid");
  }
});

Deno.test("parseToml() says what is wrong, and where", () => {
  const error = assertThrows(() => parseToml("[a]\nb = \n", "dir/x.toml"), HsmError);
  assertEquals(error.code, "pyproject-invalid");
  assertEquals(error.message, "Cannot read dir/x.toml: invalid value");
  assertEquals(error.causes, ["dir/x.toml:2:5: invalid value\n  2 | b =\n    |     ^"]);
});

Deno.test("parseToml() refuses a file that is nested without end", () => {
  const error = assertThrows(() => parseToml(`a = ${"[".repeat(100_000)}`, "x.toml"), HsmError);
  assertEquals(error.code, "pyproject-invalid");
});

Deno.test("set() and remove() give back the bytes, whatever the file and the value", () => {
  const paths = [
    ["tool", "uv", "new"],
    ["tool", "other", "new"],
    ["tool", "uv", "sources", "__proto__"],
    ["new", "'\"\n.#", "x"],
    ["project", "urls", "x"],
  ];
  fc.assert(
    fc.property(tape, tape, (fileTape, editTape) => {
      const text = randomPyproject(new Choices(fileTape));
      const choices = new Choices(editTape);
      let before: Record<string, unknown>;
      try {
        before = parse(text.replace(/^\uFEFF/, ""));
      } catch {
        return;
      }
      const value = {
        [choices.pick(HOSTILE)]: choices.pick(HOSTILE),
        n: [1, choices.pick(HOSTILE)],
      };
      const path = choices.pick(paths);
      const adding = new TomlEditor(parseToml(text, "x.toml"));
      adding.set(path, value);
      const added = adding.apply();
      let found: unknown = parse(added.replace(/^\uFEFF/, ""));
      for (const key of path) found = (found as Record<string, unknown>)[key];
      assertEquals(new Map(Object.entries(found as object)), new Map(Object.entries(value)));
      const removing = new TomlEditor(parseToml(added, "x.toml"));
      removing.remove(path);
      for (let at = path.length - 1; at > 0; at--) {
        const parent = path.slice(0, at);
        if (adding.created.has(renderKeyPath(parent))) removing.prune(parent);
      }
      assertEquals(removing.apply(), text);
      assertEquals(parse(text.replace(/^\uFEFF/, "")), before);
    }),
    counted(Math.ceil(FUZZ_CASES * 0.2)),
  );
});
