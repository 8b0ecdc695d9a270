import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { APP_PYPROJECT, testApp } from "../harness/app.ts";
import { fakeUv, waitForFile } from "../harness/fake_uv.ts";

const INJECTED = (url: string) =>
  `[project]
name = "app"
version = "0.1.0"
requires-python = ">=3.9"
dependencies = ["my-plugin"]

[tool.uv.sources]
my-plugin = { git = "${url}", tag = "v1.0.0" }

[tool.hsm]
# What hsm added to this file, so that it can take it out again
created = ["tool.uv.sources"]
packages.my-plugin = { requirement = "my-plugin" }
`;

Deno.test("hsm sync installs a prod package from its tag and clones nothing", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  await app.plugin("my-plugin").release({ name: "my-plugin", version: "2.0.0" });

  const run = await app.hsm("sync");

  run.expect({
    code: 0,
    stdout: `+  my-plugin  requirement  my-plugin
+  my-plugin  source       { git = "file://[DIR]/remotes/my-plugin", tag = "v1.0.0" }
`,
    stderr: / \+ my-plugin==1\.0\.0 \(from git\+file:/,
  });
  assertEquals(await app.read("pyproject.toml"), INJECTED(app.plugin("my-plugin").url));
  assertEquals(await app.list("."), [
    ".gitignore",
    ".hsm",
    ".venv",
    "hsm.yaml",
    "pyproject.toml",
    "uv.lock",
  ]);
  assertEquals(await app.read(".gitignore"), "/packages/\n/hsm.local.yaml\n");
  assertEquals(await app.python("import my_plugin; print(my_plugin.VALUE)"), "1.0.0");
  assertMatch(await app.python("import my_plugin; print(my_plugin.__file__)"), /site-packages/);
});

Deno.test("hsm sync does nothing the second time", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  (await app.hsm("sync")).expect({ code: 0 });
  const state = await app.list(".hsm");

  await app.untouched(async () => {
    for (const args of [["inject"], ["inject", "--dry-run"], ["sync", "--dry-run"]]) {
      (await app.hsm(...args)).expect({
        code: 0,
        stdout: "",
        stderr: "pyproject.toml matches hsm.yaml\n",
      });
    }
    for (const args of [[], ["--no-check"]]) {
      (await app.hsm("sync", ...args)).expect({
        code: 0,
        stdout: "",
        stderr: "1 package is in line\n",
      });
    }
  });

  assertEquals(await app.list(".hsm"), state);
});

Deno.test("hsm sync takes out what has left the manifest, to the byte", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  (await app.hsm("sync")).expect({ code: 0 });
  await app.write("hsm.yaml", "packages: {}\n");

  (await app.hsm("sync")).expect({
    code: 0,
    stdout: /^-  my-plugin  requirement  my-plugin\n-  my-plugin  source/,
    stderr: / - my-plugin==1\.0\.0/,
  });

  assertEquals(await app.read("pyproject.toml"), APP_PYPROJECT);
});

Deno.test("hsm sync does not take an hsm.yaml that has lost its content at its word", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  (await app.hsm("sync")).expect({ code: 0 });
  await app.write("hsm.yaml", "\n");
  await app.untouched(async () => {
    for (const command of [["sync"], ["inject"], ["sync", "--locked"], ["diff"]]) {
      (await app.hsm(...command)).expect({
        code: 2,
        stdout: "",
        stderr: `error: Cannot go by an empty hsm.yaml: pyproject.toml has my-plugin from it
hint: bring it back, or write \`packages: {}\` to take them out
`,
      });
    }
  });
  await app.write("hsm.yaml", "packages: {}\n");
  (await app.hsm("sync")).expect({ code: 0, stdout: /^-  my-plugin  requirement/ });
});

