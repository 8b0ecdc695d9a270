import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { APP_PYPROJECT, type TestApp, testApp } from "../harness/app.ts";

const SCHEMA = "# yaml-language-server: $schema=.hsm/schema.json\n";

/** An app that is no workspace yet. */
async function plainApp(options: Parameters<typeof testApp>[0] = {}): Promise<TestApp> {
  const app = await testApp(options);
  await Deno.remove(join(app.root, "hsm.yaml"));
  return app;
}

Deno.test("hsm init writes hsm.yaml, .gitignore and the schema for editors", async () => {
  await using app = await plainApp();
  await app.write(".gitignore", "dist");

  (await app.hsm("init")).expect({
    code: 0,
    stdout: "",
    stderr: "Wrote hsm.yaml; next: `hsm add NAME --git URL`\n",
  });

  assertEquals(await app.read("hsm.yaml"), `${SCHEMA}packages:\n`);
  assertEquals(await app.read(".gitignore"), "dist\n/packages/\n/hsm.local.yaml\n");
  assertEquals(await app.list("."), [".gitignore", ".hsm", "hsm.yaml", "pyproject.toml"]);
  assertEquals(await app.list(".hsm"), [".gitignore", "journal", "lock", "schema.json"]);
  assertEquals(JSON.parse(await app.read(".hsm/schema.json")).title, "hsm.yaml");
  (await app.hsm("sync")).expect({ code: 0 });
});

Deno.test("hsm init writes what its options say, and packages can be added", async () => {
  await using app = await plainApp({ plugins: ["my-plugin"] });
  const url = app.plugin("my-plugin").url.replace("my-plugin", "{name}");

  (await app.hsm("init", "--git", url, "--packages-dir", "plugins")).expect({ code: 0 });
  (await app.hsm("add", "my-plugin", "--dev", "--yes")).expect({ code: 0 });

  assertEquals(
    await app.read("hsm.yaml"),
    `${SCHEMA}git: ${url}\npackages_dir: plugins\npackages:\n  my-plugin: v1.0.0\n`,
  );
  assertEquals(await app.list("plugins"), ["my-plugin"]);
});

Deno.test("hsm init takes uv's git sources over, and the environment stays as it is", async () => {
  await using app = await plainApp({ plugins: ["plug-a", { name: "plug-b", folder: "py" }] });
  const [a, b] = [app.plugin("plug-a").url, app.plugin("plug-b").url];
  await app.write(
    "pyproject.toml",
    `${APP_PYPROJECT.replace("[]", '["plug-a", "plug-b"]')}
[tool.uv.sources]
plug-a = { git = "${a}", tag = "v1.0.0" }
plug-b = { git = "${b}", subdirectory = "py" }
other = [{ git = "https://example.com/x", marker = "sys_platform == 'win32'" }]
`,
  );
  const pyproject = await app.read("pyproject.toml");

  await app.untouched(async () => {
    (await app.hsm("init")).expect({
      code: 2,
      stdout: "",
      stderr: `error: Cannot decide what to take over: pyproject.toml names packages
  cause: pyproject.toml: plug-a, plug-b
hint: run \`hsm init --yes\` to take all of them, \`--from FILE\` for one file, \`--bare\` for none
`,
    });
  });
  assertEquals(await app.list("."), ["pyproject.toml"]);
  (await app.hsm("init", "--yes")).expect({
    code: 0,
    stdout: `plug-a  prod  v1.0.0       from pyproject.toml
plug-b  prod  branch main  from pyproject.toml
`,
    stderr:
      `warning: other is not taken over from pyproject.toml: it has several sources, which hsm.yaml cannot express
Wrote hsm.yaml and .ignore; next: \`hsm sync\`
`,
  });

  assertEquals(
    await app.read("hsm.yaml"),
    `${SCHEMA}git: ${a.replace("plug-a", "{name}")}
packages:
  plug-a: v1.0.0
  plug-b:
    branch: main
    subdirectory: py
`,
  );
  assertEquals(await app.read("pyproject.toml"), pyproject);
  (await app.hsm("sync")).expect({ code: 0 });
  assertEquals(await app.python("import plug_b; print(plug_b.VALUE)"), "1.0.0");
});

