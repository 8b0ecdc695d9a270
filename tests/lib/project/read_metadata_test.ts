import { assert, assertEquals } from "@std/assert";
import { readApp } from "../../../lib/adapters/uv/read_app.ts";
import { readMetadata } from "../../../lib/adapters/uv/read_metadata.ts";
import type { MetadataResult } from "../../../lib/project/metadata_file.ts";

function read(text: string, file = "packages/plug-a/pyproject.toml"): MetadataResult {
  return readMetadata({ component: "plug-a", file, text });
}

const PROJECT = `\uFEFF# comment
[build-system]
requires = ["idna>=3"]
[project]
name = "plug-a"
version = '1.2.0'
requires-python = ">=3.9"
dependencies = [
  "six",
  # "idna>=3",
  'idna>=3',  # why
  "x; os_name == \\"nt\\"",
]
[project.optional-dependencies]
fast = ["orjson", "uvloop>=1"]
[tool.uv.sources]
six = { git = "https://example.org/six.git" }
`;

Deno.test("readMetadata() reads [project] with its lines, BOM and CRLF or not", () => {
  for (const text of [PROJECT, PROJECT.replaceAll("\n", "\r\n")]) {
    const { metadata, problems } = read(text);
    assertEquals(problems, []);
    assertEquals(metadata, {
      name: "plug-a",
      version: "1.2.0",
      requiresPython: ">=3.9",
      dependencies: ["six", "idna>=3", 'x; os_name == "nt"'],
      optionalDependencies: { fast: ["orjson", "uvloop>=1"] },
      dynamic: [],
      sources: [{
        name: "six",
        file: "packages/plug-a/pyproject.toml",
        line: 17,
        choices: [{ from: { kind: "git", git: "https://example.org/six.git" } }],
        text: 'six = { git = "https://example.org/six.git" }',
      }],
      lines: {
        "name": 5,
        "version": 6,
        "requires-python": 7,
        "dependencies.0": 9,
        "dependencies.1": 11,
        "dependencies.2": 12,
        "optional-dependencies.fast.0": 15,
        "optional-dependencies.fast.1": 15,
      },
    });
  }
});

Deno.test("readMetadata() says on which line a file is broken", () => {
  const { metadata, problems } = read('[project]\nname = "a"\nversion = \n');
  assertEquals(metadata, undefined);
  assertEquals(problems.map(({ code, sides }) => [code, sides[0]?.line]), [["metadata-broken", 3]]);
  assert(problems[0]?.message.startsWith("packages/plug-a/pyproject.toml:3: not valid TOML: "));
});

Deno.test("readMetadata() reports wrong types and reads the rest", () => {
  const { metadata, problems } = read(
    '[project]\nname = 1\nversion = "1"\ndependencies = ["six", 3]\noptional-dependencies = []\n' +
      "dynamic = 'version'\n",
  );
  assertEquals(metadata?.version, "1");
  assertEquals(metadata?.dependencies, ["six"]);
  assertEquals(problems.map(({ message }) => message.replace(/^.*toml:?/, "")), [
    "2: project.name must be a text",
    "5: project.optional-dependencies must be a table",
    "4: project.dependencies must be a list of texts",
    "6: project.dynamic must be a list",
  ]);
  assertEquals(read("project = 3").problems.length, 1);
});

Deno.test("readMetadata() leaves to other files what is not in this one", () => {
  assertEquals(read("[build-system]\nrequires = []\n").metadata, undefined);
  assert(read("[build-system]\n").unchecked?.endsWith("has no [project] table"));
  assert(read("import setuptools", "plug-a@v1:setup.py").unchecked !== undefined);
});

Deno.test("readApp() resolves groups, with the lines of what they include", () => {
  const { app, problems } = readApp({
    component: "app",
    file: "pyproject.toml",
    text: `[project]
name = "app"
[dependency-groups]
Dev_Tools = [{ include-group = "lint" }, "pytest"]
lint = [
  "ruff",
]
bad = [{ include-group = "nope" }, 3]
loop = [{ include-group = "back" }]
back = [{ include-group = "loop" }]
[tool.uv]
conflicts = [
  [{ group = "Lint" }, { extra = "x", package = "App" }],
  [{ extra = "y", package = "other" }, { extra = "x" }],
]
dependency-groups.Lint = { requires-python = ">=3.12" }
environments = "sys_platform == 'linux'"
override-dependencies = ["idna>=3"]
`,
  });
  assertEquals(app?.dependencyGroups["dev-tools"], ["ruff", "pytest"]);
  assertEquals(app?.conflicts, [["group:lint", "extra:x"]]);
  assertEquals(app?.groupPythons, { lint: ">=3.12" });
  assertEquals(app?.environments, ["sys_platform == 'linux'"]);
  assertEquals(app?.overrides, ["idna>=3"]);
  assertEquals(app?.lines["dependency-groups.dev-tools.0"], 6);
  assertEquals(app?.lines["dependency-groups.dev-tools.1"], 4);
  assertEquals(problems.map(({ message }) => message.replace("pyproject.toml: ", "")), [
    "pyproject.toml:8: dependency-groups.bad must be a list of requirements and { include-group = … }",
    'dependency-groups.bad includes "nope", which is no group',
    "dependency-groups.loop includes itself",
    "dependency-groups.back includes itself",
  ]);
});

Deno.test("readApp() leaves out what HSM added, and keeps the lines of the rest", () => {
  const { app, problems } = readApp({
    component: "app",
    file: "pyproject.toml",
    text: `[project]
name = "app"
dependencies = [
  "plug-a[fast]",
  "idna",
]
[dependency-groups]
dev = [{ include-group = "Plugins" }, "plug-b"]
Plugins = [
  "plug-b",
  "ruff",
]
[tool.uv]
constraint-dependencies = ["x", "plug-c"]
override-dependencies = ["plug-d", "y"]
[tool.hsm]
constraints = ["plug-c"]
overrides = ["plug-d"]
packages.plug-a = { requirement = "plug-a[fast]" }
packages.plug-b = { requirement = "plug-b", group = "plugins" }
packages.idna = {}
`,
  });
  assertEquals(problems, []);
  assertEquals(app?.dependencies, ["idna"]);
  assertEquals(app?.dependencyGroups, { dev: ["ruff", "plug-b"], plugins: ["ruff"] });
  assertEquals(app?.constraints, ["x"]);
  assertEquals(app?.overrides, ["y"]);
  assertEquals(app?.injected, { "plug-a": "", "plug-b": "plugins" });
  const { lines } = app!;
  assertEquals([lines["dependencies.0"], lines["dependencies.1"]], [5, undefined]);
  assertEquals([lines["dependency-groups.plugins.0"], lines["dependency-groups.dev.0"]], [11, 11]);
  assertEquals(lines["dependency-groups.plugins.1"], undefined);
});
