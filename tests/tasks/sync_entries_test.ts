import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { APP_PYPROJECT, type TestApp, testApp } from "../harness/app.ts";

const manifest = (packages: string) => `git: {remotes}/{name}\npackages:\n${packages}`;

/** After a sync, `--locked` finds nothing to change. */
async function assertLocked(app: TestApp): Promise<void> {
  await app.untouched(async () => {
    (await app.hsm("sync", "--locked")).expect({ code: 0, stdout: "", stderr: /^Resolved / });
  });
}

Deno.test("hsm sync, dev and inject leave a source alone that is a list", async () => {
  const sources = `
[tool.uv.sources]
torch = [
  { index = "cpu", marker = "sys_platform == 'linux'" },
  { index = "cpu", marker = "sys_platform != 'linux'" },
]
`;
  await using app = await testApp({
    plugins: ["plug-a"],
    pyproject: `${APP_PYPROJECT}${sources}
[[tool.uv.index]]
name = "cpu"
url = "https://example.com/cpu"
explicit = true
`,
  });

  (await app.hsm("inject")).expect({ code: 0, stdout: /\+ {2}plug-a {2}source/ });
  (await app.hsm("sync")).expect({ code: 0, stdout: "" });
  (await app.hsm("dev", "plug-a", "--yes")).expect({ code: 0, stdout: "plug-a  prod → dev\n" });

  assertStringIncludes(await app.read("pyproject.toml"), sources.trimEnd());
});

Deno.test("hsm sync replaces a source of a managed package that is a list", async () => {
  await using app = await testApp({
    plugins: ["plug-a"],
    pyproject: `${APP_PYPROJECT}
[tool.uv.sources]
plug-a = [
  { path = "a", marker = "sys_platform == 'linux'" },
  { path = "b", marker = "sys_platform != 'linux'" },
]
`,
  });

  (await app.hsm("sync")).expect({ code: 0, stdout: /~ {2}plug-a {2}source/ });
  await assertLocked(app);
});

const OUTER = '[tool.uv.workspace]\nmembers = ["app"]\n';

Deno.test("hsm sync syncs a member of a bigger uv workspace, and undo takes it back", async () => {
  await using app = await testApp({ plugins: ["plug-a"], files: { "../pyproject.toml": OUTER } });

  (await app.hsm("sync")).expect({ code: 0, stderr: / \+ plug-a==1\.0\.0 / });

  assertStringIncludes(await app.read("../uv.lock"), 'name = "plug-a"');
  assertEquals(await app.exists("uv.lock"), false);
  await assertLocked(app);

  (await app.hsm("undo", "--yes")).expect({ code: 0 });
  assertEquals((await app.read("../uv.lock")).includes("plug-a"), false);
  assertEquals(await app.read("pyproject.toml"), APP_PYPROJECT);
});

Deno.test("hsm sync brings the lock file of a bigger uv workspace back when a verify fails", async () => {
  await using app = await testApp({ plugins: ["plug-a"], files: { "../pyproject.toml": OUTER } });
  (await app.hsm("sync")).expect({ code: 0 });
  const lock = await app.read("../uv.lock");
  await app.plugin("plug-a").release({ name: "plug-a", version: "2.0.0" });
  await app.write("hsm.yaml", `verify: ["false"]\n${manifest("  plug-a: v2.0.0\n")}`);

  await app.unchanged(async () => {
    (await app.hsm("sync")).expect({
      code: 1,
      stdout: "",
      stderr:
        /error: Cannot verify the app: .*\n {2}restored: pyproject\.toml, \[DIR\]\/uv\.lock, \[DIR\]\/\.venv\n/,
    });
  });

  assertEquals(await app.read("../uv.lock"), lock);
});

Deno.test("hsm sync adds the constraint when require becomes false", async () => {
  await using app = await testApp({
    plugins: ["plug-a", { name: "plug-b", dependencies: ["plug-a"] }],
  });
  (await app.hsm("sync")).expect({ code: 0 });
  await app.write(
    "hsm.yaml",
    manifest("  plug-a: { tag: v1.0.0, require: false }\n  plug-b: v1.0.0\n"),
  );

  (await app.hsm("sync")).expect({
    code: 0,
    stdout: `-  plug-a  requirement  plug-a
+  plug-a  constraint   plug-a
`,
  });

  assertMatch(await app.freeze(), /plug-a @ git\+file:/);
  await assertLocked(app);
});

Deno.test("hsm sync takes an extra out that the next version does not have", async () => {
  await using app = await testApp({
    plugins: [{ name: "plug-a", extras: { fast: [] } }],
    manifest: manifest("  plug-a: { tag: v1.0.0, extras: [fast] }\n"),
  });
  (await app.hsm("sync")).expect({ code: 0 });
  await app.plugin("plug-a").release({ name: "plug-a", version: "2.0.0" });
  await app.write("hsm.yaml", manifest("  plug-a: v2.0.0\n"));

  (await app.hsm("check")).expect({ code: 0, stdout: "1 package fits\n" });
  (await app.hsm("sync")).expect({
    code: 0,
    stdout: /^~ {2}plug-a {2}requirement {2}plug-a\[fast\] → plug-a\n~ {2}plug-a {2}source/,
  });
  await assertLocked(app);
});

