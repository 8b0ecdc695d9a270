import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ensureDir } from "@std/fs";
import { join } from "@std/path";
import { testApp } from "../harness/app.ts";

const VALUE = "import my_plugin; print(my_plugin.VALUE)";

Deno.test("hsm dev stops without a terminal and says which command clones", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });

  await app.untouched(async () => {
    (await app.hsm("dev", "my-plugin")).expect({
      code: 2,
      stdout: "",
      stderr: `error: Cannot go on without the checkout of my-plugin: packages/my-plugin is missing
hint: run \`hsm dev --yes my-plugin\`
`,
    });
  });

  assertEquals(await app.exists("packages"), false);
});

Deno.test("hsm dev and hsm prod take globs and --all, and without a terminal need to be told", async () => {
  await using app = await testApp({
    plugins: ["plug-a", "plug-b", "other"],
    files: { "dev/x.txt": "" },
  });
  const needsName = (mode: string, hint: string) => ({
    code: 2,
    stdout: "",
    stderr: `error: Cannot run hsm ${mode}: it needs a NAME\nhint: ${hint}\n`,
  });
  await app.untouched(async () => {
    const hint = "name one or more of plug-a, plug-b, other, or all with `--all`";
    (await app.hsm("dev")).expect(needsName("dev", hint));
    (await app.hsm("dev", "-y")).expect(needsName("dev", hint));
    (await app.hsm("prod")).expect(needsName("prod", "all packages are in prod mode already"));
  });

  (await app.hsm("-C", "dev", "dev", "Plug_*", "--no-sync")).expect({
    code: 0,
    stdout: "plug-a  prod → dev\nplug-b  prod → dev\n",
  });
  (await app.hsm("dev", "--all", "--no-sync")).expect({
    code: 0,
    stdout: "plug-a  is in dev mode already\nplug-b  is in dev mode already\nother   prod → dev\n",
  });
  (await app.hsm("prod", "--all", "--no-sync")).expect({
    code: 0,
    stdout: "plug-a  dev → prod\nplug-b  dev → prod\nother   dev → prod\n",
  });
  assertEquals(await app.exists("hsm.local.yaml"), false);
  const { history } = (await app.hsm("undo", "--list", "--json")).json() as {
    history: { command: string }[];
  };
  assertEquals(history.at(-1)?.command, "hsm dev 'Plug_*' --no-sync");
});

Deno.test("hsm dev --inject environment is refused where no checkout can stand in, and says so of the option", async () => {
  for (const adapter of ["poetry", "pip"]) {
    const manifest = `adapter: ${adapter}\ngit: {remotes}/{name}\npackages:\n  my-plugin: v1.0.0\n`;
    await using app = await testApp({ plugins: ["my-plugin"], manifest });
    await app.untouched(async () => {
      (await app.hsm("dev", "my-plugin", "--inject", "environment", "--yes")).expect({
        code: 2,
        stdout: "",
        stderr: `error: Cannot leave the app's files as they are in dev mode: ` +
          `with ${adapter} no checkout can stand in for what is locked
hint: leave out \`--inject environment\`: the checkouts are written into these files then
`,
      });
    });
    assertEquals(await app.exists("packages"), false);
    (await app.hsm("dev", "my-plugin", "--inject", "pyproject", "--no-sync")).expect({ code: 0 });
  }
});

Deno.test("hsm dev --inject says where the checkout is used now, once it is", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  (await app.hsm("sync")).expect({ code: 0 });
  const dev = async (...args: string[]) =>
    (await app.hsm("dev", "my-plugin", "--yes", ...args)).expect({ code: 0 }).stdout;
  const files = "pyproject.toml and uv.lock";
  const standing = "packages/my-plugin stands in for v1.0.0";
  assertEquals(await dev("--inject", "environment", "--no-sync"), "my-plugin  prod → dev\n");
  assertEquals(
    await dev(),
    `my-plugin  is in dev mode already  ${standing}; ${files} stay as they are\n`,
  );
  assertEquals(
    await dev("--inject", "pyproject"),
    `my-plugin  stays in dev mode  ${files} say packages/my-plugin now\n`,
  );
  assertEquals(
    await dev("--inject", "environment"),
    `my-plugin  stays in dev mode  ${standing}; ${files} are as in prod mode again\n`,
  );
});

