import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { walk } from "@std/fs";
import { join } from "@std/path";
import { APP_PYPROJECT, type TestApp, testApp } from "../harness/app.ts";
import { releaseComputed } from "../harness/computed_version.ts";
import { waitForFile } from "../harness/fake_uv.ts";

/** The files of the metadata cache. */
async function cacheFiles(app: TestApp, kind: "commits" | "refs"): Promise<readonly string[]> {
  const folder = join(app.folder, "home/.cache/hsm/metadata/v2", kind);
  const files = walk(folder, { includeDirs: false });
  return (await Array.fromAsync(files)).map(({ path }) => path);
}

Deno.test("hsm check says that everything fits, and writes nothing", async () => {
  await using app = await testApp({
    plugins: [{ name: "plug-a", dependencies: ["plug-b>=1"] }, "plug-b"],
  });

  await app.untouched(async () => {
    (await app.hsm("check")).expect({ code: 0, stdout: "2 packages fit\n", stderr: "" });
  });

  assertEquals(await app.list("."), ["hsm.yaml", "pyproject.toml"]);
  assertEquals((await app.hsm("check", "--json")).json(), {
    problems: [],
    fitting: ["plug-a", "plug-b"],
  });
});

const CONFLICT = {
  plugins: [
    { name: "plug-c", version: "1.2.0", dependencies: ["idna>=3.7"] },
    { name: "plug-d", version: "1.2.0", dependencies: ["idna<3"] },
    { name: "plug-e", dependencies: ["plug-c>=2"] },
    { name: "plug-f", pyproject: "" },
  ],
};

Deno.test("hsm check tells every problem with both sides, their places and a fix", async () => {
  await using app = await testApp(CONFLICT);
  await app.plugin("plug-f").commit(
    "pyproject.toml",
    '[project]\nname = "other"\nversion = "1"\nrequires-python = ">=3.99"\n',
    "v3",
  );
  await app.write("hsm.yaml", (await app.read("hsm.yaml")).replace("plug-f: v1.0.0", "plug-f: v3"));

  await app.untouched(async () => {
    const run = await app.hsm("check");
    run.expect({ code: 2, stderr: "" });
    assertStringIncludes(
      run.stdout,
      `error: plug-c 1.2.0 needs idna>=3.7, plug-d 1.2.0 needs idna<3
  plug-c  plug-c@v1.2.0:pyproject.toml:5  idna>=3.7
  plug-d  plug-d@v1.2.0:pyproject.toml:5  idna<3
  fix: `,
    );
    assertStringIncludes(run.stdout, "plug-e 1.0.0 needs plug-c>=2");
    assertStringIncludes(run.stdout, "plug-f@v3:pyproject.toml:2");
    assertStringIncludes(run.stdout, "plug-f@v3:pyproject.toml:4");
  });

  const { problems } = (await app.hsm("check", "--json")).json() as {
    problems: { code: string; sides: { component: string }[] }[];
  };
  assertEquals(problems.map((it) => it.code).sort(), [
    "name-mismatch",
    "python-incompatible",
    "requirement-unmet",
    "requirements-conflict",
  ]);
  const some = (await app.hsm("check", "plug-d", "--json")).json() as typeof problems extends
    infer T ? { problems: T }
    : never;
  assertEquals(some.problems.map((it) => it.code), ["requirements-conflict"]);
});

Deno.test("hsm sync and dev stop at a problem before anything is touched; --no-check leaves it to uv", async () => {
  await using app = await testApp({
    plugins: [{ name: "plug-a", dependencies: ["plug-b>=2"] }, "plug-b"],
  });

  await app.untouched(async () => {
    for (const command of [["sync"], ["inject"], ["sync", "--dry-run"], ["prod", "plug-a"]]) {
      const run = await app.hsm(...command);
      run.expect({ code: 2, stdout: "" });
      assertStringIncludes(
        run.stderr,
        `error: Cannot sync the app: 1 problem
  error: plug-a 1.0.0 needs plug-b>=2, plug-b is 1.0.0
    plug-a  plug-a@v1.0.0:pyproject.toml:5  plug-b>=2
`,
      );
      assertStringIncludes(run.stderr, `\`hsm ${command[0]} --no-check`);
    }
  });

  // A source makes uv ignore the specifier of the app, but not that of a component.
  (await app.hsm("sync", "--no-check")).expect({
    code: 1,
    stderr: /No solution found|unsatisfiable/,
  });
});