Deno.test("hsm sync restores everything when uv does not find a tag", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  await app.write("hsm.yaml", "git: {remotes}/{name}\npackages:\n  my-plugin: v9.9.9\n");

  await app.unchanged(async () => {
    const run = await app.hsm("sync", "--no-check");
    run.expect({ code: 1, stdout: "", stderr: /couldn't find remote ref refs\/tags\/v9\.9\.9/ });
    assertStringIncludes(
      run.stderr,
      `error: Cannot sync the app: \`uv lock\` exited with code 1
  cause: my-plugin has no tag v9.9.9 in file://[DIR]/remotes/my-plugin
  restored: .gitignore, pyproject.toml
hint: \`git ls-remote --tags file://[DIR]/remotes/my-plugin\` lists them; correct the pin of my-plugin in hsm.yaml
`,
    );
  });
});

Deno.test("hsm sync restores pyproject.toml and uv.lock when a build fails", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  (await app.hsm("sync")).expect({ code: 0 });
  const plugin = app.plugin("my-plugin");
  await plugin.commit("src/my_plugin/__init__.py", "");
  await plugin.git("rm", "-q", "-r", "src");
  await plugin.git("commit", "-q", "-m", "Lose the sources");
  await plugin.git("tag", "v2.0.0");
  await app.write("hsm.yaml", "git: {remotes}/{name}\npackages:\n  my-plugin: v2.0.0\n");
  const installed = await app.freeze();

  await app.unchanged(async () => {
    const run = await app.hsm("sync");
    run.expect({ code: 1, stdout: "", stderr: /restored: pyproject\.toml, uv\.lock\n/ });
  });

  assertEquals(await app.freeze(), installed);
});

Deno.test("hsm sync leaves files absent that were absent before it failed", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  const uv = await fakeUv(app, "echo lock > uv.lock; echo no luck >&2; exit 7");

  (await app.hsmWith(uv, "dev", "my-plugin", "--yes")).expect({
    code: 1,
    stderr:
      /no luck\nwarning: the clone stays at packages\/my-plugin: .*\nerror: Cannot sync the app: `uv lock` exited with code 7\n  restored: hsm\.local\.yaml, \.gitignore, pyproject\.toml, uv\.lock\n$/,
  });

  assertEquals(await app.list("."), [
    ".hsm",
    "hsm.yaml",
    "packages",
    "pyproject.toml",
  ]);
  assertEquals(await app.read("pyproject.toml"), APP_PYPROJECT);
});

for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]] as const) {
  Deno.test(`hsm sync waits for uv's end on ${signal}, then restores everything`, async () => {
    await using app = await testApp({ plugins: ["my-plugin"] });
    const begun = join(app.folder, "begun");
    // It takes its time to end, and writes once more before it does.
    const uv = await fakeUv(
      app,
      `trap 'sleep 0.5; echo late > uv.lock; exit 1' INT TERM HUP
       echo early > uv.lock; : > ${begun}
       while :; do sleep 0.05; done`,
    );

    await app.unchanged(async () => {
      const running = app.startWith(uv, "sync");
      await waitForFile(begun);
      running.kill(signal);
      const run = await running.ended;
      assertEquals(run.code, code, run.stderr);
      assertMatch(run.stderr, new RegExp(`error: Cannot go on: interrupted by ${signal}`));
    });
  });
}

Deno.test("hsm repairs with its next command what a SIGKILL left", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  const begun = join(app.folder, "begun");
  const uv = await fakeUv(
    app,
    `echo early > uv.lock; : > ${begun}; sleep 1; echo late > uv.lock`,
  );
  const before = await app.texts();
  const running = app.startWith(uv, "sync");
  await waitForFile(begun);
  running.kill("SIGKILL");
  await running.ended;
  assertStringIncludes(await app.read("pyproject.toml"), "[tool.hsm]");

  (await app.hsm("map")).expect({
    code: 0,
    stdout: "my-plugin  prod  file://[DIR]/remotes/my-plugin @ v1.0.0\n",
    // The kill may have come before the process id was noted, which the newest Deno cannot make up for.
    stderr:
      /^(?:Waiting for (?:the end of uv .*, which a crashed run left|uv, which a crashed run may have left; whether it runs cannot be told)\n)?warning: `hsm sync` of .* did not end well; restored \.gitignore, pyproject\.toml, uv\.lock\n$/,
  });

  assertEquals(await app.texts(), before);
});

Deno.test("a uv that is killed leaves nothing that it has begun beside its lock file", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  await app.write(".tmpA1b2C3", "somebody else's");
  const uv = await fakeUv(app, "echo half > .tmpZ9y8X7; kill -KILL $$");

  await app.unchanged(async () => {
    (await app.hsmWith(uv, "sync")).expect({
      code: 1,
      stderr:
        /^error: Cannot sync the app: `uv lock` exited with code 137\n  restored: \.gitignore, pyproject\.toml\n/m,
    });
  });

  assertEquals((await app.list(".")).filter((it) => it.startsWith(".tmp")), [".tmpA1b2C3"]);
});

