import { assertEquals } from "@std/assert";
import { APP_PYPROJECT, testApp } from "../harness/app.ts";
import { pluginPyproject } from "../harness/repository.ts";

Deno.test("hsm map shows where packages come from, and writes nothing", async () => {
  await using app = await testApp({
    plugins: ["plug-a", { name: "plug-b", folder: "python/b" }, "Plug.C"],
    manifest: `git: {remotes}/{name}
packages:
  plug-a: v1.0.0
  plug-b: { tag: v1.0.0, subdirectory: python/b, mode: dev }
  Plug.C: { branch: main }
`,
  });
  await app.git(".", "clone", "-q", app.plugin("plug-b").url, "packages/plug-b");
  const before = await app.list(".");

  (await app.hsm("map")).expect({
    code: 0,
    stdout: `plug-a  prod  file://[DIR]/remotes/plug-a @ v1.0.0
plug-b  dev   packages/plug-b/python/b (editable)
Plug.C  prod  file://[DIR]/remotes/Plug.C @ main
`,
    stderr: "",
  });

  assertEquals(await app.list("."), before);
  assertEquals((await app.hsm("map", "--json", "plug-b", "plug_c")).json(), {
    sources: [
      {
        package: "plug-b",
        mode: "dev",
        source: { kind: "path", path: "packages/plug-b/python/b" },
      },
      {
        package: "Plug.C",
        mode: "prod",
        source: { kind: "git", git: `${app.plugin("Plug.C").url}`, branch: "main" },
      },
    ].map((it) => JSON.parse(JSON.stringify(it).replaceAll(app.folder, "[DIR]"))),
  });
});

Deno.test("hsm map finds the folder in the repository that has the package's name", async () => {
  await using app = await testApp({
    plugins: [{ name: "plug-a", folder: "libs/a" }],
    files: { "hsm.local.yaml": "mode: dev\n" },
  });
  await app.git(".", "clone", "-q", app.plugin("plug-a").url, "packages/plug-a");

  (await app.hsm("map")).expect({
    code: 0,
    stdout: "plug-a  dev  packages/plug-a/libs/a (editable)\n",
  });

  await app.write(
    "packages/plug-a/again/pyproject.toml",
    await pluginPyproject({ name: "Plug_A" }),
  );
  (await app.hsm("map")).expect({
    code: 2,
    stderr:
      `error: Cannot find plug-a in its checkout: packages/plug-a/again, packages/plug-a/libs/a all have this name
hint: set \`subdirectory\` of plug-a in hsm.yaml to again or libs/a
`,
  });
});

Deno.test("hsm map says what is missing", async () => {
  await using app = await testApp({
    plugins: ["plug-a"],
    files: { "hsm.local.yaml": "mode: dev\n" },
  });

  (await app.hsm("map")).expect({
    code: 2,
    stdout: "",
    stderr: `error: Cannot map plug-a: packages/plug-a is missing
hint: run \`hsm clone plug-a\`
`,
  });

  await app.git(".", "init", "-q", "packages/plug-a");
  (await app.hsm("map")).expect({
    code: 2,
    stderr:
      /^error: Cannot find plug-a in its checkout: packages\/plug-a has no commit on its branch \w+\n/,
  });
});

Deno.test("hsm map tells a member of the app's uv workspace as uv is told, and others by their place", async () => {
  await using app = await testApp({
    plugins: ["plug-a", "plug-b"],
    pyproject: `${APP_PYPROJECT}\n[tool.uv.workspace]\nmembers = ["packages/*"]\n`,
    files: { "hsm.local.yaml": "mode: dev\npackages:\n  plug-b: { path: ../plug-b }\n" },
  });
  (await app.hsm("clone", "--yes")).expect({ code: 0 });
  (await app.hsm("map")).expect({
    code: 0,
    stdout: "plug-a  dev  packages/plug-a (workspace member)\n" +
      "plug-b  dev  ../plug-b (editable)\n",
    stderr: "",
  });
  (await app.hsm("inject")).expect({
    code: 0,
    stdout:
      /plug-a +source +\{ workspace = true \}\n[^]*plug-b +source +\{ path = "\.\.\/plug-b", /,
  });
});
