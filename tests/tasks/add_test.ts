import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fakeUv } from "../harness/fake_uv.ts";
import { type TestApp, testApp } from "../harness/app.ts";

/** An app whose hsm.yaml names no package yet. */
async function bareApp(plugins: readonly string[]): Promise<TestApp> {
  return await testApp({ plugins, manifest: "# ours\ngit: {remotes}/{name}\npackages:\n" });
}

Deno.test("hsm add takes the newest release, and installs it", async () => {
  await using app = await bareApp(["my-plugin"]);
  for (const version of ["1.9.0", "1.10.0", "2.0.0rc1"]) {
    await app.plugin("my-plugin").release({ name: "my-plugin", version });
  }

  (await app.hsm("add", "my-plugin")).expect({ code: 0, stdout: "+  my-plugin  v1.10.0  prod\n" });

  assertMatch(
    await app.read("hsm.yaml"),
    /^# ours\ngit: .*\npackages:\n {2}my-plugin: v1\.10\.0\n$/,
  );
  assertEquals(await app.exists("hsm.local.yaml"), false);
  assertStringIncludes(await app.read("pyproject.toml"), 'dependencies = ["my-plugin"]');
  assertEquals(await app.python("import my_plugin; print(my_plugin.VALUE)"), "1.10.0");
});

Deno.test("hsm add --pre takes a pre-release too", async () => {
  await using app = await bareApp(["my-plugin"]);
  await app.plugin("my-plugin").release({ name: "my-plugin", version: "2.0.0rc1" });

  (await app.hsm("add", "my-plugin", "--pre", "--no-sync")).expect({
    code: 0,
    stdout: "+  my-plugin  v2.0.0rc1  prod\n",
    stderr: "",
  });

  assertMatch(await app.read("hsm.yaml"), /\n {2}my-plugin: v2\.0\.0rc1\n$/);
  assertEquals(await app.exists(".venv"), false);
});

Deno.test("hsm add writes the keys that it is asked for, for several packages", async () => {
  await using app = await testApp({
    plugins: ["plug-a", "plug-b", "plug-c"],
    manifest: "packages:\n",
  });
  const url = app.plugin("plug-a").url.replace("plug-a", "{name}");

  const run = await app.hsm(
    ...["add", "plug-a", "plug-b", "--git", url, "--branch", "main", "--group", "plugins"],
    ...["--extra", "fast", "--extra", "more", "--no-sync", "--json"],
  );

  run.expect({ code: 0, stderr: "" });
  assertEquals(run.json(), {
    added: ["plug-a", "plug-b"].map((name) => ({
      package: name,
      pin: { branch: "main" },
      mode: "prod",
    })),
  });
  const entry = (name: string) =>
    `  ${name}:
    git: ${app.plugin(name).url}
    branch: main
    extras: [fast, more]
    group: plugins
`;
  const both = `packages:\n${entry("plug-a")}${entry("plug-b")}`;
  assertEquals(await app.read("hsm.yaml"), both);
  const bare = ["plug-c", "--git", url, "--branch", "main", "--no-require", "--no-sync"];
  (await app.hsm("add", ...bare)).expect({ code: 0 });
  assertEquals(
    await app.read("hsm.yaml"),
    `${both}  plug-c:
    git: ${app.plugin("plug-c").url}
    branch: main
    require: false
`,
  );
});

Deno.test("hsm add --git writes no repository that hsm.yaml names already", async () => {
  await using app = await bareApp(["my-plugin"]);

  const { url } = app.plugin("my-plugin");
  (await app.hsm("add", "my-plugin", "--git", url, "--no-sync")).expect({ code: 0 });

  assertMatch(await app.read("hsm.yaml"), /\n {2}my-plugin: v1\.0\.0\n$/);
});

Deno.test("hsm add --dev clones, for this developer alone", async () => {
  await using app = await bareApp(["my-plugin"]);

  await app.untouched(async () => {
    (await app.hsm("add", "my-plugin", "--dev")).expect({
      code: 2,
      stdout: "",
      stderr: `error: Cannot go on without the checkout of my-plugin: packages/my-plugin is missing
hint: run \`hsm add --yes my-plugin --dev\`
`,
    });
  });
  (await app.hsm("add", "my-plugin", "--dev", "--yes")).expect({
    code: 0,
    stdout: "+  my-plugin  v1.0.0  dev\n",
    stderr: /^Cloned my-plugin into packages\/my-plugin\n/,
  });

  assertMatch(await app.read("hsm.yaml"), /\n {2}my-plugin: v1\.0\.0\n$/);
  assertEquals(await app.read("hsm.local.yaml"), "packages:\n  my-plugin:\n    mode: dev\n");
  assertStringIncludes(await app.read("pyproject.toml"), "editable = true");
});