Deno.test("hsm init takes submodules over at their commits, and hsm dev uses their folders", async () => {
  await using app = await plainApp({ plugins: ["plug-a", { name: "Real.Name", folder: "py" }] });
  await app.git(".", "init", "-q", "-b", "main");
  const add = ["-c", "protocol.file.allow=always", "submodule", "--quiet", "add"];
  await app.git(".", ...add, app.plugin("plug-a").url, "libs/plug-a");
  await app.git(".", ...add, "-b", "main", app.plugin("Real.Name").url, "libs/other");
  await app.git(".", "commit", "-q", "-m", "Add submodules");
  const commit = (await app.plugin("plug-a").git("rev-parse", "HEAD")).trim();
  const other = (await app.plugin("Real.Name").git("rev-parse", "HEAD")).trim();
  await app.plugin("plug-a").release({ name: "plug-a", version: "2.0.0" });
  const modules = await app.read(".gitmodules");

  (await app.hsm("init", "--from", ".gitmodules")).expect({
    code: 0,
    stdout: `plug-a     prod  rev ${commit.slice(0, 12)}  from .gitmodules
Real.Name  prod  rev ${other.slice(0, 12)}  from .gitmodules
`,
    stderr: "Wrote hsm.yaml; next: `hsm sync`\n",
  });

  const quoted = (rev: string) => /^\d+(e\d+)?$/.test(rev) ? `"${rev}"` : rev;
  assertEquals(
    await app.read("hsm.yaml"),
    `${SCHEMA}git: ${app.plugin("plug-a").url.replace("plug-a", "{name}")}
packages_dir: libs
packages:
  plug-a: ${quoted(commit)}
  Real.Name:
    rev: ${quoted(other)}
    subdirectory: py
    path: libs/other
    checkout: main
`,
  );
  assertEquals(await app.read(".gitmodules"), modules);
  (await app.hsm("sync")).expect({ code: 0 });
  assertEquals(await app.python("import plug_a; print(plug_a.VALUE)"), "1.0.0");
  (await app.hsm("dev", "plug-a", "real-name")).expect({ code: 0 });
  assertMatch(await app.freeze(), /-e file:\/\/\[DIR\]\/app\/libs\/plug-a\n/);
});

Deno.test("hsm init takes mx.ini and .repos over, each package once", async () => {
  await using app = await plainApp({ plugins: ["plug-a", "plug-b", "plug-c"] });
  await app.write(
    "mx.ini",
    `[settings]
base = ${app.plugin("plug-a").url.replace("/plug-a", "")}
[plug-a]
url = \${settings:base}/plug-a
extras = fast
[plug-b]
url = \${settings:base}/plug-b
branch = v1.0.0
[app]
url = \${settings:base}/app
`,
  );
  await app.write(
    "all.repos",
    `repositories:
  plug-b: { type: git, url: ${app.plugin("plug-b").url}, version: main }
  plug-c: { type: git, url: ${app.plugin("plug-c").url}, version: v1.0.0 }
`,
  );
  await app.git(".", "clone", "-q", app.plugin("plug-c").url, "src/plug-c");

  const run = await app.hsm("init", "--yes", "--json");

  run.expect({ code: 0 });
  assertEquals(
    await app.read("hsm.yaml"),
    `${SCHEMA}git: ${app.plugin("plug-a").url.replace("plug-a", "{name}")}
packages_dir: sources
packages:
  plug-a:
    branch: main
    extras: [fast]
    mode: dev
  plug-b:
    tag: v1.0.0
    mode: dev
    checkout: v1.0.0
  plug-c:
    tag: v1.0.0
    path: src/plug-c
`,
  );
  const { packages, skipped, manifest } = run.json() as {
    packages: { package: string; from: string }[];
    skipped: unknown;
    manifest: string;
  };
  assertEquals(packages.map((it) => [it.package, it.from]), [
    ["plug-a", "mx.ini"],
    ["plug-b", "mx.ini"],
    ["plug-c", "all.repos"],
  ]);
  assertEquals(manifest.replaceAll("[DIR]", app.folder), await app.read("hsm.yaml"));
  assertEquals(skipped, [
    { name: "app", reason: "it is the app itself", from: "mx.ini" },
    { name: "plug-b", reason: "it is taken from mx.ini", from: "all.repos" },
  ]);
});

