/** What `hsm check` makes of packages whose metadata is not in a `[project]` table. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { APP_PYPROJECT, type TestApp, testApp } from "../harness/app.ts";

const SETUP_CFG = `[metadata]
name = plug-b
version = 1.5
[options]
install_requires = idna<3; six
[options.extras_require]
testing =
    pytest-black >= 0.3.7; \\
    python_implementation != "PyPy"
    odd >
`;

/** An app with plug-a, which needs idna>=3 and plug-b>=2, and with plug-b, whose files are the test's. */
async function legacyApp(files: Readonly<Record<string, string>>): Promise<TestApp> {
  const app = await testApp({
    plugins: [{ name: "plug-a", dependencies: ["idna>=3", "plug-b>=2"] }, "plug-b"],
  });
  const b = app.plugin("plug-b");
  await b.git("rm", "-q", "pyproject.toml");
  for (const [name, text] of Object.entries(files)) await b.commit(name, text);
  await b.git("tag", "v1.5");
  await app.write(
    "hsm.yaml",
    "git: {remotes}/{name}\npackages:\n  plug-a: v1.0.0\n  plug-b: v1.5\n",
  );
  return app;
}

const CONFLICTS = [
  "plug-a 1.0.0 needs idna>=3, plug-b 1.5 needs idna<3",
  "plug-a 1.0.0 needs plug-b>=2, plug-b is 1.5",
];

Deno.test("hsm check judges a setup.cfg that nothing can overrule, and leaves unchecked what it cannot read", async () => {
  await using app = await legacyApp({
    "setup.py": "from setuptools import setup\n\nsetup()\n",
    "setup.cfg": SETUP_CFG,
  });

  const run = await app.hsm("check", "--json");

  assertEquals(run.code, 2);
  const problems = run.json()["problems"] as readonly Problem[];
  assertEquals(problems.map((it) => it.severity), ["error", "error", "unchecked"]);
  assertEquals(problems.slice(0, 2).map((it) => it.message), CONFLICTS);
  assertEquals(problems[2]?.message.split(" was ")[0], 'the requirement "odd >" of plug-b');
  assertEquals(problems[2]?.sides, [
    { component: "plug-b", file: "plug-b@v1.5:setup.cfg", line: 10 },
  ]);
});

interface Problem {
  readonly severity: string;
  readonly message: string;
  readonly fix: string;
  readonly sides: readonly {
    readonly component: string;
    readonly file: string;
    readonly line?: number;
  }[];
}

Deno.test("hsm check finds no error in a setup.cfg whose setup.py may say otherwise", async () => {
  await using app = await legacyApp({
    "setup.py": "from setuptools import setup\nsetup(install_requires=open('x').read())\n",
    "setup.cfg": SETUP_CFG,
  });

  const run = await app.hsm("check", "--json");

  assertEquals(run.code, 0);
  const problems = run.json()["problems"] as readonly Problem[];
  assert(problems.every((it) => it.severity === "unchecked"), run.stdout);
  for (const message of CONFLICTS) assert(problems.some((it) => it.message === message), message);
  assert(
    problems.some((it) =>
      it.message === "requires-python of plug-b 1.5 is not written out in plug-b@v1.5:setup.cfg"
    ),
    run.stdout,
  );
});

Deno.test("hsm check names the file that it has read of a package", async () => {
  await using app = await legacyApp({ "setup.py": "print('a program')\n" });

  const pinned = await app.hsm("check");

  pinned.expect({ code: 0 });
  assertStringIncludes(pinned.stdout, "setup.py is a program, and checking runs none");
  assertStringIncludes(pinned.stdout, "  plug-b  plug-b@v1.5:setup.py\n");

  await app.plugin("plug-b").commit("setup.cfg", "[flake8]\nmax-line-length = 100\n", "v1.6");
  await app.write("hsm.yaml", (await app.read("hsm.yaml")).replace("v1.5", "v1.6"));
  assertStringIncludes(
    (await app.hsm("check")).stdout,
    "unchecked: plug-b was not checked: setup.py is a program, and checking runs none\n" +
      "  plug-b  plug-b@v1.6:setup.py\n",
  );
});

Deno.test("hsm check completes a [project] table from setup.cfg, as setuptools does", async () => {
  await using app = await testApp({
    plugins: [{ name: "plug-a", dependencies: ["idna>=3"] }, "plug-b"],
    manifest: "git: {remotes}/{name}\nmode: dev\npackages:\n  plug-a:\n  plug-b:\n",
  });
  await app.plugin("plug-b").commit(
    "pyproject.toml",
    '[project]\nname = "plug-b"\ndynamic = ["version", "dependencies", "optional-dependencies"]\n' +
      '[tool.setuptools.dynamic]\noptional-dependencies.x = { file = ["x.txt"] }\n',
  );
  await app.plugin("plug-b").commit(
    "setup.cfg",
    "[metadata]\nname = other\nversion = 1.5\n[egg_info]\ntag_build = dev\n" +
      "[options]\ninstall_requires =\n    idna<3\n",
  );
  (await app.hsm("clone", "--yes")).expect({ code: 0 });

  const run = await app.hsm("check", "--json");

  const problems = run.json()["problems"] as readonly Problem[];
  assertEquals(problems.map((it) => [it.severity, it.message]), [
    ["error", "plug-a 1.0.0 needs idna>=3, plug-b 1.5.dev0 needs idna<3"],
    [
      "unchecked",
      "optional-dependencies of plug-b 1.5.dev0 is not written out in packages/plug-b/pyproject.toml: x.txt is not read",
    ],
  ]);
  assertEquals(problems[0]?.sides[1], {
    component: "plug-b",
    file: "packages/plug-b/setup.cfg",
    line: 8,
    requirement: "idna<3",
  } as unknown);
});

