import { assertEquals, assertStringIncludes } from "@std/assert";
import { StandInApp } from "../harness/stand_ins.ts";

Deno.test("hsm dev NAME --inject environment, edits, hsm sync and hsm prod: the app's files stay as they are, to the byte", async () => {
  await using it = await StandInApp.make();
  const { app } = it;
  const holds = async (where: string) => {
    await it.assertClean(where);
    await it.assertStanding("my-plugin", where);
  };
  const files = ["pyproject.toml", "uv.lock", "hsm.yaml", ".gitignore"];
  const texts = () => Promise.all(files.map((file) => app.read(file)));
  const before = await texts();
  (await it.dev("my-plugin")).expect({
    code: 0,
    stdout: "my-plugin  prod → dev  packages/my-plugin stands in for v1.0.0; " +
      "pyproject.toml and uv.lock stay as they are\n",
  });
  assertEquals(
    await app.read("hsm.local.yaml"),
    "packages:\n  my-plugin:\n    mode: dev\n    inject: environment\n",
  );
  await holds("dev");
  assertEquals(await it.agrees(), true);

  // Code is seen at once.
  const module = "packages/my-plugin/src/my_plugin/__init__.py";
  await app.write(module, (await app.read(module)).replace("1.3.0.dev0", "edited"));
  assertEquals(await app.python("import my_plugin; print(my_plugin.VALUE)"), "edited");
  await app.git("packages/my-plugin", "checkout", "-q", ".");
  // A new entry point with the next sync.
  const pyproject = "packages/my-plugin/pyproject.toml";
  await app.write(pyproject, `${await app.read(pyproject)}\n[project.gui-scripts]\nmore = "a:b"\n`);
  assertEquals(await it.agrees(), false);
  (await app.hsm("sync")).expect({ code: 0 });
  assertStringIncludes(
    await it.imported("my-plugin"),
    "1.3.0.dev0 more my-plugin my-plugin-command",
  );
  assertEquals(await it.agrees(), true);
  await it.assertClean("edited");

  await app.git("packages/my-plugin", "checkout", "-q", ".");
  (await app.hsm("prod", "my-plugin")).expect({
    code: 0,
    stdout: "my-plugin  dev → prod\n",
  });
  await it.assertClean("prod");
  assertEquals(await texts(), before);
  assertEquals(await it.imported("my-plugin"), "1.0.0 1.0.0");
  await it.assertFresh();
  // How it is worked on is kept for the next time.
  assertEquals(
    await app.read("hsm.local.yaml"),
    "packages:\n  my-plugin:\n    inject: environment\n",
  );
  (await app.hsm("dev", "my-plugin")).expect({ code: 0 });
  await holds("dev again");
});

Deno.test("hsm dev NAME --inject switches in place between the app's files and the environment", async () => {
  await using it = await StandInApp.make();
  const { app } = it;
  await it.dev("my-plugin");

  (await app.hsm("dev", "my-plugin", "--inject", "pyproject")).expect({ code: 0 });
  assertEquals(await app.read("hsm.local.yaml"), "packages:\n  my-plugin:\n    mode: dev\n");
  assertStringIncludes(
    await app.read("pyproject.toml"),
    'my-plugin = { path = "packages/my-plugin", editable = true }',
  );
  await it.assertStanding("my-plugin", "pyproject");
  assertEquals((await it.installed()).includes("_hsm.pth"), false);
  await it.assertFresh(/uv_cache\.json$|RECORD$/);

  await it.dev("my-plugin");
  await it.assertClean();
  await it.assertStanding("my-plugin", "environment");
  (await app.hsm("prod", "my-plugin")).expect({ code: 0 });
  await it.assertFresh();
});

Deno.test("inject: environment at the top is the rule for all packages, and --shared makes it everybody's", async () => {
  await using it = await StandInApp.make({ plugins: ["plug-a", "plug-b"] });
  const { app } = it;
  await app.write("hsm.local.yaml", "inject: environment\n");
  (await app.hsm("dev", "plug-a", "--yes")).expect({ code: 0 });
  assertEquals(
    await app.read("hsm.local.yaml"),
    "inject: environment\npackages:\n  plug-a:\n    mode: dev\n",
  );
  await it.assertClean();
  await it.assertStanding("plug-a");
  assertEquals(await it.imported("plug-b"), "1.0.0 1.0.0");

  // What the rule says need not be said of a package.
  (await app.hsm("dev", "plug-b", "--inject", "environment", "--yes")).expect({ code: 0 });
  assertEquals(
    await app.read("hsm.local.yaml"),
    "inject: environment\npackages:\n  plug-a:\n    mode: dev\n  plug-b:\n    mode: dev\n",
  );
  for (const name of ["plug-a", "plug-b"]) await it.assertStanding(name);
  (await app.hsm("prod", "--all")).expect({ code: 0 });
  assertEquals(await app.read("hsm.local.yaml"), "inject: environment\n");
  await it.assertFresh();

  await Deno.remove(`${app.root}/hsm.local.yaml`);
  await app.write("hsm.yaml", `inject: environment\n${await app.read("hsm.yaml")}`);
  await it.commit("Let checkouts stand in");
  (await app.hsm("dev", "plug-a")).expect({ code: 0 });
  await it.assertClean();
  await it.assertStanding("plug-a");
  (await app.hsm("dev", "plug-a", "--inject", "pyproject")).expect({ code: 0 });
  assertEquals(
    await app.read("hsm.local.yaml"),
    "packages:\n  plug-a:\n    mode: dev\n    inject: pyproject\n",
  );
  await it.assertStanding("plug-a");
  (await app.hsm("prod", "plug-a")).expect({ code: 0 });
  assertEquals(await app.read("hsm.local.yaml"), "packages:\n  plug-a:\n    inject: pyproject\n");
  await it.assertClean();
  await it.assertFresh();

  await app.write("hsm.yaml", (await app.read("hsm.yaml")).replace("inject: environment\n", ""));
  (await app.hsm("dev", "plug-b", "--inject", "environment", "--shared")).expect({ code: 0 });
  assertStringIncludes(
    await app.read("hsm.yaml"),
    "  plug-b: { tag: v1.0.0, mode: dev, inject: environment }\n",
  );
  await it.assertStanding("plug-b");
  assertEquals(await app.git(".", "status", "--porcelain"), " M hsm.yaml\n");
});