Deno.test("hsm init takes vcstool's versions for what git takes them for, in both forms of the file", async () => {
  await using app = await plainApp({
    plugins: ["plug-a", "plug-b", "plug-c", "plug-d", "plug-e", "plug-f"],
  });
  const url = (name: string) => app.plugin(name).url;
  const c = app.plugin("plug-c");
  await c.git("branch", "v1.0.0");
  await c.release({ name: "plug-c", version: "2.0.0" });
  const commit = (await c.git("rev-parse", "HEAD")).trim();
  await c.git("branch", "-f", "v1.0.0", commit);
  await app.plugin("plug-f").git("update-ref", "refs/pull/7/head", "HEAD");
  const pulled = (await app.plugin("plug-f").git("rev-parse", "HEAD")).trim();
  await app.write(
    "a.repos",
    `repositories:
  plug-a: { type: git, url: ${url("plug-a")}, version: tags/v1.0.0 }
  plug-b: { type: git, url: ${url("plug-b")}, version: heads/main }
  plug-c: { type: git, url: ${url("plug-c")}, version: v1.0.0 }
`,
  );
  await app.write(
    "b.rosinstall",
    `- git: { local-name: libs/plug-d, uri: ${url("plug-d")}, version: origin/main }
- git: { local-name: plug-e, uri: ${url("plug-e")}, version: ${commit.slice(0, 9)}a }
- git: { local-name: plug-f, uri: ${url("plug-f")}, version: refs/pull/7/head }
`,
  );

  const run = await app.hsm("init", "--yes");

  run.expect({
    code: 0,
    stdout: `plug-a  prod  v1.0.0            from a.repos
plug-b  dev   branch main       from a.repos
plug-c  prod  v1.0.0            from a.repos
plug-d  dev   branch main       from b.rosinstall
plug-e  prod  rev ${commit.slice(0, 9)}a    from b.rosinstall
plug-f  prod  rev ${pulled.slice(0, 12)}  from b.rosinstall
`,
  });
  assertEquals(run.stderr.split("\n").sort(), [
    "",
    "Wrote hsm.yaml and .ignore; next: `hsm sync`",
    "warning: plug-c: its remote has a tag and a branch `v1.0.0`: the tag counts",
    `warning: plug-e: \`${
      commit.slice(0, 9)
    }a\` is taken for the beginning of a commit: all its digits are best`,
    "warning: plug-f: `refs/pull/7/head` moves, the commit that it is at now does not",
  ]);
});

Deno.test("hsm init has checkouts on the branch that mxdev has them on", async () => {
  await using app = await plainApp({ plugins: ["plug-a"] });
  const remote = app.plugin("plug-a");
  await remote.git("checkout", "-q", "-b", "develop");
  await remote.release({ name: "plug-a", version: "3.0.0" });
  await remote.git("checkout", "-q", "main");
  await app.write("mx.ini", `[plug-a]\nurl = ${remote.url}\nbranch = develop\n`);
  (await app.hsm("init", "--yes")).expect({ code: 0 });
  assertStringIncludes(
    await app.read("hsm.yaml"),
    "  plug-a:\n    branch: develop\n    mode: dev\n    checkout: develop\n",
  );
  (await app.hsm("sync", "--yes")).expect({ code: 0 });
  assertEquals(await app.git("sources/plug-a", "branch", "--show-current"), "develop\n");
  assertEquals(await app.python("import plug_a; print(plug_a.VALUE)"), "3.0.0");
});

Deno.test("hsm init calls a package by the name that Poetry's tables have", async () => {
  await using app = await plainApp();
  const commit = "a".repeat(40);
  await app.write("mx.ini", `[folder]\nurl = https://example.com/folder.git\nrev = ${commit}\n`);
  await app.write(
    "sources/folder/pyproject.toml",
    '[tool.poetry]\nname = "Real.Name"\nversion = "1.0"\n[build-system]\nrequires = ["poetry-core"]\n',
  );
  await app.git("sources/folder", "init", "-q");

  (await app.hsm("init", "--from", "mx.ini")).expect({
    code: 0,
    stdout: "Real.Name  dev  rev aaaaaaaaaaaa  from mx.ini\n",
    stderr: "Wrote hsm.yaml; next: `hsm sync`\n",
  });
});

Deno.test("hsm init guesses when a remote is away, and says so", async () => {
  await using app = await plainApp();
  await app.write("mx.ini", `[gone]\nurl = file://${app.folder}/nowhere\nbranch = 1.x\n`);

  (await app.hsm("init", "--from", "mx.ini")).expect({
    code: 0,
    stdout: "gone  dev  branch 1.x  from mx.ini\n",
    stderr: `warning: gone: its remote does not answer, so \`1.x\` is taken for a branch
Wrote hsm.yaml; next: \`hsm sync\`
`,
  });
});

