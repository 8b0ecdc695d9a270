import { assertEquals, assertThrows } from "@std/assert";
import { HsmError } from "../../../lib/errors.ts";
import { readProject } from "../../../lib/project/read_project.ts";

function problem(text: string): string {
  const error = assertThrows(() => readProject(text, "app/pyproject.toml"), HsmError);
  assertEquals(error.code, "pyproject-invalid");
  return error.causes[0] ?? "";
}

Deno.test("readProject() reads the facts", () => {
  const facts = readProject(
    `\uFEFF[project]
name = "app"
version = "1.0"
dynamic = ["readme"]
requires-python = ">=3.12"
dependencies = ["idna>=3"]
optional-dependencies.x = ["a"]
[dependency-groups]
dev = ["b", { include-group = "x" }]
[tool.hsm.packages]
idna = { source = true }
`,
    "pyproject.toml",
  );
  const expected = {
    hasProject: true,
    name: "app",
    version: "1.0",
    dynamic: ["readme"],
    requiresPython: ">=3.12",
    dependencies: ["idna>=3"],
    optionalDependencies: { x: ["a"] },
    dependencyGroups: { dev: ["b"] },
    ownPackages: ["idna"],
  };
  const found = JSON.parse(JSON.stringify(facts));
  for (const [key, value] of Object.entries(expected)) assertEquals(found[key], value, key);
});

Deno.test("readProject() reads an empty file", () => {
  const facts = readProject("", "pyproject.toml");
  assertEquals(facts.hasProject, false);
  assertEquals(facts.name, undefined);
  assertEquals([...facts.dependencies, ...facts.ownPackages], []);
});

Deno.test("readProject() is tolerant about what it does not need", () => {
  const text = "[project]\nname = 'a'\nauthors = 3\n[tool]\nruff = 1\nn = 99999999999999999999\n";
  assertEquals(readProject(text, "x").name, "a");
});

Deno.test("readProject() gives keys such as __proto__ no meaning", () => {
  const facts = readProject("[dependency-groups]\n__proto__ = ['y']\n", "x");
  assertEquals(facts.dependencyGroups["__proto__"], ["y"]);
  assertEquals(({} as Record<string, unknown>)["path"], undefined);
});

Deno.test("readProject() shows where the TOML is broken", () => {
  assertEquals(
    problem(`[project]\r\nname = \r\n`),
    "app/pyproject.toml:2:8: invalid value\n  2 | name =\n    |        ^",
  );
  assertEquals(
    problem(`\uFEFFa = 1\n\tb = 'ü\n`),
    "app/pyproject.toml:2:8: control characters are not allowed in strings\n  2 |  b = 'ü\n    |        ^",
  );
  assertEquals(problem("a = 1\na = 2").startsWith("app/pyproject.toml:2:1: "), true);
});

Deno.test("readProject() shows no credentials and no control characters of a broken line", () => {
  const text = problem(`url = "https://user:secret@example.com" \u001b[31m`);
  assertEquals(text.includes("secret"), false);
  assertEquals(text.includes("\u001b"), false);
});

Deno.test("readProject() cuts a long line around the place", () => {
  const [, line, mark] = problem(`a = [${"1, ".repeat(500)}x]`).split("\n");
  assertEquals(line!.length < 130, true);
  assertEquals(line![mark!.indexOf("^")], "x");
});

const WRONG: readonly (readonly [string, string])[] = [
  ["project = 1", "1:1: project must be a table"],
  ["[project]\nx = 1\nname = 1", "3:1: project.name must be a string"],
  ["[project]\n  version = []", "2:3: project.version must be a string"],
  ["[project]\ndependencies = [1]", "2:1: project.dependencies must be an array of strings"],
  ["[project]\nrequires-python = 3.12", "2:1: project.requires-python must be a string"],
  [
    "[project.optional-dependencies]\nx = 'y'",
    "2:1: project.optional-dependencies.x must be an array of strings",
  ],
  ["[dependency-groups]\ndev = {}", "2:1: dependency-groups.dev must be an array of requirements"],
  ["tool = 1", "1:1: tool must be a table"],
];

for (const [text, expected] of WRONG) {
  Deno.test(`readProject() refuses ${JSON.stringify(text)}`, () => {
    assertEquals(problem(text).split("\n")[0], `app/pyproject.toml:${expected}`);
  });
}