Deno.test("hsm sync --locked changes nothing and passes when all is up to date", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  (await app.hsm("sync")).expect({ code: 0 });

  await app.untouched(async () => {
    (await app.hsm("sync", "--locked")).expect({ code: 0, stdout: "", stderr: /^Resolved 2/ });
  });
});

Deno.test("hsm sync --locked shows how pyproject.toml differs", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  (await app.hsm("sync")).expect({ code: 0 });
  await app.write("hsm.yaml", "git: {remotes}/{name}\npackages:\n  my-plugin: v1.0.1\n");

  await app.untouched(async () => {
    const run = await app.hsm("sync", "--locked");
    run.expect({
      code: 1,
      stdout: "",
      stderr: /^error: Cannot sync the app: pyproject\.toml does not match hsm\.yaml\n/,
    });
    assertStringIncludes(
      run.stderr,
      `\n  +my-plugin = { git = "file://[DIR]/remotes/my-plugin", tag = "v1.0.1" }\n`,
    );
    assertStringIncludes(run.stderr, "hint: run `hsm sync` and commit what it changes\n");
  });
});

Deno.test("hsm sync --locked shows how uv.lock differs", async () => {
  await using app = await testApp({ plugins: ["my-plugin", "other"] });
  (await app.hsm("sync", "my-plugin")).expect({ code: 0 });
  (await app.hsm("inject")).expect({ code: 0 });

  await app.untouched(async () => {
    const run = await app.hsm("sync", "--locked");
    run.expect({
      code: 1,
      stdout: "",
      stderr: /  cause: Add other v1\.0\.0 \(.*\)\nhint: run `hsm sync`/,
    });
  });
});

Deno.test("hsm sync --dry-run prints the change and makes nothing", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });

  await app.untouched(async () => {
    (await app.hsm("sync", "--dry-run")).expect({
      code: 0,
      stdout: `--- a/pyproject.toml
+++ b/pyproject.toml
@@ -2,4 +2,12 @@
 name = "app"
 version = "0.1.0"
 requires-python = ">=3.9"
-dependencies = []
+dependencies = ["my-plugin"]
+
+[tool.uv.sources]
+my-plugin = { git = "file://[DIR]/remotes/my-plugin", tag = "v1.0.0" }
+
+[tool.hsm]
+# What hsm added to this file, so that it can take it out again
+created = ["tool.uv.sources"]
+packages.my-plugin = { requirement = "my-plugin" }
`,
      stderr: "",
    });
  });

  assertEquals(await app.list("."), ["hsm.yaml", "pyproject.toml"]);
});

Deno.test("hsm sync passes on to uv what stands behind --", async () => {
  await using app = await testApp({
    plugins: ["my-plugin", "extra-plugin"],
    pyproject: `${APP_PYPROJECT}
[project.optional-dependencies]
more = ["extra-plugin"]
`,
  });
  (await app.hsm("sync")).expect({ code: 0 });
  assertEquals((await app.freeze()).includes("extra-plugin"), false);

  (await app.hsm("sync", "--", "--extra", "more")).expect({ code: 0 });

  assertStringIncludes(await app.freeze(), "extra-plugin @ git+file:");
});

Deno.test("hsm sync brings files and environment back when a verify command fails", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  (await app.hsm("sync")).expect({ code: 0 });
  await app.plugin("my-plugin").release({ name: "my-plugin", version: "2.0.0" });
  await app.write(
    "hsm.yaml",
    `git: {remotes}/{name}
verify:
  - uv run --no-sync python -c "import my_plugin; assert my_plugin.VALUE == '1.0.0', my_plugin.VALUE"
packages:
  my-plugin: v2.0.0
`,
  );
  const installed = await app.freeze();

  await app.unchanged(async () => {
    const run = await app.hsm("sync");
    run.expect({
      code: 1,
      stdout: "",
      stderr: /AssertionError: 2\.0\.0\nerror: Cannot verify the app: /,
    });
    assertStringIncludes(run.stderr, "  restored: pyproject.toml, uv.lock, .venv\n");
  });

  assertEquals(await app.freeze(), installed);
});

