import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { testApp } from "../harness/app.ts";
import { must } from "../harness/program.ts";
import { uvProgram } from "../harness/repository.ts";
import { StandInApp } from "../harness/stand_ins.ts";

/** The last lines of what `hsm eject` says. */
const NEXT = "hsm is out of the app; `hsm undo` takes that back as long as .hsm is there: " +
  "delete it once you are sure\n";

Deno.test("hsm eject leaves the app as it is, without hsm, and hsm undo brings it back", async () => {
  await using app = await testApp({
    plugins: ["my-plugin", { name: "outer", dependencies: ["inner>=1"] }, "inner"],
    manifest: "git: {remotes}/{name}\npackages:\n  my-plugin: v1.0.0\n  outer: v1.0.0\n" +
      "  inner: { tag: v1.0.0, require: false }\n",
  });
  await app.git(".", "init", "-q", "-b", "main");
  (await app.hsm("dev", "my-plugin", "--yes")).expect({ code: 0 });
  await Deno.chmod(join(app.root, "hsm.yaml"), 0o640);
  const before = await app.texts();
  const frozen = await app.freeze();
  const sources = before["pyproject.toml"]!;
  assertMatch(sources, /^\[tool\.hsm\]$/m);
  const left = sources.replace(/^\[tool\.hsm\]\n(?:.+\n)*\n?/m, "").trimEnd() + "\n";

  await app.untouched(async () => {
    const run = await app.hsm("eject", "--dry-run");
    run.expect({ code: 0, stderr: "" });
    assertMatch(run.stdout, /^--- a\/hsm\.yaml\n\+\+\+ \/dev\/null$/m);
    assertMatch(run.stdout, /^-\[tool\.hsm\]$/m);
  });
  (await app.hsm("eject")).expect({
    code: 0,
    stdout: `my-plugin  packages/my-plugin (editable)
outer      file://[DIR]/remotes/outer @ v1.0.0
inner      file://[DIR]/remotes/inner @ v1.0.0
`,
    stderr: NEXT,
  });

  const after = await app.texts();
  assertEquals(after, {
    ...before,
    "pyproject.toml": left,
    "hsm.yaml": null,
    "hsm.local.yaml": null,
    ".gitignore": "/packages/\n",
  });
  assertEquals(await app.freeze(), frozen);
  const uv = (...args: string[]) => must([uvProgram(), ...args], { cwd: app.root, env: app.env });
  await uv("sync", "--locked", "--check");
  // In a new environment, too.
  await Deno.remove(join(app.root, ".venv"), { recursive: true });
  await uv("sync", "--locked", "--quiet");
  assertEquals(await app.freeze(), frozen);

  (await app.hsm("undo")).expect({
    code: 0,
    stdout: "undone  2  hsm eject  pyproject.toml, hsm.yaml, hsm.local.yaml, .gitignore\n",
  });
  assertEquals(await app.texts(), before);
  assertEquals((await Deno.stat(join(app.root, "hsm.yaml"))).mode! & 0o777, 0o640);
  (await app.hsm("status")).expect({ code: 0, stdout: /^my-plugin +dev .* ok$/m });
  (await app.hsm("undo")).expect({
    code: 0,
    stdout: "undone  3  hsm undo  pyproject.toml, hsm.yaml, hsm.local.yaml, .gitignore\n",
    stderr: NEXT,
  });
  assertEquals(await app.texts(), after);
  assertEquals(await app.freeze(), frozen);
});

