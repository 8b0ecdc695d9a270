import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { APP_PYPROJECT } from "../harness/app.ts";
import { makeRepository } from "../harness/repository.ts";
import { StandInApp } from "../harness/stand_ins.ts";
import { writeWheel } from "../harness/wheel.ts";

Deno.test("hsm update and hsm pin move the pin, for which the checkout stands in from then on", async () => {
  await using it = await StandInApp.make({ plugins: ["my-plugin", "other"] });
  const { app } = it;
  await it.dev("my-plugin");
  await it.release("my-plugin", "1.1.0");
  const stands = async (version: string) => {
    await it.assertStanding("my-plugin", version);
    assertEquals((await it.status())["my-plugin"], {
      kind: "stand-in",
      path: "[DIR]/app/packages/my-plugin",
      for: version,
    });
    assertEquals(await it.agrees(), true);
    assertEquals(
      await it.installed(/^my_plugin.*info$/),
      [`my_plugin-${version.replace("v", "")}.dist-info`],
    );
    assertStringIncludes(await app.read("pyproject.toml"), `my-plugin", tag = "${version}" }`);
  };
  (await app.hsm("update", "my-plugin")).expect({ code: 0 });
  await stands("v1.1.0");
  (await app.hsm("update", "my-plugin", "--to", "v1.0.0")).expect({ code: 0 });
  await stands("v1.0.0");
  (await app.hsm("pin", "my-plugin", "v1.1.0")).expect({ code: 0 });
  // What is pinned is in production.
  assertEquals(await it.imported("my-plugin"), "1.1.0 1.1.0");
  await it.assertFresh();
});

Deno.test("hsm pin makes a pin of what a checkout that stands in has committed and pushed", async () => {
  await using it = await StandInApp.make();
  const { app } = it;
  await it.dev("my-plugin");
  const head = (await app.git("packages/my-plugin", "rev-parse", "HEAD")).trim();
  (await app.hsm("pin", "my-plugin")).expect({ code: 0 });
  assertStringIncludes(await app.read("pyproject.toml"), `rev = "${head}"`);
  assertEquals(await it.installed(), ["my_plugin", "my_plugin-1.3.0.dev0.dist-info"]);
  await it.assertFresh();
});

Deno.test("hsm remove takes a package out with its checkout standing in, and hsm add lets another one stand in", async () => {
  await using it = await StandInApp.make({ plugins: ["plug-a", "plug-b"] });
  const { app } = it;
  await it.dev("plug-a", "plug-b");
  (await app.hsm("remove", "plug-a")).expect({ code: 0 });
  assertEquals((await it.installed()).filter((name) => name.includes("plug_a")), []);
  await it.assertStanding("plug-b");
  await app.write("hsm.local.yaml", `inject: environment\n${await app.read("hsm.local.yaml")}`);
  const path = join(app.folder, "remotes/plug-c");
  app.plugins.set("plug-c", await makeRepository(path, { name: "plug-c" }, app.env));
  await it.advance({ name: "plug-c" });
  (await app.hsm("add", "plug-c", "--dev", "--yes")).expect({ code: 0 });
  await it.assertStanding("plug-c");
  assertStringIncludes(await app.read("pyproject.toml"), 'plug-c", tag = "v1.0.0" }');
  assertEquals(await it.agrees(), true);
  (await app.hsm("remove", "plug-b", "plug-c")).expect({ code: 0 });
  assertEquals(await it.installed(), []);
  await it.assertFresh();
});