Deno.test("hsm check reads the checkouts of dev packages, whatever state they are in", async () => {
  await using app = await testApp({
    plugins: ["plug-a", "plug-b", "plug-c", "plug-d", "plug-e"],
    files: { "hsm.local.yaml": "mode: dev\n" },
  });
  (await app.hsm("clone", "--yes")).expect({ code: 0 });
  await app.write("packages/plug-a/pyproject.toml", '[project]\nname = "plug-a"\nversion = 1\n');
  await app.write("packages/plug-b/pyproject.toml", '[project\nname = "plug-b"\n');
  await Deno.writeFile(
    join(app.root, "packages/plug-c/pyproject.toml"),
    new Uint8Array([0x0a, 0xff, 0xfe]),
  );
  await app.write("packages/plug-d/pyproject.toml", "#".repeat(17 * 1024 * 1024));
  await Deno.remove(join(app.root, "packages/plug-e/pyproject.toml"));

  const run = await app.hsm("check");

  run.expect({ code: 2, stderr: "" });
  assertStringIncludes(run.stdout, "packages/plug-a/pyproject.toml:3");
  assertStringIncludes(run.stdout, "packages/plug-b/pyproject.toml:1");
  assertStringIncludes(
    run.stdout,
    "plug-c: Cannot read packages/plug-c/pyproject.toml: line 2 is not UTF-8",
  );
  assertStringIncludes(
    run.stdout,
    "plug-d: Cannot read packages/plug-d/pyproject.toml: it has 17 MB",
  );
  assertStringIncludes(run.stdout, "Cannot find plug-e in its checkout");
  assertStringIncludes(run.stdout, "\n5 problems, 0 packages fit\n");
});

Deno.test("hsm check looks a tag up again, and a commit never", async () => {
  await using app = await testApp({
    plugins: [{ name: "plug-a", dependencies: ["plug-b"] }, "plug-b"],
  });
  const commit = (await app.plugin("plug-b").git("rev-parse", "HEAD")).trim();
  await app.write(
    "hsm.yaml",
    `git: {remotes}/{name}\npackages:\n  plug-a: v1.0.0\n  plug-b: ${commit}\n`,
  );
  (await app.hsm("check")).expect({ code: 0 });

  // The tag moves to a version that asks for what nobody has.
  await app.plugin("plug-a").commit(
    "pyproject.toml",
    '[project]\nname = "plug-a"\nversion = "1.0.1"\nrequires-python = ">=3.9"\ndependencies = ["plug-b>5"]\n',
  );
  await app.plugin("plug-a").git("tag", "-f", "v1.0.0");
  // The commit's repository is away.
  await Deno.rename(app.plugin("plug-b").path, join(app.folder, "away"));

  (await app.hsm("check")).expect({
    code: 2,
    stdout: /plug-a 1\.0\.1 needs plug-b>5, plug-b is 1\.0\.0/,
  });
});

Deno.test("hsm check --offline uses what the cache knows, and says what it could not check", async () => {
  await using app = await testApp({ plugins: ["plug-a", "plug-b"] });
  (await app.hsm("check", "--offline")).expect({
    code: 0,
    stdout: /^(?:unchecked: .*offline, and not in the cache[^]*){2}\n2 unchecked\n$/,
  });
  (await app.hsm("check")).expect({ code: 0 });
  await Deno.rename(join(app.folder, "remotes"), join(app.folder, "away"));

  (await app.hsm("check", "--offline")).expect({ code: 0, stdout: "2 packages fit\n", stderr: "" });

  // The remotes are away: what the cache knows still counts.
  (await app.hsm("check")).expect({
    code: 0,
    stdout: "2 packages fit\n",
    stderr: "warning: no answer from the remotes of plug-a, plug-b: " +
      "their tags and branches are taken to be where they were\n",
  });
});