Deno.test("Where hsm eject was, commands say how to come back, and hsm init begins anew", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  (await app.hsm("sync")).expect({ code: 0 });
  const run = await app.hsm("eject", "--json");
  run.expect({ code: 0, stderr: "" });
  assertEquals(run.json(), {
    packages: [{
      package: "my-plugin",
      source: { kind: "git", git: "file://[DIR]/remotes/my-plugin", tag: "v1.0.0" },
    }],
    files: ["pyproject.toml", "hsm.yaml", ".gitignore"],
    hooks: [],
  }, run.stdout);
  assertEquals(await app.exists(".gitignore"), false);
  await Deno.mkdir(join(app.root, "src"));

  for (const args of [["status"], ["-C", "src", "sync"]]) {
    (await app.hsm(...args)).expect({
      code: 2,
      stdout: "",
      stderr:
        /^error: Cannot find hsm\.yaml in \S+ or any folder above it\nhint: run `hsm undo` in \[DIR\]\/app, where the last command took hsm\.yaml away, or `hsm init` to begin anew\n$/,
    });
  }
  const listed = await app.hsm("undo", "--list");
  listed.expect({ code: 0, stdout: /^2 .* hsm eject --json +pyproject\.toml, hsm\.yaml/ });
  (await app.hsm("-C", "src", "undo", "--dry-run")).expect({
    code: 0,
    stdout: /^would undo +2 /,
  });

  (await app.hsm("init", "--yes")).expect({ code: 0, stdout: /^my-plugin +prod +v1\.0\.0 / });
  (await app.hsm("sync")).expect({ code: 0 });
  (await app.hsm("status", "--exit-code")).expect({ code: 0 });
  // Back before hsm init is where hsm eject had left it.
  (await app.hsm("undo", "3")).expect({ code: 0, stderr: NEXT });
  assertEquals(await app.exists("hsm.yaml"), false);
  (await app.hsm("undo", "2")).expect({ code: 0 });
  assertEquals((await app.read("hsm.yaml")).includes("my-plugin: v1.0.0"), true);
});

Deno.test("hsm eject takes hsm out of one app, however often it is called and whatever lies around that", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  await app.write("inner/hsm.yaml", await app.read("hsm.yaml"));
  await app.write("inner/pyproject.toml", await app.read("pyproject.toml"));
  for (const folder of [".", "inner"]) (await app.hsm("-C", folder, "sync")).expect({ code: 0 });
  await Deno.mkdir(join(app.root, "inner/src"));
  (await app.hsm("-C", "inner", "eject")).expect({ code: 0 });

  await app.unchanged(async () => {
    for (const args of [[], ["--dry-run"]]) {
      (await app.hsm("-C", "inner/src", "eject", ...args)).expect({
        code: 2,
        stdout: "",
        stderr: `error: Cannot take hsm out of [DIR]/app/inner: the last command has
hint: run \`hsm undo\` there to take that back
`,
      });
    }
  });

  assertEquals(await app.exists("hsm.yaml"), true);
  (await app.hsm("-C", "inner", "undo")).expect({ code: 0 });
  (await app.hsm("-C", "inner", "eject")).expect({ code: 0 });
});

Deno.test("hsm eject puts what is locked in the place of checkouts that stand in, and hsm undo lets them stand in again", async () => {
  await using it = await StandInApp.make();
  const { app } = it;
  await it.dev("my-plugin");
  await it.assertStanding("my-plugin");
  const before = await app.texts();

  (await app.hsm("eject")).expect({
    code: 0,
    stdout: "my-plugin  file://[DIR]/remotes/my-plugin @ v1.0.0\n",
    stderr: /^my-plugin stands in for v1\.0\.0 no longer\n/m,
  });
  await it.assertFresh();
  assertEquals(await it.installed(/^_?hsm/), []);
  assertEquals(await app.exists("packages/my-plugin/.git"), true);
  (await app.hsm("undo")).expect({ code: 0 });
  await it.assertStanding("my-plugin");
  assertEquals(await app.texts(), before);
  (await app.hsm("undo")).expect({ code: 0 });
  await it.assertFresh();
});

Deno.test("hsm eject puts everything back where the package manager fails", async () => {
  await using it = await StandInApp.make();
  const { app } = it;
  await it.dev("my-plugin");
  await Deno.rename(join(app.folder, "remotes"), join(app.folder, "gone"));
  await Deno.remove(join(app.folder, "home/.cache"), { recursive: true });
  const env = { UV_CACHE_DIR: join(app.folder, "home/empty") };

  await app.unchanged(async () => {
    (await app.hsmWith(env, "eject")).expect({
      code: 1,
      stdout: "",
      stderr: /Cannot sync the app/,
    });
  });
  await it.assertStanding("my-plugin");
});