Deno.test("hsm add --dev takes a checkout that no remote has yet", async () => {
  await using app = await testApp({ plugins: ["my-plugin"], manifest: "packages:\n" });
  await app.git(".", "clone", "-q", app.plugin("my-plugin").url, "packages/my-plugin");

  (await app.hsm("add", "my-plugin", "--dev", "--no-sync")).expect({
    code: 0,
    stdout: "+  my-plugin  no pin  dev\n",
    stderr:
      "warning: my-plugin gets no pin: Cannot ask the remote of my-plugin: hsm.yaml names no repository\n",
  });

  assertEquals(await app.read("hsm.yaml"), "packages:\n  my-plugin:\n    mode: dev\n");
});

Deno.test("hsm add --dev writes down in which folder it has found the distribution", async () => {
  const folder = "python/my plugin";
  await using app = await testApp({
    plugins: [{ name: "my-plugin", folder }, { name: "other", folder }, "plain"],
    manifest: "git: {remotes}/{name}\npackages:\n",
  });

  (await app.hsm("add", "my-plugin", "plain", "--dev", "--yes")).expect({
    code: 0,
    stdout: "+  my-plugin  v1.0.0  dev\n+  plain      v1.0.0  dev\n",
  });

  const manifest = await app.read("hsm.yaml");
  assertEquals(
    manifest.slice(manifest.indexOf("packages:")),
    `packages:
  my-plugin:
    tag: v1.0.0
    subdirectory: "python/my plugin"
  plain: v1.0.0
`,
  );
  (await app.hsm("prod", "my-plugin", "plain")).expect({ code: 0 });
  assertStringIncludes(await app.read("pyproject.toml"), `subdirectory = "${folder}" }`);
  assertEquals(await app.python("import my_plugin; print(my_plugin.VALUE)"), "1.0.0");

  // What is there already is looked into as well, and nothing else is written for it.
  await app.git(".", "clone", "-q", app.plugin("other").url, "packages/other");
  (await app.hsm("add", "other", "--dev", "--no-sync")).expect({ code: 0 });
  assertEquals(
    await app.read("hsm.yaml"),
    `${manifest}  other:\n    tag: v1.0.0\n    subdirectory: "${folder}"\n`,
  );
});

Deno.test("hsm add lists the tags near one that does not exist", async () => {
  await using app = await bareApp(["my-plugin", "other"]);
  await app.plugin("my-plugin").release({ name: "my-plugin", version: "1.1.0" });

  await app.untouched(async () => {
    (await app.hsm("add", "my-plugin", "--tag", "v1.1")).expect({
      code: 2,
      stdout: "",
      stderr: `error: Cannot pin my-plugin to v1.1: its remote has no such tag
hint: nearby: v1.1.0, v1.0.0
`,
    });
    (await app.hsm("add", "my-plugin", "--branch", "mian")).expect({
      code: 2,
      stdout: "",
      stderr: `error: Cannot pin my-plugin to the branch mian: its remote has no such branch
hint: did you mean \`main\`?
`,
    });
    (await app.hsm("add", "my-plugin", "other", "--tag", "v1.1.0")).expect({
      code: 2,
      stdout: "",
      stderr: `error: Cannot pin other to v1.1.0: its remote has no such tag
hint: nearby: v1.0.0
`,
    });
  });
});