Deno.test("hsm add --inject environment names what the app has from elsewhere, without a pin, and a checkout stands in", async () => {
  const index =
    '\n[[tool.uv.index]]\nname = "index"\nurl = "../index"\nformat = "flat"\ndefault = true\n';
  const pyproject = APP_PYPROJECT.replace("[]", '["plug-index"]') + index;
  const manifest = "git: {remotes}/{name}\npackages:\n";
  const plugins = ["plug-index", "plug-other"];
  const options = { plugins, pyproject, manifest, env: { UV_NO_CONFIG: "0" } };
  await using it = await StandInApp.make(options, async ({ app }) => {
    await Deno.mkdir(join(app.folder, "index"));
    await writeWheel(join(app.folder, "index"), "plug-index", "1.0.0");
  });
  const { app } = it;
  (await app.hsm("dev", "plug-index", "--inject", "environment")).expect({
    code: 2,
    stderr: `error: Cannot find \`plug-index\` in hsm.yaml
hint: hsm.yaml names no packages yet; \`hsm add plug-index --dev --inject environment\` adds it
`,
  });
  (await app.hsm("add", "plug-index", "--inject", "environment")).expect({
    code: 0,
    stdout: "+  plug-index  no pin  prod\n",
    stderr: "",
  });
  const named = `git: file://${app.folder}/remotes/{name}
packages:
  plug-index:
    inject: environment
`;
  assertEquals(await app.read("hsm.yaml"), named);
  assertEquals(await app.git(".", "status", "--porcelain"), " M hsm.yaml\n");
  (await app.hsm("remove", "plug-index")).expect({ code: 0 });
  await it.assertClean();

  (await app.hsm("add", "plug-index", "--dev", "--inject", "environment", "--yes")).expect({
    code: 0,
    stdout: "+  plug-index  no pin  dev\n",
  });
  assertEquals(await app.read("hsm.yaml"), named);
  assertEquals(await app.read("hsm.local.yaml"), "packages:\n  plug-index:\n    mode: dev\n");
  assertEquals(await app.git(".", "status", "--porcelain"), " M hsm.yaml\n");
  await it.assertStanding("plug-index");
  await app.untouched(async () => {
    (await app.hsm("add", "plug-other", "--dev", "--inject", "environment", "--yes")).expect({
      code: 2,
      stderr:
        /: packages\/plug-other is to stand in for plug-other, which has no pin and is not in uv\.lock$/m,
    });
  });
  (await app.hsm("add", "plug-other", "--tag", "v1.0.0", "--inject", "environment")).expect({
    code: 0,
  });
  assertEquals(
    await app.read("hsm.yaml"),
    `${named}  plug-other:\n    tag: v1.0.0\n    inject: environment\n`,
  );
});

Deno.test("hsm sync --locked lets a checkout stand in, and changes no file", async () => {
  await using it = await StandInApp.make();
  const { app } = it;
  await app.hsm("dev", "my-plugin", "--inject", "environment", "--yes", "--no-sync");
  (await app.hsm("clone", "--yes")).expect({ code: 0 });
  await app.untouched(async () => {
    (await app.hsm("sync", "--locked")).expect({ code: 0 });
    await it.assertStanding("my-plugin");
    await it.uv("sync", "--reinstall-package", "my-plugin");
    (await app.hsm("sync", "--locked")).expect({ code: 0 });
    await it.assertStanding("my-plugin", "reinstalled");
  });
  // A lock file that is out of date stays so, and nothing is installed.
  await app.write("pyproject.toml", (await app.read("pyproject.toml")).replace("3.9", "3.10"));
  const tree = it.tree();
  await app.untouched(async () => {
    (await app.hsm("sync", "--locked")).expect({ code: 1 });
  });
  assertEquals(it.tree(), tree);
  await it.assertStanding("my-plugin", "out of date");
});

Deno.test("hsm sync --dry-run and hsm diff change nothing, with what a checkout is to stand in for", async () => {
  await using it = await StandInApp.make();
  const { app } = it;
  await app.hsm("dev", "my-plugin", "--inject", "environment", "--yes", "--no-sync");
  (await app.hsm("clone", "--yes")).expect({ code: 0 });
  const tree = it.tree();
  await app.untouched(async () => {
    for (
      const command of ["sync --dry-run", "diff", "status", "check", "list", "graph", "doctor"]
    ) {
      await app.hsm(...command.split(" "));
      assertEquals(it.tree(), tree, command);
    }
  });
});