Deno.test("hsm check reads Poetry's dependencies, and governs a package that they take from elsewhere", async () => {
  await using app = await testApp({
    plugins: [{ name: "plug-a", dependencies: ["idna>=3"] }, "plug-b"],
  });
  await app.plugin("plug-b").commit(
    "pyproject.toml",
    '[tool.poetry]\nname = "plug-b"\nversion = "2.0.0"\n' +
      '[tool.poetry.dependencies]\npython = "^3.9"\nidna = "^2.5"\n' +
      'plug-a = { git = "https://example.org/plug-a.git" }\n' +
      '[build-system]\nrequires = ["poetry-core"]\nbuild-backend = "poetry.core.masonry.api"\n',
    "v2.0.0",
  );
  await app.write(
    "hsm.yaml",
    (await app.read("hsm.yaml")).replace("plug-b: v1.0.0", "plug-b: v2.0.0"),
  );

  const run = await app.hsm("check", "--json");

  const problems = run.json()["problems"] as readonly Problem[];
  assertEquals(problems.map((it) => [it.severity, it.message]), [
    ["error", "plug-a 1.0.0 needs idna>=3, plug-b 2.0.0 needs idna>=2.5,<3.0"],
    [
      "unchecked",
      "plug-b 2.0.0 asks for plug-a from a URL of its own, plug-a 1.0.0 from the manifest is used",
    ],
  ]);
  assertEquals(problems[0]?.sides[1]?.line, 6);
});

Deno.test("hsm check takes a version that is derived from a tag for a guess", async () => {
  await using app = await testApp({
    plugins: [{ name: "plug-a", dependencies: ["plug-b>=3"] }, "plug-b"],
  });
  const pyproject = '[project]\nname = "plug-b"\ndynamic = ["version"]\n' +
    '[build-system]\nrequires = ["setuptools-scm>=8"]\n';
  await app.plugin("plug-b").commit("pyproject.toml", pyproject, "v2.1.0");
  await app.write(
    "hsm.yaml",
    (await app.read("hsm.yaml")).replace("plug-b: v1.0.0", "plug-b: v2.1.0"),
  );

  const run = await app.hsm("check");

  run.expect({ code: 0 });
  assertStringIncludes(run.stdout, "unchecked: plug-a 1.0.0 needs plug-b>=3, plug-b is 2.1.0\n");

  await app.plugin("plug-b").commit("setup.cfg", "[egg_info]\ntag_build = .post1\n", "v2.2.0");
  await app.write("hsm.yaml", (await app.read("hsm.yaml")).replace("v2.1.0", "v2.2.0"));
  assertStringIncludes((await app.hsm("check")).stdout, "plug-b is 2.2.0.post1\n");
});

Deno.test("hsm check names the files and attributes that it does not read", async () => {
  const dynamic = 'dynamic = ["version", "dependencies", "optional-dependencies"]\n';
  const build = '[build-system]\nrequires = ["setuptools"]\n[tool.setuptools.dynamic]\n';
  await using app = await testApp({
    manifest: "mode: dev\npackages:\n  cfg:\n  dyn:\n  both:\n",
    pyproject: APP_PYPROJECT.replace("[]", '["cfg>=2", "dyn>=2"]'),
    files: {
      "packages/cfg/setup.cfg":
        "[metadata]\nname = cfg\nversion = attr: cfg.__version__\n[options]\ninstall_requires = file: r.txt\n" +
        "[options.extras_require]\ndocs = file: docs.txt, more.txt\nfast = idna\n",
      "packages/dyn/pyproject.toml": `[project]\nname = "dyn"\n${dynamic}${build}` +
        'version = { attr = "dyn.V" }\ndependencies = { file = ["r.txt", "s.txt"] }\n' +
        'optional-dependencies = { x = { file = "x.txt" } }\n',
      "packages/both/pyproject.toml": `[project]\nname = "both"\n${dynamic}${build}`,
      "packages/both/setup.cfg": "[options]\ninstall_requires = file:\n  a.txt\n  b.txt\n",
    },
  });
  for (const name of ["cfg", "dyn", "both"]) await app.git(`packages/${name}`, "init", "-q");

  (await app.hsm("check")).expect({
    code: 0,
    stdout:
      `unchecked: dependencies, optional-dependencies of cfg are not written out in packages/cfg/setup.cfg: r.txt, docs.txt, more.txt are not read
  cfg  packages/cfg/setup.cfg
  fix: let uv judge it with \`hsm check --resolve\`

unchecked: dependencies, optional-dependencies of dyn are not written out in packages/dyn/pyproject.toml: r.txt, s.txt, x.txt are not read
  dyn  packages/dyn/pyproject.toml
  fix: let uv judge it with \`hsm check --resolve\`

unchecked: dependencies, optional-dependencies of both are not written out in packages/both/pyproject.toml: a.txt, b.txt are not read
  both  packages/both/pyproject.toml
  fix: let uv judge it with \`hsm check --resolve\`

unchecked: the app needs cfg>=2, the version of cfg is computed when it is built: cfg.__version__ is not read
  app  pyproject.toml:5        cfg>=2
  cfg  packages/cfg/setup.cfg
  fix: let uv judge it with \`hsm check --resolve\`

unchecked: the app needs dyn>=2, the version of dyn is computed when it is built: dyn.V is not read
  app  pyproject.toml:5             dyn>=2
  dyn  packages/dyn/pyproject.toml
  fix: let uv judge it with \`hsm check --resolve\`

5 unchecked
`,
    stderr: "",
  });
});
