import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fakeUv } from "../harness/fake_uv.ts";
import { APP_PYPROJECT, testApp } from "../harness/app.ts";

Deno.test("hsm new makes a repository with a first commit, and installs it", async () => {
  await using app = await testApp({
    manifest: "# ours\ngit: {remotes}/{name}\npackages:\n",
  });

  (await app.hsm("new", "my-plugin")).expect({
    code: 0,
    stdout: "+  my-plugin  packages/my-plugin  origin is file://[DIR]/remotes/my-plugin\n",
    stderr: /^Made packages\/my-plugin, a git repository with a first commit\n/,
  });

  assertMatch(
    await app.read("hsm.yaml"),
    /^# ours\n.*\npackages:\n {2}my-plugin:\n {4}mode: dev\n$/,
  );
  assertMatch(
    await app.read("pyproject.toml"),
    /^my-plugin = \{ path = "packages\/my-plugin", editable = true \}$/m,
  );
  assertEquals(await app.list("packages"), ["my-plugin"]);
  assertEquals(await app.git("packages/my-plugin", "status", "--porcelain"), "");
  assertEquals(
    await app.git("packages/my-plugin", "log", "--format=%s"),
    "Begin my-plugin\n",
  );
  assertEquals(
    await app.git("packages/my-plugin", "remote", "get-url", "origin"),
    `file://${app.folder}/remotes/my-plugin\n`,
  );
  assertEquals(
    await app.python("import my_plugin; print(my_plugin.hello())"),
    "Hello from my-plugin!",
  );
});

Deno.test("hsm new leaves an app that is a uv workspace of its own, and a repository, alone", async () => {
  await using app = await testApp({
    pyproject: `${APP_PYPROJECT}\n[tool.uv.workspace]\nmembers = ["packages/*"]\n`,
    manifest: "packages:\n",
  });
  await app.git(".", "init", "-q");
  const before = await app.read("pyproject.toml");

  const run = await app.hsm("new", "My.Plugin", "--no-sync", "--json");

  run.expect({ code: 0 });
  assertEquals(run.json(), { package: "My.Plugin", path: "packages/My.Plugin" });
  assertEquals(await app.read("pyproject.toml"), before);
  assertEquals(await app.read("hsm.yaml"), "packages:\n  My.Plugin:\n    mode: dev\n");
  assertEquals(await app.git("packages/My.Plugin", "remote"), "");
  assertStringIncludes(
    await app.git("packages/My.Plugin", "rev-parse", "--show-toplevel"),
    "packages/My.Plugin",
  );
  (await app.hsm("sync")).expect({ code: 0 });
  assertEquals(
    await app.python("import my_plugin; print(my_plugin.hello())"),
    "Hello from my-plugin!",
  );
});

Deno.test("hsm new makes nothing when uv or git refuses", async () => {
  await using app = await testApp({ manifest: "packages:\n" });
  const env = await fakeUv(app, 'echo "error: no such thing" >&2; exit 2');

  await app.untouched(async () => {
    (await app.hsmWith(env, "new", "my-plugin")).expect({
      code: 1,
      stdout: "",
      stderr: "error: Cannot make my-plugin: uv could not\n  cause: error: no such thing\n",
    });
    const nobody = {
      GIT_AUTHOR_NAME: "",
      GIT_AUTHOR_EMAIL: "",
      GIT_COMMITTER_NAME: "",
      GIT_COMMITTER_EMAIL: "",
    };
    (await app.hsmWith(nobody, "new", "my-plugin")).expect({
      code: 1,
      stdout: "",
      stderr: /^error: Cannot make my-plugin: git exited with code 128\n/,
    });
  });

  assertEquals(await app.list("packages"), []);
});

Deno.test("hsm new keeps the repository when the sync fails, and says how to use it", async () => {
  await using app = await testApp({ manifest: "packages:\n" });
  await app.write("hsm.yaml", "packages:\nverify: ['false']\n");

  await app.unchanged(async () => {
    const run = await app.hsm("new", "my-plugin");
    run.expect({ code: 1, stdout: "" });
    assertStringIncludes(
      run.stderr,
      "warning: packages/my-plugin stays: to use it later, run `hsm add my-plugin --dev`\n",
    );
  });

  assertEquals(await app.list("packages"), ["my-plugin"]);
  await app.write("hsm.yaml", "packages:\n");
  (await app.hsm("add", "my-plugin", "--dev")).expect({ code: 0 });
  assertEquals(
    await app.python("import my_plugin; print(my_plugin.hello())"),
    "Hello from my-plugin!",
  );
});

Deno.test("hsm new says what is wrong before anything is touched", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  await app.write("packages/there/mine.txt", "mine\n");
  const cases: [string[], string | RegExp][] = [
    [
      ["My_Plugin"],
      `error: Cannot make My_Plugin: hsm.yaml names my-plugin already
hint: run \`hsm dev my-plugin\` to work on it
`,
    ],
    [["app"], "error: Cannot make app: app is the app itself\nhint: choose another name\n"],
    [
      ["there"],
      `error: Cannot make there: there is something at packages/there
hint: to use what is there, run \`hsm add there --dev\`
`,
    ],
    [["../out"], /^error: Cannot edit hsm\.yaml: /],
    [["a", "b"], /^error: Cannot run hsm new: `b` is one word too many\n/],
    [[], /^error: Cannot run hsm new: it needs a NAME\n/],
  ];
  await app.untouched(async () => {
    for (const [args, stderr] of cases) {
      (await app.hsm("new", ...args)).expect({ code: 2, stdout: "", stderr });
    }
  });
  assertEquals(await app.list("packages"), ["there"]);
});

Deno.test("hsm new writes a package into the app's files that has nothing to stand in for, whatever the rule is", async () => {
  await using app = await testApp({ manifest: "inject: environment\npackages:\n" });

  (await app.hsm("new", "my-plugin")).expect({ code: 0 });

  assertEquals(
    await app.read("hsm.yaml"),
    "inject: environment\npackages:\n  my-plugin:\n    mode: dev\n    inject: pyproject\n",
  );
  assertEquals(
    await app.python("import my_plugin; print(my_plugin.hello())"),
    "Hello from my-plugin!",
  );
});
