/** Which package manager `hsm init` names. */

import { assertEquals } from "@std/assert";
import { findUsed } from "../../lib/adapters/find_used.ts";
import { type TestApp, testApp } from "../harness/app.ts";

const PROJECT = '[project]\nname = "app"\nversion = "0.1.0"\n';
const POETRY = `${PROJECT}[tool.poetry]\npackage-mode = false\n`;
const HATCH = `${PROJECT}[tool.hatch.envs.default]\ndependencies = ["pytest"]\n`;
const backend = (module: string) => `${PROJECT}[build-system]\nbuild-backend = "${module}"\n`;

/** What an app is used with, as far as its pyproject.toml and the names of its files show it. */
async function usedBy(pyproject: string, ...names: readonly string[]): Promise<string> {
  const files = {
    environment: undefined,
    pyproject: () => Promise.resolve(pyproject),
    read: () => Promise.resolve(undefined),
    has: (path: string) => names.includes(path),
  };
  const found = await findUsed({}, files, new Set(names));
  return found.map(({ adapter, usage }) =>
    [adapter.name, usage.sureness, ...usage.signs, ...[usage.environment ?? []].flat()].join(" ")
  ).join(", ");
}

Deno.test("findUsed() goes by lock files first, then by settings, then by what others may have as well", async () => {
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    ["", [], ""],
    [PROJECT, [], ""],
    ["[tool.poetry", ["uv.lock"], "uv locked uv.lock"],
    [PROJECT, ["poetry.lock"], "poetry locked poetry.lock"],
    [PROJECT, ["poetry.toml"], "poetry set-up poetry.toml"],
    [POETRY, [], "poetry set-up [tool.poetry]"],
    [`${POETRY}[tool.uv]\n`, [], "uv set-up [tool.uv], poetry set-up [tool.poetry]"],
    [
      `${POETRY}[tool.uv]\n`,
      ["poetry.lock"],
      "poetry locked poetry.lock [tool.poetry], uv set-up [tool.uv]",
    ],
    [POETRY, ["uv.lock"], "uv locked uv.lock, poetry set-up [tool.poetry]"],
    [
      PROJECT,
      ["poetry.lock", "uv.lock"],
      "uv locked uv.lock, poetry locked poetry.lock",
    ],
    [
      backend("poetry.core.masonry.api"),
      [],
      'poetry possible build-backend = "poetry.core.masonry.api"',
    ],
    [
      backend("poetry.core.masonry.api"),
      ["uv.toml"],
      'uv set-up uv.toml, poetry possible build-backend = "poetry.core.masonry.api"',
    ],
    [backend("uv_build"), [], 'uv possible build-backend = "uv_build"'],
    [backend("hatchling.build"), [], ""],
    [PROJECT, ["requirements.txt", "README.md"], "pip possible requirements.txt"],
    ["", ["requirements-dev.in", "requirements"], "pip possible requirements-dev.in"],
    ["", ["setup.py"], "pip possible setup.py"],
    [
      POETRY,
      ["requirements.txt"],
      "poetry set-up [tool.poetry], pip possible requirements.txt",
    ],
    [
      backend("poetry.core.masonry.api"),
      ["requirements.txt"],
      'poetry possible build-backend = "poetry.core.masonry.api", pip possible requirements.txt',
    ],
    [HATCH, ["requirements.txt"], "pip set-up [tool.hatch.envs] hatch"],
    [
      `${HATCH}[tool.uv]\n`,
      ["hatch.toml"],
      "uv set-up [tool.uv], pip set-up hatch.toml [tool.hatch.envs] hatch",
    ],
    [PROJECT, ["hatch.toml", "uv.lock"], "uv locked uv.lock, pip set-up hatch.toml hatch"],
    [`${PROJECT}[tool.hatch.version]\npath = "x"\n`, [], ""],
    [HATCH, ["pylock.hsm.toml"], "pip locked pylock.hsm.toml hatch"],
  ];
  for (const [pyproject, names, expected] of cases) {
    assertEquals(await usedBy(pyproject, ...names), expected);
  }
});

/** An app that is no workspace yet. */
async function plainApp(pyproject: string, files: Readonly<Record<string, string>> = {}) {
  const app = await testApp({ pyproject, files });
  await Deno.remove(`${app.root}/hsm.yaml`);
  return app;
}

async function adapterLine(app: TestApp): Promise<string> {
  const lines = (await app.read("hsm.yaml")).split("\n");
  return lines.filter((it) => it.startsWith("adapter")).join();
}