Deno.test("hsm check fetches a torn or altered cache entry again", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  (await app.hsm("check")).expect({ code: 0 });
  const [entry = ""] = await cacheFiles(app, "commits");
  const whole = await Deno.readTextFile(entry);

  for (const damaged of ["", whole.slice(0, 90), whole.replace("plug-a", "plug-x"), "{}\n{}"]) {
    await Deno.writeTextFile(entry, damaged);
    (await app.hsm("check")).expect({ code: 0, stdout: "1 package fits\n", stderr: "" });
    assertEquals(await Deno.readTextFile(entry), whole);
  }
});

Deno.test("hsm check is safe with several at once on one cold cache", async () => {
  await using app = await testApp({ plugins: ["plug-a", "plug-b"] });

  const runs = await Promise.all(Array.from({ length: 6 }, () => app.hsm("check")));

  for (const run of runs) run.expect({ code: 0, stdout: "2 packages fit\n", stderr: "" });
  assertEquals((await cacheFiles(app, "commits")).length, 2);
});

Deno.test("hsm check says that a tag or branch does not exist, and what is there", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  const plugin = app.plugin("plug-a");
  await plugin.release({ name: "plug-a", version: "1.1.0" });
  for (const branch of ["1.x", "2.x", "3.x", "4.x", "5.x"]) await plugin.git("branch", branch);
  const cases = [
    ["1.0", "tag 1.0", "1.0", "pin plug-a to a tag that is there: v1.0.0, v1.1.0"],
    [
      "0d1e2f3",
      "tag 0d1e2f3",
      "0d1e2f3",
      "write all 40 digits, if that is a commit; else pin plug-a to a tag that is there: v1.1.0, v1.0.0",
    ],
    ["v7", "tag v7", "v7", "pin plug-a to a tag that is there: v1.1.0, v1.0.0"],
    ["main", "tag main", "main", "write `branch: main`, for main is a branch"],
    [
      "{ branch: mian }",
      "branch mian",
      "mian",
      "pin plug-a to a branch that is there: main, 1.x, 2.x, 3.x, 4.x",
    ],
  ];
  for (const [entry, what, pin, fix] of cases) {
    await app.write("hsm.yaml", `git: {remotes}/{name}\npackages:\n  plug-a: ${entry}\n`);
    (await app.hsm("check")).expect({
      code: 2,
      stdout: `error: plug-a is pinned to ${what}, which file://[DIR]/remotes/plug-a does not have
  plug-a  hsm.yaml  ${pin}
  fix: ${fix}

1 problem, 0 packages fit
`,
    });
  }
});

Deno.test("hsm check reads setup.cfg, and derives a computed version from a release tag", async () => {
  await using app = await testApp({
    plugins: [{ name: "plug-a", dependencies: ["plug-b>=2", "plug-c>=2"] }, "plug-b", "plug-c"],
  });
  const b = app.plugin("plug-b");
  await b.git("rm", "-q", "pyproject.toml");
  await b.commit("setup.cfg", "[metadata]\nname = plug-b\nversion = 1.5\n", "v1.5");
  await app.plugin("plug-c").commit(
    "pyproject.toml",
    '[project]\nname = "plug-c"\ndynamic = ["version"]\n[build-system]\nrequires = ["setuptools-scm>=8"]\n',
    "v2.1.0",
  );
  await app.write(
    "hsm.yaml",
    "git: {remotes}/{name}\npackages:\n  plug-a: v1.0.0\n  plug-b: v1.5\n  plug-c: v2.1.0\n",
  );

  const run = await app.hsm("check");

  run.expect({ code: 2 });
  assertStringIncludes(run.stdout, "plug-a 1.0.0 needs plug-b>=2, plug-b is 1.5");
  assert(!run.stdout.includes("plug-c"), run.stdout);
});

Deno.test("hsm check --prod fails on dev mode and on dev sources", async () => {
  await using app = await testApp({ plugins: ["plug-a", "plug-b"] });
  (await app.hsm("sync")).expect({ code: 0 });
  (await app.hsm("check", "--prod")).expect({ code: 0, stdout: "2 packages fit\n" });
  (await app.hsm("dev", "plug-a", "--yes")).expect({ code: 0 });
  await app.write(
    "pyproject.toml",
    `${await app.read("pyproject.toml")}\n[tool.uv.sources.tool]\npath = "../tool"\n`,
  );

  (await app.hsm("check", "--prod")).expect({
    code: 2,
    stdout: `error: plug-a is in dev mode
  plug-a  hsm.local.yaml
  fix: run \`hsm prod plug-a\`

error: tool comes from the path ../tool in pyproject.toml
  tool  pyproject.toml
  fix: take its source out of [tool.uv.sources], or name tool in hsm.yaml

2 problems, 1 package fits
`,
  });
});