Deno.test("hsm sync and dev install with --no-verify what fails, so that it can be repaired", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  const manifest = await app.read("hsm.yaml");
  await app.write("hsm.yaml", `verify: [sh -c "grep -q fixed packages/*/fixed"]\n${manifest}`);

  (await app.hsm("dev", "my-plugin", "--yes")).expect({
    code: 1,
    stdout: "",
    stderr: /\nhint: `--no-verify` installs it all the same, to repair it\n$/,
  });
  (await app.hsm("dev", "my-plugin", "--yes", "--no-verify")).expect({
    code: 0,
    stdout: "my-plugin  prod → dev\n",
  });
  (await app.hsm("sync", "--no-verify")).expect({ code: 0, stderr: "1 package is in line\n" });
  (await app.hsm("sync")).expect({ code: 1, stdout: "" });
  await app.write("packages/my-plugin/fixed", "fixed\n");
  (await app.hsm("sync")).expect({ code: 0, stderr: "1 package is in line\n" });
});

Deno.test("hsm sync of one package leaves the others as they are", async () => {
  await using app = await testApp({ plugins: ["plug-a", "plug-b"] });
  (await app.hsm("sync")).expect({ code: 0 });
  for (const name of ["plug-a", "plug-b"]) {
    await app.plugin(name).release({ name, version: "2.0.0" });
  }
  await app.write(
    "hsm.yaml",
    "git: {remotes}/{name}\npackages:\n  plug-a: v2.0.0\n  plug-b: v2.0.0\n",
  );

  (await app.hsm("sync", "plug-a")).expect({
    code: 0,
    stdout: /^~  plug-a  source  .*v1\.0\.0.* → .*v2\.0\.0.*\n$/,
  });

  const values = "import plug_a, plug_b; print(plug_a.VALUE, plug_b.VALUE)";
  assertEquals(await app.python(values), "2.0.0 1.0.0");
});

Deno.test("hsm sync says that uv is missing or too old", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  const old = join(app.folder, "old-uv");
  await Deno.writeTextFile(old, "#!/bin/sh\necho 'uv 0.8.24 (abc 2025-01-01)'\n", { mode: 0o755 });

  await app.unchanged(async () => {
    (await app.hsmWith({ HSM_UV: "/nowhere/uv" }, "sync")).expect({
      code: 2,
      stderr:
        /^error: Cannot find uv: there is no program \/nowhere\/uv\n(?:  restored: \.gitignore, pyproject\.toml\n)?hint: correct HSM_UV, which names it, or unset it\n$/,
    });
    (await app.hsmWith({ HSM_UV: old }, "sync")).expect({
      code: 2,
      stderr: /^error: Cannot use uv 0\.8\.24 at \[DIR\]\/old-uv: HSM needs 0\.9 or newer\n/,
    });
  });
});

Deno.test("hsm sync does its job though the environment asks for a frozen one", async () => {
  await using app = await testApp({ plugins: ["plug-a", "plug-b"] });
  (await app.hsm("sync", "plug-a")).expect({ code: 0 });

  (await app.hsmWith({ UV_FROZEN: "1", UV_LOCKED: "1" }, "sync")).expect({ code: 0 });

  assertStringIncludes(await app.read("uv.lock"), 'name = "plug-b"');
  assertStringIncludes(await app.freeze(), "plug-b @ git+file:");
});

Deno.test("hsm sync refuses to pass on what would make it no sync", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });

  await app.untouched(async () => {
    (await app.hsm("sync", "--", "--dry-run")).expect({
      code: 2,
      stdout: "",
      stderr: `error: Cannot sync with uv's --dry-run: that is for hsm to decide
hint: run \`hsm sync --dry-run\`, or \`hsm check --resolve\`
`,
    });
  });
});

Deno.test("hsm sync brings uv.lock back when a verify command changed it, though nothing else did", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  (await app.hsm("sync")).expect({ code: 0 });
  await app.write("bad.sh", "echo '# bad' >> uv.lock\nexit 3\n");
  await app.write("hsm.yaml", `verify: [sh bad.sh]\n${await app.read("hsm.yaml")}`);

  await app.unchanged(async () => {
    (await app.hsm("sync")).expect({
      code: 1,
      stderr:
        /error: Cannot verify the app: `sh bad\.sh` exited with code 3\n {2}restored: uv\.lock\nhint: .*\n$/,
    });
  });
});