Deno.test("hsm init names the package manager that the app is used with, or the one that it is told", async () => {
  await using poetry = await plainApp(POETRY);
  (await poetry.hsm("init")).expect({
    code: 0,
    stderr: "Wrote hsm.yaml (adapter: poetry); next: `hsm add NAME --git URL`\n",
  });
  assertEquals(await adapterLine(poetry), "adapter: poetry");

  await using both = await plainApp(POETRY, { "uv.lock": "version = 1\n" });
  (await both.hsm("init")).expect({
    code: 0,
    stderr:
      `warning: this app has uv.lock (uv) and [tool.poetry] (poetry): hsm.yaml goes by uv, and by another one with \`--adapter NAME\`
Wrote hsm.yaml; next: \`hsm add NAME --git URL\`
`,
  });
  assertEquals(await adapterLine(both), "");
  await Deno.remove(`${both.root}/hsm.yaml`);
  const run = await both.hsm("init", "--adapter", "poetry", "--json");
  run.expect({ code: 0, stderr: "" });
  assertEquals((run.json() as { adapter: string }).adapter, "poetry");
  assertEquals(await adapterLine(both), "adapter: poetry");
});

Deno.test("a package manager that hsm does not know is told with those that it knows", async () => {
  await using app = await plainApp(PROJECT);
  (await app.hsm("init", "--adapter", "nosuch")).expect({
    code: 2,
    stderr:
      /^error: Cannot run hsm init: --adapter is `nosuch`, and must be one of uv, poetry, pip/,
  });
  (await app.hsm("init", "--adapter=poertry")).expect({
    code: 2,
    stderr: /one of uv, poetry, pip\nhint: did you mean `poetry`\?\n$/,
  });
  assertEquals(await app.exists("hsm.yaml"), false);
  const complete = (...words: readonly string[]) =>
    app.hsm("completions", "--complete", "--", "init", ...words);
  (await complete("--adapter", "")).expect({ code: 0, stdout: /^uv\t\npoetry\t\npip\t\n/m });
  (await complete("--adapter=po")).expect({ code: 0, stdout: /poetry\t/ });

  await app.write("hsm.yaml", "# mine\nadapter: nosuch\npackages:\n");
  (await app.hsm("sync")).expect({
    code: 2,
    stderr: /hsm\.yaml:2:10: expected `uv`,? (?:.* )?or `\w+`, got `nosuch`/,
  });
  await app.write("hsm.yaml", "adapter: petry\n");
  (await app.hsm("sync")).expect({
    code: 2,
    stderr: /hsm\.yaml:1:10: (?:.|\n)*did you mean `poetry`/,
  });
});

Deno.test("hsm check and hsm doctor hint at the package manager that hsm.yaml does not name", async () => {
  await using app = await testApp({ pyproject: POETRY, manifest: "packages: {}\n" });
  const hint =
    "the app has [tool.poetry] (poetry), and hsm.yaml names no package manager, which means uv";
  (await app.hsm("check")).expect({
    code: 0,
    stdout: `warning: ${hint}
  app  hsm.yaml
  fix: write \`adapter: poetry\` into hsm.yaml, or \`adapter: uv\`

1 warning
`,
    stderr: "",
  });
  (await app.hsm("doctor")).expect({ code: 0, stdout: new RegExp(RegExp.escape(hint)) });
  for (const [file, text] of [["hsm.yaml", "adapter: uv\npackages: {}\n"], ["uv.lock", ""]]) {
    await app.write("hsm.yaml", "packages: {}\n");
    await app.write(file!, text!);
    (await app.hsm("check")).expect({ code: 0, stdout: /^(?!.*warning)/s });
  }
});

Deno.test("hsm init takes over what uv has from the URL of a requirement, which stays as it is", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  await Deno.remove(`${app.root}/hsm.yaml`);
  const direct = `plug-a @ git+${app.plugin("plug-a").url}@v1.0.0`;
  const pyproject = await app.read("pyproject.toml");
  await app.write("pyproject.toml", pyproject.replace("[]", JSON.stringify([direct])));
  await app.plugin("plug-a").release({ name: "plug-a", version: "1.2.0" });
  (await app.hsm("init", "--yes")).expect({ code: 0, stdout: /^plug-a {2}prod {2}v1\.0\.0 /m });
  (await app.hsm("sync")).expect({ code: 0 });
  assertEquals(await app.python("import plug_a; print(plug_a.VALUE)"), "1.0.0");
  (await app.hsm("pin", "plug-a", "v1.2.0")).expect({ code: 0 });
  assertEquals(await app.python("import plug_a; print(plug_a.VALUE)"), "1.2.0");
  assertEquals((await app.read("pyproject.toml")).includes(direct), true);
});
