import { assertEquals } from "@std/assert";
import { testApp } from "../harness/app.ts";
import { appWithNamesake, SETTINGS } from "../harness/namesake.ts";

Deno.test("hsm remove takes out what hsm added, and leaves the checkout", async () => {
  await using app = await testApp({ plugins: ["my-plugin", "other"] });
  const pyproject = await app.read("pyproject.toml");
  (await app.hsm("sync")).expect({ code: 0 });
  (await app.hsm("dev", "my-plugin", "--yes")).expect({ code: 0 });

  (await app.hsm("remove", "My.Plugin", "other")).expect({
    code: 0,
    stdout: "-  my-plugin\n-  other\n",
    stderr: /(?:^|\n)packages\/my-plugin stays as it is; delete it when you need it no longer\n$/,
  });

  assertEquals(await app.read("pyproject.toml"), pyproject);
  assertEquals(await app.exists("hsm.local.yaml"), false);
  assertEquals((await app.read("hsm.yaml")).includes("my-plugin"), false);
  assertEquals(await app.exists("packages/my-plugin/.git"), true);
  assertEquals(await app.freeze(), "");
});

Deno.test("hsm remove --no-sync only edits the manifest, and mentions work that is nowhere else", async () => {
  await using app = await testApp({ plugins: ["my-plugin", "other"] });
  await app.git(".", "clone", "-q", app.plugin("my-plugin").url, "packages/my-plugin");
  await app.write("packages/my-plugin/notes.txt", "mine\n");
  const pyproject = await app.read("pyproject.toml");

  const run = await app.hsm("remove", "my-plugin", "--no-sync", "--json");

  run.expect({
    code: 0,
    stderr: "warning: packages/my-plugin stays as it is; it holds work that is nowhere else\n",
  });
  assertEquals(run.json(), {
    removed: [{ package: "my-plugin", checkout: "packages/my-plugin" }],
  });
  assertEquals(await app.read("pyproject.toml"), pyproject);
  assertEquals(
    (await app.read("hsm.yaml")).replace(/^git: .*\n/, ""),
    "packages:\n  other: v1.0.0\n",
  );
});

Deno.test("hsm remove asks before it takes out what was not named one by one", async () => {
  await using app = await testApp({ plugins: ["plug-a", "plug-b", "other"] });

  await app.untouched(async () => {
    for (const [word, shown] of [["plug-*", "'plug-*'"], ["Plug_?", "'Plug_?'"]] as const) {
      (await app.hsm("remove", word, "--no-sync")).expect({
        code: 2,
        stdout: "",
        stderr: `error: Cannot remove plug-a, plug-b: nobody said yes
hint: run \`hsm remove --yes ${shown} --no-sync\`
`,
      });
    }
    (await app.hsm("remove", "--all")).expect({ code: 2, stderr: /plug-a, plug-b, other: nobody/ });
  });

  (await app.hsm("remove", "plug-*", "--no-sync", "-y")).expect({
    code: 0,
    stdout: "-  plug-a\n-  plug-b\n",
  });
  (await app.hsm("list")).expect({ code: 0, stdout: "other\n" });
});

Deno.test("hsm remove says what is wrong before anything is touched", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });

  await app.untouched(async () => {
    (await app.hsm("remove", "my-plugin", "my-plugni")).expect({
      code: 2,
      stdout: "",
      stderr: `error: Cannot find \`my-plugni\` in hsm.yaml
hint: did you mean \`my-plugin\`?
`,
    });
    (await app.hsm("remove")).expect({
      code: 2,
      stdout: "",
      stderr: `error: Cannot run hsm remove: it needs a NAME
hint: run \`hsm remove --help\` for its options
`,
    });
  });
});

Deno.test("hsm remove puts everything back when the app cannot do without the package", async () => {
  await using app = await testApp({
    plugins: [{ name: "outer", dependencies: ["inner"] }, "inner"],
  });
  (await app.hsm("sync")).expect({ code: 0 });
  await app.git(".", "clone", "-q", app.plugin("inner").url, "packages/inner");

  await app.unchanged(async () => {
    const run = await app.hsmWith({ UV_OFFLINE: "1" }, "remove", "inner");
    assertEquals(run.code, 1, run.stderr);
    assertEquals(run.stdout, "");
    assertEquals(
      run.stderr.split("\n")[0],
      "warning: inner is still required by outer: without hsm.yaml uv takes what has that name on " +
        "an index, whoever it is from; take the requirement out too, or keep inner",
    );
    assertEquals(run.stderr.includes("stays as it is"), false, run.stderr);
  });

  assertEquals(await app.python("import inner; print(inner.VALUE)"), "1.0.0");
});

Deno.test("hsm remove warns, before uv does it, that a namesake takes the package's place", async () => {
  await using app = await appWithNamesake("wheel");
  (await app.hsmWith(SETTINGS, "sync")).expect({ code: 0 });
  const warning =
    "warning: plug is still required by the app: without hsm.yaml uv takes what has " +
    "that name on an index, whoever it is from; take the requirement out too, or keep plug\n";

  const run = await app.hsmWith(SETTINGS, "remove", "plug");

  assertEquals([run.code, run.stdout], [0, "-  plug\n"]);
  assertEquals(run.stderr.startsWith(warning), true, run.stderr);
  assertEquals(await app.python("import plug; print(plug.VALUE)"), "99");
});

Deno.test("hsm remove says nothing of a namesake where whoever requires the package has a source for it", async () => {
  await using app = await testApp({ plugins: ["inner", "outer"] });
  await app.plugin("outer").release({
    name: "outer",
    version: "2.0.0",
    dependencies: ["inner>=1"],
    pyproject: `\n[tool.uv.sources]\ninner = { git = "${app.plugin("inner").url}" }\n`,
  });
  const manifest = await app.read("hsm.yaml");
  await app.write("hsm.yaml", manifest.replace("outer: v1.0.0", "outer: v2.0.0"));
  (await app.hsm("sync")).expect({ code: 0 });

  const run = await app.hsm("remove", "inner");

  assertEquals(run.code, 0, run.stderr);
  assertEquals(run.stderr.includes("still required"), false, run.stderr);
  assertEquals(await app.python("import inner; print(inner.VALUE)"), "1.0.0");
});