Deno.test("hsm eject takes its hooks along, and leaves those of others", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  await app.git(".", "init", "-q", "-b", "main");
  await app.write(".git/hooks/post-merge", "#!/bin/sh\nhsm sync --stand-ins --quiet\n");
  (await app.hsm("init", "--hooks")).expect({ code: 0 });

  const run = await app.hsm("eject");

  run.expect({
    code: 0,
    stderr: `warning: my-plugin is in hsm.yaml alone: nothing in the app says where it comes from
warning: .git/hooks/post-merge is not hsm's and stays as it is; take the line with \`hsm sync --stand-ins\` out
removed hsm from .git/hooks/post-checkout, .git/hooks/post-rewrite; \`hsm init --hooks\` brings it back
${NEXT}`,
  });
  assertEquals(await app.exists(".git/hooks/post-checkout"), false);
  assertEquals(
    await app.read(".git/hooks/post-merge"),
    "#!/bin/sh\nhsm sync --stand-ins --quiet\n",
  );
});

Deno.test("hsm eject leaves the hooks of another app in the repository", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  await app.git(".", "init", "-q", "-b", "main");
  await app.write("other/pyproject.toml", await app.read("pyproject.toml"));
  (await app.hsm("-C", "other", "init", "--hooks", "--yes")).expect({ code: 0 });
  const alone = await app.read(".git/hooks/post-merge");
  (await app.hsm("init", "--hooks")).expect({ code: 0 });

  (await app.hsm("eject", "--json")).expect({ code: 0 });

  assertEquals(await app.read(".git/hooks/post-merge"), alone);
  assertEquals(await app.exists("other/hsm.yaml"), true);
});

Deno.test("hsm eject takes out rules for git and for those who search only where nothing needs them", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  await app.git(".", "init", "-q", "-b", "main");
  await app.write(".gitignore", "# ours\n*.log\r\n");
  await app.write(".ignore", "# ours\n!/packages/\n!/vendored/\n");
  (await app.hsm("sync")).expect({ code: 0 });
  assertEquals(await app.read(".gitignore"), "# ours\n*.log\r\n/packages/\r\n/hsm.local.yaml\r\n");

  (await app.hsm("eject")).expect({ code: 0 });

  assertEquals(await app.read(".gitignore"), "# ours\n*.log\r\n");
  assertEquals(await app.read(".ignore"), "# ours\n!/vendored/\n");
});

Deno.test("hsm eject takes its rules out of git's own file, in a worktree and below the top of a repository", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  await app.write("../mono/app/hsm.yaml", await app.read("hsm.yaml"));
  await app.write("../mono/app/pyproject.toml", await app.read("pyproject.toml"));
  await app.git("../mono", "init", "-q", "-b", "main");
  await app.git("../mono", "add", "-A");
  await app.git("../mono", "commit", "-q", "-m", "Begin");
  const exclude = join(app.folder, "mono/.git/info/exclude");
  await Deno.writeTextFile(exclude, "# ours\n");
  await app.git("../mono", "worktree", "add", "-q", "../tree");
  for (const folder of ["../mono/app", "../tree/app"]) {
    const hsm = async (...args: string[]) =>
      (await app.hsm("-C", folder, ...args)).expect({ code: 0 });
    await hsm("sync");
    await Deno.remove(join(app.root, folder, ".gitignore")).catch(() => {});
    await hsm("dev", "my-plugin", "--inject", "environment", "--yes");
    const rules = await Deno.readTextFile(exclude);
    assertEquals(rules, "# ours\n/app/packages/\n/app/hsm.local.yaml\n");

    await hsm("eject");

    assertEquals(await Deno.readTextFile(exclude), "# ours\n/app/packages/\n");
    await hsm("undo");
    assertEquals(await Deno.readTextFile(exclude), rules);
  }
});

Deno.test("hsm eject leaves a link, and hsm undo brings back what it leads to", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  await Deno.mkdir(join(app.root, "config"));
  await Deno.rename(join(app.root, "hsm.yaml"), join(app.root, "config/hsm.yaml"));
  await Deno.symlink("config/hsm.yaml", join(app.root, "hsm.yaml"));
  (await app.hsm("sync")).expect({ code: 0 });
  const before = await app.texts();

  (await app.hsm("eject")).expect({ code: 0 });

  assertEquals(await app.exists("config/hsm.yaml"), false);
  (await app.hsm("status")).expect({ code: 2, stderr: /\nhint: run `hsm undo` in / });
  (await app.hsm("undo")).expect({ code: 0 });
  assertEquals(await app.texts(), before);
  assertEquals((await Deno.lstat(join(app.root, "hsm.yaml"))).isSymlink, true);
});
