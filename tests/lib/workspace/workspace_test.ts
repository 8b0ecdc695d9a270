import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { dev, openWorkspace, syncWorkspace, type Workspace } from "../../../mod.ts";
import { type TestApp, testApp } from "../../harness/app.ts";

/** Opens the app's workspace as a script does. */
function open(app: TestApp): Promise<Workspace> {
  return openWorkspace({ directory: app.root, env: { ...Deno.env.toObject(), ...app.env } });
}

Deno.test("rollback() goes back to the last commit, in files and in memory", async () => {
  await using app = await testApp({ plugins: ["plug-a", "plug-b"] });
  await using workspace = await open(app);
  await dev(workspace, { packages: ["plug-a"] });
  await syncWorkspace(workspace, { yes: true });
  const before = await app.texts();

  await dev(workspace, { packages: ["plug-b"] });
  await workspace.rollback();
  await syncWorkspace(workspace);

  assertEquals(await app.texts(), before);
  assertStringIncludes(before["pyproject.toml"] ?? "", "editable = true");
});

Deno.test("what a script's own uv changes goes back too, and HSM's own writes come after it", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  await app.write("local/pyproject.toml", '[project]\nname = "local"\nversion = "1"\n');
  (await app.hsm("sync")).expect({ code: 0 });
  const before = await app.texts();
  {
    await using workspace = await open(app);
    await workspace.pyproject();
    const $ = await workspace.shell();
    await $`uv add --frozen ${join(app.root, "local")}`;
    assertStringIncludes(await workspace.pyproject(), '"local"');
    await dev(workspace, { packages: ["plug-a"] });
    await workspace.flush();
  }
  assertEquals(await app.texts(), before);
});