Deno.test("hsm check --prod goes by hsm.yaml, which others have, and by the sources that they get", async () => {
  await using app = await testApp({
    plugins: ["plug-a", "plug-b"],
    manifest:
      "git: {remotes}/{name}\npackages:\n  plug-a: { tag: v1.0.0, mode: dev }\n  plug-b: v1.0.0\n",
    files: { "hsm.local.yaml": "packages:\n  plug-a:\n    mode: prod\n  plug-b:\n    mode: dev\n" },
  });
  (await app.hsm("sync", "--yes")).expect({ code: 0 });
  await app.write("hsm.local.yaml", "packages:\n  plug-a:\n    mode: prod\n");

  (await app.hsm("check", "--prod")).expect({
    code: 2,
    stdout: `error: plug-a is in dev mode
  plug-a  hsm.yaml
  fix: run \`hsm prod --shared plug-a\`

error: plug-b comes from the path packages/plug-b in pyproject.toml
  plug-b  pyproject.toml
  fix: run \`hsm prod plug-b\`

2 problems, 0 packages fit
`,
  });
  (await app.hsm("prod", "--shared", "plug-a")).expect({ code: 0 });
  (await app.hsm("check", "--prod")).expect({ code: 0, stdout: "2 packages fit\n" });
});

Deno.test("hsm check --prod finds what hsm.local.yaml says of the versions that others would get", async () => {
  await using app = await testApp({ plugins: ["plug-a", "plug-b", "plug-c"] });
  const fork = join(app.folder, "remotes/fork");
  await app.git("..", "clone", "-q", "--bare", app.plugin("plug-a").path, fork);
  await app.plugin("plug-b").release({ name: "plug-b", version: "1.1.0" });
  await app.write(
    "hsm.local.yaml",
    `packages:
  plug-a: { git: "file://${fork}" }
  plug-b: v1.1.0
  plug-c: { path: ../elsewhere, checkout: topic }
`,
  );
  (await app.hsm("sync")).expect({ code: 0 });
  (await app.hsm("check")).expect({ code: 0, stdout: "3 packages fit\n" });

  (await app.hsm("check", "--prod")).expect({
    code: 2,
    stdout: `error: hsm.local.yaml gives plug-a another repository
  plug-a  hsm.local.yaml
  fix: take it out of hsm.local.yaml, and run \`hsm sync\`; or write it into hsm.yaml for all

error: hsm.local.yaml gives plug-b another pin
  plug-b  hsm.local.yaml
  fix: take it out of hsm.local.yaml, and run \`hsm sync\`; or write it into hsm.yaml for all

2 problems, 1 package fits
`,
  });
});

Deno.test("hsm check --resolve reports uv's verdict and touches nothing", async () => {
  await using app = await testApp({
    plugins: ["plug-a", "member"],
    pyproject: `[build-system]
requires = ["nothing-of-that-name"]

[project]
name = "app"
dynamic = ["version"]
requires-python = ">=3.9"
dependencies = ["local"]

[tool.uv.sources]
local = { path = "local" }

[tool.uv.workspace]
members = ["packages/*"]
`,
    files: { "hsm.local.yaml": "packages:\n  member:\n    mode: dev\n" },
  });
  await app.write(
    "local/pyproject.toml",
    '[project]\nname = "local"\nversion = "1"\ndependencies = []\n',
  );
  (await app.hsm("clone", "--yes")).expect({ code: 0 });

  await app.untouched(async () => {
    (await app.hsm("check", "--resolve")).expect({
      code: 0,
      stdout: "2 packages fit, and uv finds a solution too\n",
      stderr: "",
    });
  });

  await app.write(
    "local/pyproject.toml",
    '[project]\nname = "local"\nversion = "1"\ndependencies = ["plug-a>=7"]\n',
  );
  await app.untouched(async () => {
    const run = await app.hsm("check", "--resolve");
    run.expect({
      code: 2,
      stdout: /^error: uv finds no solution:\n[^]*plug-a>=7[^]*1 problem, 2 packages fit\n$/,
    });
  });
});

