import { assertEquals, assertThrows } from "@std/assert";
import { readUvProject } from "../../../../lib/adapters/uv/project.ts";
import { HsmError } from "../../../../lib/errors.ts";

Deno.test("readUvProject() reads what uv is told, beside the facts of all projects", () => {
  const project = readUvProject(
    `[project]
name = "app"
[tool.uv]
constraint-dependencies = ["c"]
override-dependencies = ["d", { name = "e" }]
sources.a = { path = "a", editable = true }
workspace.members = ["packages/*"]
workspace.exclude = ["packages/mine", "packages/own"]
[tool.hsm]
overrides = ["d"]
excludes = ["packages/own"]
`,
    "pyproject.toml",
  );
  const expected = {
    name: "app",
    sources: { a: { path: "a", editable: true } },
    workspace: { members: ["packages/*"], exclude: ["packages/mine"] },
    ownOverrides: ["d"],
    ownExcludes: ["packages/own"],
  };
  const found = JSON.parse(JSON.stringify(project));
  for (const [key, value] of Object.entries(expected)) assertEquals(found[key], value, key);
});

Deno.test("readUvProject() reads an empty file, and gives keys such as __proto__ no meaning", () => {
  const { workspace, sources } = readUvProject("", "pyproject.toml");
  assertEquals([workspace, Object.keys(sources)], [undefined, []]);
  const { sources: odd } = readUvProject("[tool.uv.sources]\n__proto__ = { path = 'x' }\n", "x");
  assertEquals(Object.keys(odd), ["__proto__"]);
  assertEquals(({} as Record<string, unknown>)["path"], undefined);
});

const WRONG: readonly (readonly [string, string])[] = [
  ["[tool.uv]\nsources = []", "2:1: tool.uv.sources must be a table"],
  ["[tool]\nuv = []", "2:1: tool.uv must be a table"],
  [
    "[tool.'uv'.workspace]\nmembers = 'x'",
    "2:1: tool.uv.workspace.members must be an array of strings",
  ],
];

for (const [text, expected] of WRONG) {
  Deno.test(`readUvProject() refuses ${JSON.stringify(text)}`, () => {
    const error = assertThrows(() => readUvProject(text, "app/pyproject.toml"), HsmError);
    assertEquals(error.code, "pyproject-invalid");
    assertEquals(error.causes[0]?.split("\n")[0], `app/pyproject.toml:${expected}`);
  });
}