Deno.test("hsm dev --yes clones and installs the checkout, whose edits the app sees", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  (await app.hsm("sync")).expect({ code: 0 });
  const before = await app.read("pyproject.toml");

  (await app.hsm("dev", "my-plugin", "--yes")).expect({
    code: 0,
    stdout: "my-plugin  prod → dev\n",
    stderr: /^Cloned my-plugin into packages\/my-plugin\n/,
  });

  assertEquals(await app.read("hsm.local.yaml"), "packages:\n  my-plugin:\n    mode: dev\n");
  assertEquals(
    await app.read("pyproject.toml"),
    before.replace(
      /^my-plugin = .*$/m,
      'my-plugin = { path = "packages/my-plugin", editable = true }',
    ),
  );
  assertEquals(await app.list("packages"), ["my-plugin"]);
  assertEquals(await app.git("packages/my-plugin", "tag"), "v1.0.0\n");
  assertEquals(await app.python(VALUE), "1.0.0");
  await app.write("packages/my-plugin/src/my_plugin/__init__.py", 'VALUE = "edited"\n');
  assertEquals(await app.python(VALUE), "edited");
});

Deno.test("hsm prod switches back to the byte and leaves the checkout alone", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  (await app.hsm("sync")).expect({ code: 0 });
  const before = await app.texts();
  (await app.hsm("dev", "my-plugin", "--yes")).expect({ code: 0 });
  await app.write("packages/my-plugin/src/my_plugin/__init__.py", 'VALUE = "edited"\n');
  await app.write("packages/my-plugin/notes.txt", "mine\n");
  await app.git("packages/my-plugin", "commit", "-q", "--allow-empty", "-m", "Not pushed");

  (await app.hsm("prod", "my-plugin")).expect({
    code: 0,
    stdout: "my-plugin  dev → prod\n",
    stderr:
      /^warning: packages\/my-plugin has 2 uncommitted files and 1 unpushed commit, which the app does without in prod mode\n/,
  });

  assertEquals(await app.texts(), before);
  assertEquals(await app.python(VALUE), "1.0.0");
  assertEquals(
    await app.git("packages/my-plugin", "status", "--porcelain"),
    " M src/my_plugin/__init__.py\n?? notes.txt\n",
  );
});

Deno.test("hsm dev --shared switches in hsm.yaml, and keeps its comments", async () => {
  await using app = await testApp({
    plugins: ["my-plugin"],
    manifest: "# ours\ngit: {remotes}/{name}\npackages:\n  my-plugin: v1.0.0 # stable\n",
  });

  (await app.hsm("dev", "my-plugin", "--shared", "--yes")).expect({ code: 0 });

  const manifest = await app.read("hsm.yaml");
  assertMatch(manifest, /^# ours\n/);
  assertMatch(manifest, /\n  my-plugin: \{ tag: v1\.0\.0, mode: dev \} # stable\n$/);
  assertEquals(await app.exists("hsm.local.yaml"), false);
});

Deno.test("hsm dev --no-sync only switches", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  const pyproject = await app.read("pyproject.toml");

  (await app.hsm("dev", "my-plugin", "--no-sync")).expect({
    code: 0,
    stdout: "my-plugin  prod → dev\n",
    stderr: "",
  });

  assertEquals(await app.read("hsm.local.yaml"), "packages:\n  my-plugin:\n    mode: dev\n");
  assertEquals(await app.read("pyproject.toml"), pyproject);
  assertEquals(await app.exists("packages"), false);
  (await app.hsm("dev", "my-plugin", "--no-sync")).expect({
    code: 0,
    stdout: "my-plugin  is in dev mode already\n",
    stderr: "",
  });
});

Deno.test("hsm prod needs a pin, and says so before anything is touched", async () => {
  await using app = await testApp({
    plugins: ["my-plugin"],
    manifest: "git: {remotes}/{name}\npackages:\n  my-plugin: { mode: dev }\n",
  });

  await app.untouched(async () => {
    (await app.hsm("prod", "my-plugin")).expect({
      code: 2,
      stderr: `error: Cannot map my-plugin: in prod mode it needs a tag, rev or branch
hint: run \`hsm pin my-plugin TAG\`, or \`hsm dev my-plugin\` to work on it
`,
    });
  });
});

Deno.test("hsm dev refuses what is no checkout of the repository, and leaves it alone", async () => {
  await using app = await testApp({ plugins: ["my-plugin", "other"] });
  const cases: [string, () => Promise<unknown>, RegExp][] = [
    [
      "a folder",
      () => app.write("packages/my-plugin/mine.txt", "mine"),
      /a folder that is no git checkout/,
    ],
    ["a file", () => app.write("packages/my-plugin", "mine"), /it is a file/],
    [
      "a link",
      () => Deno.symlink("nowhere", join(app.root, "packages/my-plugin")),
      /a link that leads nowhere/,
    ],
    [
      "another repository",
      () => app.git(".", "clone", "-q", app.plugin("other").url, "packages/my-plugin"),
      /a checkout of file:\/\/\[DIR\]\/remotes\/other, not of file:\/\/\[DIR\]\/remotes\/my-plugin/,
    ],
  ];
  for (const [what, make, message] of cases) {
    await ensureDir(join(app.root, "packages"));
    await make();
    const before = await Deno.lstat(join(app.root, "packages/my-plugin"));

    await app.untouched(async () => {
      const run = await app.hsm("dev", "my-plugin", "--yes");
      run.expect({ code: 2, stdout: "", stderr: message });
      assertMatch(
        run.stderr,
        /^error: Cannot use packages\/my-plugin as the checkout of my-plugin: it is /,
        what,
      );
    });

    const after = await Deno.lstat(join(app.root, "packages/my-plugin"));
    assertEquals([after.ino, after.mtime], [before.ino, before.mtime], what);
    await Deno.remove(join(app.root, "packages"), { recursive: true });
  }
});

Deno.test("hsm dev takes a checkout that is there already", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  await app.git(".", "clone", "-q", app.plugin("my-plugin").url, "packages/my-plugin");
  await app.git("packages/my-plugin", "checkout", "-q", "--detach");

  (await app.hsm("dev", "my-plugin")).expect({ code: 0, stdout: "my-plugin  prod → dev\n" });

  assertStringIncludes(await app.read("pyproject.toml"), "editable = true");
  assertEquals(await app.git("packages/my-plugin", "branch", "--show-current"), "");
});