Deno.test("hsm check --resolve leaves nothing open that uv has judged", async () => {
  await using app = await testApp({
    plugins: [{ name: "plug-a", dependencies: ["plug-b>=1.5"] }, "plug-b"],
    manifest: "git: {remotes}/{name}\npackages:\n  plug-a: v1.0.0\n  plug-b: v1.6\n",
  });
  const b = app.plugin("plug-b");
  for (const version of ["1.6", "1.4"]) await releaseComputed(b, version);

  const open = await app.hsm("check");
  open.expect({
    code: 0,
    stdout: /^unchecked: plug-a 1\.0\.0 needs plug-b>=1\.5, [^]*\n1 unchecked\n$/,
  });
  const json = (await app.hsm("check", "--resolve", "--json")).expect({ code: 0 }).json();
  assertEquals(json, { problems: [], fitting: ["plug-a", "plug-b"], resolved: true });

  await app.write("hsm.yaml", (await app.read("hsm.yaml")).replace("v1.6", "v1.4"));
  const run = await app.hsm("check", "--resolve");
  run.expect({
    code: 2,
    stdout: /^error: uv finds no solution:\n[^]*plug-b>=1\.5[^]*\n1 problem, 2 packages fit\n$/,
  });
  assertEquals(run.stdout.includes("let uv judge it"), false, run.stdout);

  await releaseComputed(b, "1.7", "raise RuntimeError('no compiler here')\n");
  await app.write("hsm.yaml", (await app.read("hsm.yaml")).replace("v1.4", "v1.7"));
  (await app.hsm("check", "--resolve")).expect({
    code: 2,
    stdout:
      /^error: uv cannot resolve the app: plug-b does not build: RuntimeError: no compiler here:\n[^]*no compiler here[^]*\n {2}fix: repair the build of plug-b, [^]*\n1 problem, 2 packages fit\n$/,
  });
});

Deno.test("a transitive package obeys its mode though a component carries a source of its own for it", async () => {
  await using app = await testApp({
    plugins: ["inner", "outer"],
    pyproject: APP_PYPROJECT,
  });
  await app.plugin("outer").release({
    name: "outer",
    version: "2.0.0",
    dependencies: ["inner>=1"],
    pyproject: `\n[tool.uv.sources]\ninner = { git = "${
      app.plugin("inner").url
    }", branch = "main" }\n`,
  });
  const manifest = `git: {remotes}/{name}
packages:
  outer: v2.0.0
  inner: { tag: v1.0.0, require: false }
`;
  await app.write("hsm.yaml", manifest);

  (await app.hsm("sync")).expect({ code: 0 });
  assertStringIncludes(
    await app.read("pyproject.toml"),
    'override-dependencies = [\n    "inner",\n]\n',
  );
  (await app.hsm("dev", "inner", "--yes")).expect({ code: 0 });
  await app.write("packages/inner/src/inner/__init__.py", 'VALUE = "edited"\n');
  assertEquals(await app.python("import inner; print(inner.VALUE)"), "edited");

  // What the component asked for is still checked, though uv no longer looks.
  const text = await app.read("packages/inner/pyproject.toml");
  await app.write(
    "packages/inner/pyproject.toml",
    text.replace('version = "1.0.0"', 'version = "0.5"'),
  );
  (await app.hsm("sync")).expect({
    code: 2,
    stderr: /outer 2\.0\.0 needs inner>=1, inner is 0\.5/,
  });

  // It all goes away when it is no longer needed.
  await app.write("hsm.yaml", "packages: {}\n");
  await app.write("hsm.local.yaml", "");
  (await app.hsm("sync")).expect({ code: 0 });
  assertEquals(await app.read("pyproject.toml"), APP_PYPROJECT);
});