Deno.test("hsm init shows nothing of other tools' files that would disturb a terminal", async () => {
  await using app = await plainApp();
  await app.write(
    "pyproject.toml",
    `${APP_PYPROJECT}
[tool.uv.sources]
"\\u001b[31mred" = { git = "https://example.com/red", tag = "v1" }
"ext" = { git = "ext::sh -c touch% pwned", branch = "main" }
"tagged" = { git = "ext::sh -c touch% pwned" }
`,
  );

  const asked = await app.hsm("init");
  asked.expect({ code: 2, stdout: "" });
  const run = await app.hsm("init", "--yes");

  run.expect({ code: 0, stdout: "", stderr: /^warning: \\u\{1b\}\[31mred is not taken over from/ });
  assertMatch(run.stderr, /^warning: ext is not .*transport helpers.* are not allowed$/m);
  assertMatch(run.stderr, /^warning: tagged is not .*transport helpers.* are not allowed$/m);
  assertEquals((asked.stderr + run.stderr).includes("\x1b"), false);
  assertEquals(await app.exists("pwned"), false);
});

Deno.test("hsm init --bare takes nothing over", async () => {
  await using app = await plainApp();
  await app.write("mx.ini", "[plug-a]\nurl = https://example.com/a.git\n");

  (await app.hsm("init", "--bare")).expect({ code: 0, stdout: "" });

  assertEquals(await app.read("hsm.yaml"), `${SCHEMA}packages:\n`);
});

Deno.test("hsm init warns of a workspace around it", async () => {
  await using app = await testApp({ files: { "inner/pyproject.toml": APP_PYPROJECT } });

  (await app.hsm("-C", "inner", "init")).expect({
    code: 0,
    stdout: "",
    stderr:
      `warning: this workspace is inside another one, [DIR]/app: commands run here will not see that one
Wrote hsm.yaml; next: \`hsm add NAME --git URL\`
`,
  });

  assertEquals(await app.read("inner/hsm.yaml"), `${SCHEMA}packages:\n`);
});

Deno.test("hsm init says what is wrong, and writes nothing", async () => {
  await using app = await plainApp();
  await app.write("mx.txt", "x\n");
  await app.write("broken.repos", "nothing\n");
  await app.write("empty/x", "");
  const cases: [string[], string | RegExp][] = [
    [
      ["-C", "empty", "init"],
      `error: Cannot init [DIR]/app/empty: there is no pyproject.toml
hint: run \`uv init\` there first, or name the app's folder with \`-C DIR\`
`,
    ],
    [
      ["init", "--from", "mx.ini"],
      `error: Cannot take packages over from mx.ini: there is no such file
hint: name a pyproject.toml, requirements.txt, .gitmodules, mx.ini, .repos or .rosinstall file
`,
    ],
    [
      ["init", "--from", "mx.txt"],
      /^error: Cannot take packages over from mx\.txt: it is of no kind that hsm knows\n/,
    ],
    [["init", "--from", "broken.repos"], /^error: Cannot read broken\.repos: it names no repo/],
    [["init", "--bare", "--from", "mx.txt"], /--bare and --from exclude each other/],
    [
      ["init", "--git", "https://me:s3cret@example.com/x"],
      `error: Cannot init [DIR]/app: \`--git\`: expected a git URL or a path, got \`https://***@example.com/x\`: it must not hold a password or token
hint: leave the user and the token out of the URL; git asks a credential helper for them
`,
    ],
    [
      ["init", "--packages-dir", "../x"],
      /^error: Cannot init \[DIR\]\/app: `--packages-dir`: .*must not leave/,
    ],
    [["init", "x"], /^error: Cannot run hsm init: `x` is one word too many\n/],
  ];
  const before = await app.list(".");
  for (const [args, stderr] of cases) {
    (await app.hsm(...args)).expect({ code: 2, stdout: "", stderr });
    assertEquals(await app.list("."), before, args.join(" "));
  }
  await app.write("hsm.yaml", "packages:\n");
  await app.untouched(async () => {
    (await app.hsm("init", "--yes")).expect({
      code: 2,
      stdout: "",
      stderr: `error: Cannot init [DIR]/app: there is an hsm.yaml already
hint: add packages to it with \`hsm add NAME\`
`,
    });
  });
});

Deno.test("the schema comes back when hsm.yaml names it and it is gone", async () => {
  await using app = await plainApp();
  (await app.hsm("init")).expect({ code: 0 });
  const schema = await app.read(".hsm/schema.json");
  await Deno.remove(join(app.root, ".hsm"), { recursive: true });

  (await app.hsm("sync")).expect({ code: 0 });

  assertEquals(await app.read(".hsm/schema.json"), schema);
  assertStringIncludes(schema, '"packages_dir"');
});