Deno.test("hsm dev uses the checkout at `path`, and a member of the app's workspace as such", async () => {
  await using app = await testApp({
    plugins: ["my-plugin", "member"],
    pyproject: `[project]
name = "app"
version = "0.1.0"
requires-python = ">=3.9"
dependencies = []

[tool.uv.workspace]
members = ["packages/*"]
`,
    files: { "hsm.local.yaml": "packages:\n  my-plugin: { path: ../elsewhere }\n" },
  });

  (await app.hsm("dev", "my-plugin", "member", "--yes")).expect({ code: 0 });

  const pyproject = await app.read("pyproject.toml");
  assertMatch(pyproject, /^my-plugin = \{ path = "\.\.\/elsewhere", editable = true \}$/m);
  assertMatch(pyproject, /^member = \{ workspace = true \}$/m);
  assertEquals(await app.python("import member; print(member.VALUE)"), "1.0.0");

  // Its checkout still lies among the members, where uv would refuse a git source.
  (await app.hsm("prod", "member")).expect({ code: 0 });
  assertMatch(await app.read("pyproject.toml"), /^exclude = \[\n    "packages\/member",\n\]$/m);
  (await app.hsm("dev", "member")).expect({ code: 0 });
  assertEquals(await app.read("pyproject.toml"), pyproject);
});

Deno.test("hsm dev governs a package that the app does not require itself", async () => {
  await using app = await testApp({
    plugins: [{ name: "outer", dependencies: ["inner"] }, "inner"],
    manifest: `git: {remotes}/{name}
packages:
  outer: v1.0.0
  inner: { tag: v1.0.0, require: false }
`,
  });
  (await app.hsm("sync")).expect({ code: 0 });
  assertStringIncludes(await app.freeze(), "inner @ git+file://[DIR]/remotes/inner");

  (await app.hsm("dev", "inner", "--yes")).expect({ code: 0 });

  await app.write("packages/inner/src/inner/__init__.py", 'VALUE = "edited"\n');
  assertEquals(await app.python("import inner; print(inner.VALUE)"), "edited");
  assert(!(await app.read("pyproject.toml")).includes('dependencies = ["outer", "inner"]'));
});

Deno.test("hsm dev --shared looks at what hsm.yaml says by itself", async () => {
  await using app = await testApp({
    plugins: ["my-plugin"],
    files: { "hsm.local.yaml": "mode: dev\n" },
  });

  (await app.hsm("dev", "my-plugin", "--shared", "--no-sync")).expect({ code: 0 });

  assertMatch(await app.read("hsm.yaml"), /\n {2}my-plugin: \{ tag: v1\.0\.0, mode: dev \}\n$/);
  assertEquals(await app.read("hsm.local.yaml"), "mode: dev\n");
});

Deno.test("hsm dev copes with a remote whose address is no proper URL", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  await app.git(".", "init", "-q", "packages/my-plugin");
  await app.git("packages/my-plugin", "remote", "add", "origin", "https://example.com/a%zz.git");

  (await app.hsm("dev", "my-plugin")).expect({
    code: 2,
    stderr: /it is a checkout of https:\/\/example\.com\/a%zz\.git, not of file:/,
  });
});