Deno.test("hsm check takes a requirement for the user's that HSM did not add", async () => {
  await using app = await testApp({
    plugins: ["plug-a"],
    pyproject: APP_PYPROJECT.replace("[]", '["plug-a[fast]"]'),
  });

  const run = await app.hsm("check");

  run.expect({ code: 2, stderr: "" });
  assertStringIncludes(run.stdout, "error: app asks for plug-a[fast], plug-a 1.0.0 has no extras");
});

const UNREQUIRED = manifest("  plug-a: { tag: v1.0.0, require: false }\n");
const OWN_SOURCE = '[tool.uv.sources]\nplug-a = { path = "../elsewhere" }\n';

for (
  const [name, options] of [
    ["a package that the user requires", {
      plugins: ["plug-a"],
      manifest: UNREQUIRED,
      pyproject: APP_PYPROJECT.replace("[]", '["plug-a"]'),
    }],
    ["a package that the user requires under a marker", {
      plugins: ["plug-a"],
      pyproject: APP_PYPROJECT.replace("[]", `["plug-a; sys_platform == 'linux'"]`),
    }],
    ["an override", {
      plugins: ["plug-a", { name: "plug-b", dependencies: ["plug-a"], pyproject: OWN_SOURCE }],
      manifest: `${UNREQUIRED}  plug-b: v1.0.0\n`,
    }],
    ["an override of the user's own", {
      plugins: ["plug-a", { name: "plug-b", dependencies: ["plug-a"], pyproject: OWN_SOURCE }],
      manifest: `${UNREQUIRED}  plug-b: v1.0.0\n`,
      pyproject: `${APP_PYPROJECT}\n[tool.uv]\noverride-dependencies = ["plug-a"]\n`,
    }],
    ["an override of the user's own for a package without a source in the way", {
      plugins: ["plug-a", { name: "plug-b", dependencies: ["plug-a"] }],
      manifest: `${UNREQUIRED}  plug-b: v1.0.0\n`,
      pyproject: `${APP_PYPROJECT}\n[tool.uv]\noverride-dependencies = ["plug-a"]\n`,
    }],
    ["a package that nobody needs", { plugins: ["plug-a"], manifest: UNREQUIRED }],
  ] as const
) {
  Deno.test(`hsm sync --locked agrees with hsm sync on ${name}`, async () => {
    await using app = await testApp(options);
    (await app.hsm("sync")).expect({ code: 0 });

    await assertLocked(app);
    await app.untouched(async () => {
      const cold = { XDG_CACHE_HOME: `${app.folder}/cold` };
      (await app.hsmWith(cold, "sync", "--locked")).expect({ code: 0, stdout: "" });
      (await app.hsmWith(cold, "inject", "--dry-run")).expect({ code: 0, stdout: "" });
    });
  });
}

Deno.test("hsm sync --locked agrees with hsm sync on a package that nobody needs any more", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  (await app.hsm("sync")).expect({ code: 0 });
  await app.write("hsm.yaml", UNREQUIRED);

  (await app.hsm("sync")).expect({ code: 0, stderr: / - plug-a==1\.0\.0/ });
  await assertLocked(app);
});

Deno.test("hsm sync --locked says so where a package newly needs a constraint", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  (await app.hsm("sync")).expect({ code: 0 });
  await app.write("hsm.yaml", UNREQUIRED);

  await app.untouched(async () => {
    (await app.hsm("sync", "--locked")).expect({
      code: 1,
      stdout: "",
      stderr: /\n {2}\+constraint-dependencies = \[\n {2}\+ {4}"plug-a",\n/,
    });
  });
});

Deno.test("hsm sync overrides with every extra where it is asked for", async () => {
  await using app = await testApp({
    plugins: [
      {
        name: "plug-a",
        dependencies: ["plug-b[fast]; sys_platform == 'linux'", "plug-b"],
        pyproject: '[tool.uv.sources]\nplug-b = { path = "../elsewhere" }\n',
      },
      { name: "plug-b", extras: { fast: ["plug-c"] } },
      "plug-c",
    ],
    manifest: manifest(
      `  plug-a: v1.0.0
  plug-b: { tag: v1.0.0, require: false }
  plug-c: { tag: v1.0.0, require: false }
`,
    ),
  });

  const run = await app.hsm("sync");

  run.expect({ code: 0 });
  assertStringIncludes(
    run.stdout,
    `+  plug-b  override     plug-b
+  plug-b  override     plug-b[fast] ; sys_platform == 'linux'
`,
  );
  if (Deno.build.os === "linux") assertMatch(await app.freeze(), /plug-c @ git\+file:/);
  (await app.hsm("inject")).expect({ code: 0, stdout: "" });
  await assertLocked(app);

  await app.write("hsm.yaml", "packages: {}\n");
  (await app.hsm("sync")).expect({ code: 0 });
  assertEquals(await app.read("pyproject.toml"), APP_PYPROJECT);
});
