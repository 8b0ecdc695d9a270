import { assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { inject, install, map, openWorkspace, silentReporter, sync, syncWorkspace } from "@hsm/hsm";
import { installWorkspace } from "@hsm/hsm";
import type { Workspace } from "@hsm/hsm";
import { testApp } from "../harness/app.ts";

/** What scripts of 0.1 say where they mean `install()`. */
const OLD =
  "sync() after inject() installs what was injected, as it did in 0.1: call install() instead; 0.3 syncs anew here";

Deno.test("sync() after inject() installs what a script has injected, as in 0.1, and says what to call", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  (await app.hsm("sync")).expect({ code: 0 });
  const pinned = await app.freeze();
  await app.plugin("plug-a").commit("src/plug_a/__init__.py", 'VALUE = "main"\n');
  const warnings: string[] = [];
  const reporter = { ...silentReporter(), warn: (it: string) => void warnings.push(it) };
  const opening = {
    directory: app.root,
    env: { ...Deno.env.toObject(), ...app.env },
    reporter,
  };
  const injectNewest = async (workspace: Workspace) => {
    const { sources } = await map(workspace);
    await inject(workspace, {
      sources: sources.map((it) => {
        if (it.source.kind !== "git") return it;
        return { ...it, source: { kind: "git", git: it.source.git } };
      }),
    });
  };
  await using workspace = await openWorkspace(opening);
  await injectNewest(workspace);
  const { synced } = await sync(workspace);
  assertEquals(synced?.adapter, "uv");
  assertNotEquals(await app.freeze(), pinned);
  // What is committed is installed: from here on a sync is a sync.
  await sync(workspace);
  assertEquals(await app.freeze(), pinned);
  assertEquals(warnings, [OLD]);

  // These went by the manifest in 0.1 as well, whatever was injected before.
  const inject01 = { until: "inject" } as const;
  for (const again of [() => syncWorkspace(workspace), () => sync(workspace, inject01)]) {
    await injectNewest(workspace);
    await again();
    assertEquals(await app.freeze(), pinned);
    assertStringIncludes(await app.read("pyproject.toml"), 'tag = "v1.0.0"');
  }
  assertEquals(warnings, [OLD]);
});

Deno.test("installWorkspace() is install()", () => {
  assertEquals(installWorkspace, install);
});
