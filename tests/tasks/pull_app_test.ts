import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { PulledApp } from "../harness/pulled_app.ts";

Deno.test("hsm pull --app fast-forwards while a package is in dev mode, which git pull refuses", async () => {
  await using pulled = await PulledApp.make();
  const { app } = pulled;
  await app.plugin("plug-b").release({ name: "plug-b", version: "1.1.0" });
  await pulled.pushSynced({ "hsm.yaml": (it) => it.replace("plug-b: v1.0.0", "plug-b: v1.1.0") });
  const refused = await pulled.git("pull").then(() => "", (error) => String(error));
  assertStringIncludes(refused, "would be overwritten by merge");

  const run = await app.hsm("pull", "--app");

  run.expect({
    code: 0,
    stdout: "the app  updated: 1 new commit of origin/main, by fast-forward\n",
  });
  assertEquals(await pulled.git("rev-parse", "HEAD"), await pulled.git("rev-parse", "origin/main"));
  assertStringIncludes(
    await app.read("pyproject.toml"),
    'plug-a = { path = "packages/plug-a", editable = true }',
  );
  assertStringIncludes(await app.read("pyproject.toml"), 'tag = "v1.1.0"');
  assertStringIncludes(await app.freeze(), "plug-b @ git+file://[DIR]/remotes/plug-b@");
  // The only difference to what is committed is the mode.
  (await app.hsm("prod", "plug-a")).expect({ code: 0 });
  assertEquals(await pulled.git("status", "--porcelain"), "");
});