Deno.test("hsm check says that the sources could not be written", async () => {
  await using app = await testApp({
    plugins: ["plug-a"],
    pyproject: APP_PYPROJECT.replace("dependencies = []", 'dynamic = ["dependencies"]'),
  });

  await app.untouched(async () => {
    (await app.hsm("check")).expect({
      code: 2,
      stdout:
        /^error: Cannot inject the sources: project\.dependencies is dynamic, .*\n {2}app {2}pyproject\.toml\n {2}fix: /,
    });
  });
});

Deno.test("hsm check in a git hook leaves the app's own repository alone", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  await app.git(".", "init", "-q");
  await app.git(".", "add", "-A");
  await app.git(".", "commit", "-q", "-m", "Begin");
  const config = await app.read(".git/config");

  (await app.hsmWith({ GIT_DIR: join(app.root, ".git"), GIT_INDEX_FILE: ".git/index" }, "check"))
    .expect({ code: 0, stdout: "1 package fits\n", stderr: "" });

  assertEquals(await app.read(".git/config"), config);
  assertEquals(await app.exists(".git/shallow"), false);
});

Deno.test("hsm check that is interrupted does not pass", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  const begun = join(app.folder, "begun");
  const bin = join(app.folder, "bin");
  await Deno.mkdir(bin);
  await Deno.writeTextFile(
    join(bin, "git"),
    `#!/bin/sh\ncase "$*" in *" fetch "*) : > ${begun}; exec sleep 20;; esac\nPATH=\${PATH#*:} exec git "$@"\n`,
    { mode: 0o755 },
  );
  const running = app.startWith({ PATH: `${bin}:${Deno.env.get("PATH")}` }, "check");
  await waitForFile(begun);
  running.kill("SIGINT");

  (await running.ended).expect({
    code: 130,
    stdout: "",
    stderr: "error: Cannot go on: interrupted by SIGINT\n",
  });
});

Deno.test("hsm check knows a computed version only where git's tags make it", async () => {
  await using app = await testApp({
    plugins: [{ name: "plug-a", dependencies: ["plug-b>=2", "plug-c>=2"] }, "plug-b", "plug-c"],
  });
  const project = (name: string, requires: string) =>
    `[project]\nname = "${name}"\ndynamic = ["version"]\n[build-system]\nrequires = ["${requires}"]\n`;
  await app.plugin("plug-b").commit("pyproject.toml", project("plug-b", "setuptools"), "v1.5.0");
  await app.plugin("plug-c").commit("pyproject.toml", project("plug-c", "hatch-vcs"), "v1.5.0");
  await app.write(
    "hsm.yaml",
    "git: {remotes}/{name}\npackages:\n  plug-a: v1.0.0\n  plug-b: v1.5.0\n  plug-c: v1.5.0\n",
  );

  const { problems } = (await app.hsm("check", "--json")).expect({ code: 0 }).json() as {
    problems: { code: string; severity: string; message: string }[];
  };

  // Even then it is a guess: a commit may have two tags.
  assertEquals(problems.map((it) => `${it.severity}: ${it.message}`), [
    "unchecked: plug-a 1.0.0 needs plug-b>=2, the version of plug-b is computed when it is built",
    "unchecked: plug-a 1.0.0 needs plug-c>=2, plug-c is 1.5.0",
  ]);
});