Deno.test("hsm add says what is wrong before anything is touched", async () => {
  await using app = await testApp({
    plugins: ["my-plugin", "pre", "none"],
    manifest: "git: {remotes}/{name}\npackages:\n  my-plugin: v1.0.0\n",
  });
  await app.plugin("pre").git("tag", "-d", "v1.0.0");
  await app.plugin("pre").git("tag", "v2.0.0b1");
  await app.plugin("none").git("tag", "-d", "v1.0.0");
  const cases: [string[], string][] = [
    [
      ["My_Plugin"],
      `error: Cannot add My_Plugin: hsm.yaml names my-plugin already
hint: run \`hsm update my-plugin\` for another version, \`hsm dev my-plugin\` to work on it
`,
    ],
    [
      ["App"],
      `error: Cannot add App: app is the app itself
hint: the app is no package of its own
`,
    ],
    [
      ["pre", "--tag", "v1", "--rev", "0123456"],
      `error: Cannot run hsm add: --tag and --rev exclude each other
hint: a package has one pin
`,
    ],
    [
      ["pre"],
      `error: Cannot add pre: its remote has no release tag
hint: its newest pre-release is v2.0.0b1: take it with \`--pre\`
`,
    ],
    [
      ["none"],
      `error: Cannot add none: its remote has no release tag
hint: name its version with \`--tag\`, \`--rev\` or \`--branch main\`, or work on it with \`--dev\`
`,
    ],
    [
      ["pre", "none"],
      `error: Cannot add pre, none
  cause: Cannot add pre: its remote has no release tag
  cause: its newest pre-release is v2.0.0b1: take it with \`--pre\`
  cause: Cannot add none: its remote has no release tag
  cause: name its version with \`--tag\`, \`--rev\` or \`--branch main\`, or work on it with \`--dev\`
`,
    ],
    [
      ["a b"],
      `error: Cannot add a b: \`a b\` is no package name
hint: a name has letters, digits, and \`.\`, \`-\` or \`_\` between them (PEP 508)
`,
    ],
    [
      ["gone@v1.0.0"],
      `error: Cannot add gone@v1.0.0: \`gone@v1.0.0\` is no package name
hint: run \`hsm add gone --tag v1.0.0\`
`,
    ],
    [
      ["gone==1.0"],
      `error: Cannot add gone==1.0: \`gone==1.0\` is no package name
hint: run \`hsm add gone --tag 1.0\`
`,
    ],
    [
      ["C:\\gone repository"],
      `error: Cannot add C:\\gone repository: \`C:\\gone repository\` is no package name
hint: give the package's name, and its repository with \`--git URL\`
`,
    ],
    [
      ["gone@https://me:s3cret@example.com/gone"],
      `error: Cannot add gone@https://***@example.com/gone: \`gone@https://***@example.com/gone\` is no package name
hint: run \`hsm add gone --git https://example.com/gone\`; where that is not the package's own name, with that one
`,
    ],
    [
      ["-x"],
      `error: Cannot run hsm add: there is no option -x
hint: run \`hsm add --help\` for its options
`,
    ],
    [
      [],
      `error: Cannot run hsm add: it needs a NAME
hint: run \`hsm add --help\` for its options
`,
    ],
  ];
  await app.untouched(async () => {
    for (const [args, stderr] of cases) {
      (await app.hsm("add", ...args)).expect({ code: 2, stdout: "", stderr });
    }
    (await app.hsm("add", "nowhere")).expect({
      code: 1,
      stdout: "",
      stderr: /^error: Cannot ask the remote of nowhere: file:.* does not answer\n/,
    });
    (await app.hsm("add", "x", "--git", "https://me:s3cret@example.com/x")).expect({
      code: 2,
      stdout: "",
      stderr: /^(?!.*s3cret).*it must not hold a password or token/,
    });
  });
});

Deno.test("hsm add tells who gives an address the whole command, and that one works", async () => {
  await using app = await testApp({
    plugins: [{ name: "my-plugin", folder: "libs/my plugin" }],
    manifest: "packages:\n",
  });
  const { url, path } = app.plugin("my-plugin");
  const rev = (await app.plugin("my-plugin").git("rev-parse", "HEAD")).trim();
  const cases: [string, string][] = [
    [url, `my-plugin --git ${url}`],
    [`git+${url}.git@v1.0.0`, `my-plugin --git ${url}.git --tag v1.0.0`],
    [
      `other @ git+${url}@${rev}#subdirectory=libs/x`,
      `other --git ${url} --rev ${rev} --subdirectory libs/x`,
    ],
    [path, `my-plugin --git ${path}`],
    ["../remotes/gone.git/", "gone --git ../remotes/gone.git/"],
    ["git@example.com:team/gone.git", "gone --git git@example.com:team/gone.git"],
    [
      "ssh://git@example.com/team/x@libs/x-v1#egg=gone",
      "gone --git ssh://git@example.com/team/x --tag libs/x-v1",
    ],
  ];
  for (const [text, command] of cases) {
    (await app.hsm("add", text)).expect({
      code: 2,
      stdout: "",
      stderr: `error: Cannot add ${masked(text)}: \`${masked(text)}\` is no package name
hint: run \`hsm add ${masked(command)}\`; where that is not the package's own name, with that one
`,
    });
  }
  for (
    const text of [
      "https://example.com/",
      "x @ file:///a b",
      "git+https://e.com/$(x)",
      "https://e.com/x@--y",
      "ssh://me:pw@h/x",
    ]
  ) {
    const run = await app.hsm("add", text);
    run.expect({ code: 2, stdout: "" });
    assertMatch(
      run.stderr,
      /\nhint: give the package's name, and its repository with `--git URL`\n$/,
    );
  }
  const [, command = ""] = cases[0]!;
  (await app.hsm("add", ...command.split(" "))).expect({
    code: 0,
    stdout: "+  my-plugin  v1.0.0  prod\n",
  });

  function masked(text: string): string {
    return text.replaceAll(app.folder, "[DIR]");
  }
});