Deno.test("hsm check knows a computed version where the lock file does, of the same commit", async () => {
  await using app = await testApp({
    plugins: [
      "plug-a",
      "plug-b",
    ],
    manifest: "git: {remotes}/{name}\npackages:\n  plug-a: v1.0.0\n  plug-b: v1.4\n",
  });
  const a = app.plugin("plug-a");
  await a.release({ name: "plug-a", version: "2.0.0", dependencies: ["plug-b>=1.4"] });
  await a.release({ name: "plug-a", version: "3.0.0", dependencies: ["plug-b>=1.5"] });
  const b = app.plugin("plug-b");
  for (const version of ["1.4", "1.6"]) await releaseComputed(b, version);
  (await app.hsm("sync")).expect({ code: 0 });
  const pin = async (name: string, from: string, to: string) => {
    const manifest = await app.read("hsm.yaml");
    await app.write("hsm.yaml", manifest.replace(`${name}: ${from}`, `${name}: ${to}`));
  };

  await pin("plug-a", "v1.0.0", "v2.0.0");
  (await app.hsm("check")).expect({ code: 0, stdout: "2 packages fit\n" });
  await pin("plug-a", "v2.0.0", "v3.0.0");
  (await app.hsm("check")).expect({
    code: 2,
    stdout: `error: plug-a 3.0.0 needs plug-b>=1.5, plug-b is 1.4
  plug-a  plug-a@v3.0.0:pyproject.toml:5  plug-b>=1.5
  plug-b  uv.lock                         1.4
  fix: pin plug-b to a version that meets plug-b>=1.5, or pin plug-a to a version that allows plug-b 1.4

1 problem, 0 packages fit
`,
  });
  // Of another commit it does not know.
  await pin("plug-b", "v1.4", "v1.6");
  (await app.hsm("check")).expect({
    code: 0,
    stdout: /^unchecked: plug-a 3\.0\.0 needs plug-b>=1\.5, the version of plug-b is computed /,
  });
});

Deno.test("hsm check tells what is wrong with a pinned file before it is read", async () => {
  await using app = await testApp({ plugins: ["plug-a", "plug-b", "plug-c"] });
  const [a, b] = [app.plugin("plug-a"), app.plugin("plug-b")];
  await Deno.writeFile(join(a.path, "pyproject.toml"), new Uint8Array([0x0a, 0x0a, 0xff]));
  await a.commit("other", "", "v2.0.0");
  await b.commit("pyproject.toml", "#".repeat(2 * 1024 * 1024), "v2.0.0");
  await app.write(
    "hsm.yaml",
    "git: {remotes}/{name}\npackages:\n  plug-a: v2.0.0\n  plug-b: v2.0.0\n  plug-c: v1.0.0\n",
  );

  const run = await app.hsm("check");

  run.expect({ code: 2, stderr: "" });
  assertStringIncludes(
    run.stdout,
    "error: plug-a: Cannot read plug-a@v2.0.0:pyproject.toml: line 3 is not UTF-8\n",
  );
  assertStringIncludes(
    run.stdout,
    "error: plug-b: Cannot read plug-b@v2.0.0:pyproject.toml: it has more than 1 MB\n",
  );
  assertStringIncludes(run.stdout, "\n2 problems, 1 package fits\n");
});

Deno.test("hsm check and sync only warn where a checkout is past the app's own specifier; check --prod refuses", async () => {
  await using app = await testApp({
    plugins: [{ name: "plug-a", version: "3.0.0" }],
    pyproject: APP_PYPROJECT.replace("dependencies = []", 'dependencies = ["plug-a<4"]'),
  });
  await app.plugin("plug-a").release({ name: "plug-a", version: "4.1.0" });
  await app.write("hsm.local.yaml", "mode: dev\n");
  (await app.hsm("clone", "--yes")).expect({ code: 0 });
  const message = "the app needs plug-a<4, plug-a is 4.1.0";
  const fix = "check out a version of plug-a that meets plug-a<4, or change plug-a<4 in " +
    "pyproject.toml:5";
  const problem = `${message}
  app     pyproject.toml:5                  plug-a<4
  plug-a  packages/plug-a/pyproject.toml:3  4.1.0
  fix: ${fix}
`;

  (await app.hsm("check")).expect({
    code: 0,
    stdout: `warning: ${problem}\n1 warning, 1 package fits\n`,
    stderr: "",
  });
  const synced = await app.hsm("sync");
  synced.expect({ code: 0 });
  assertStringIncludes(synced.stderr, `warning: ${message}: ${fix}\n`);
  assertEquals(await app.python("import plug_a; print(plug_a.VALUE)"), "4.1.0");
  const prod = await app.hsm("check", "--prod");
  prod.expect({ code: 2 });
  assertStringIncludes(prod.stdout, `error: ${problem}`);

  await app.write("hsm.local.yaml", "");
  await app.write("hsm.yaml", (await app.read("hsm.yaml")).replace("v3.0.0", "v4.1.0"));
  const pinned = await app.hsm("check");
  pinned.expect({ code: 2 });
  assertStringIncludes(pinned.stdout, `error: ${message}\n`);
});