Deno.test("hsm add asks for the repository where hsm.yaml names none", async () => {
  await using app = await testApp({ manifest: "packages:\n" });

  await app.untouched(async () => {
    (await app.hsm("add", "my-plugin")).expect({
      code: 2,
      stdout: "",
      stderr: `error: Cannot add my-plugin: hsm.yaml does not say where packages live
hint: name its repository with \`--git URL\`, or all of them with \`git:\` in hsm.yaml
`,
    });
  });
});

Deno.test("hsm add puts everything back when the sync fails", async () => {
  await using app = await bareApp(["my-plugin"]);
  (await app.hsm("sync")).expect({ code: 0 });
  const env = await fakeUv(app, 'echo "error: no" >&2; echo broken >> uv.lock; exit 2');

  await app.unchanged(async () => {
    (await app.hsmWith(env, "add", "my-plugin", "--dev", "--yes")).expect({ code: 1, stdout: "" });
  });

  assertEquals(await app.exists("packages/my-plugin/.git"), true);
});

Deno.test("hsm add and hsm dev say that a clone stays where they fail", async () => {
  await using app = await testApp({
    plugins: [{ name: "plug-a", folder: "py" }, "plug-b", "plug-c"],
    manifest: "git: {remotes}/{name}\npackages:\n  plug-b: v1.0.0\n  plug-c: v1.0.0\n",
  });
  (await app.hsm("sync")).expect({ code: 0 });
  const env = await fakeUv(app, 'echo "error: no" >&2; exit 2');
  const failed = (more: object) => ({
    error: {
      code: "uv-failed",
      message: "Cannot sync the app: `uv lock` exited with code 2",
      details: { command: "uv lock", exitCode: 2, output: "error: no\n", ...more },
      restored: ["hsm.local.yaml", "pyproject.toml"],
    },
  });

  await app.unchanged(async () => {
    (await app.hsmWith(env, "add", "plug-a", "--dev", "--yes")).expect({
      code: 1,
      stdout: "",
      stderr: `Found plug-a in the folder py of its repository
Cloned plug-a into packages/plug-a
error: no
warning: the clone stays at packages/plug-a: the next run takes it as it is; delete it if you need it no longer
error: Cannot sync the app: \`uv lock\` exited with code 2
  restored: hsm.yaml, hsm.local.yaml, pyproject.toml
`,
    });
    (await app.hsmWith(env, "dev", "plug-b", "plug-c", "--yes")).expect({
      code: 1,
      stdout: "",
      stderr:
        /\nwarning: the clones stay at packages\/plug-b, packages\/plug-c: the next run takes them as they are; delete those that you need no longer\nerror: /,
    });
    // What was there before is nobody's news.
    const again = await app.hsmWith(env, "dev", "plug-b", "--yes", "--json");
    again.expect({ code: 1, stderr: "error: no\n" });
    assertEquals(again.json(), failed({}));
    for (const name of ["plug-b", "plug-c"]) {
      await Deno.remove(`${app.root}/packages/${name}`, { recursive: true });
    }
    const json = await app.hsmWith(env, "dev", "plug-c", "plug-b", "--yes", "--json");
    json.expect({ code: 1, stderr: /\nwarning: the clones stay at / });
    assertEquals(json.json(), failed({ clones: ["packages/plug-b", "packages/plug-c"] }));
  });
});
