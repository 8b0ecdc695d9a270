/** The main path, the same for each package manager. */

import { assertEquals, assertMatch } from "@std/assert";
import type { TestApp } from "../harness/app.ts";
import { MANAGERS } from "../harness/managers.ts";

async function peek(app: TestApp, file: string): Promise<string | undefined> {
  return await app.exists(file) ? await app.read(file) : undefined;
}

const PLUGINS = [
  { name: "plug-a" },
  { name: "plug-c", dependencies: ["plug-t>=1"] },
  { name: "plug-t" },
] as const;

const PACKAGES = `packages:
  plug-a: v1.0.0
  plug-c: { tag: v1.0.0, mode: dev }
  plug-t: { tag: v1.0.0, require: false }
`;

for (const manager of MANAGERS) {
  const { label, lockFile, name, sourcesIn } = manager;

  Deno.test(`${label}: from the manifest to the environment, to and fro`, async () => {
    await using app = await manager.app({
      dependencies: ["idna"],
      plugins: PLUGINS,
      manifest: PACKAGES,
    });
    const own = () =>
      Promise.all(["pyproject.toml", "requirements.txt"].map((it) => peek(app, it)));
    const before = await own();
    await app.plugin("plug-a").release({ ...PLUGINS[0], version: "1.2.0" });
    (await app.hsm("sync", "--yes")).expect({ code: 0 });
    const synced = await app.read(sourcesIn);
    assertMatch(
      synced,
      new RegExp(`^${RegExp.escape(manager.devLine("plug-c", "packages/plug-c"))}$`, "m"),
    );
    const value = (module: string) => app.python(`import ${module}; print(${module}.VALUE)`);
    assertEquals([await value("plug_a"), await value("plug_c"), await value("plug_t")], [
      "1.0.0",
      "1.0.0",
      "1.0.0",
    ]);
    // An edit is seen at once.
    await app.write("packages/plug-c/src/plug_c/__init__.py", 'VALUE = "edited"\n');
    assertEquals(await value("plug_c"), "edited");
    (await app.hsm("diff", "--exit-code")).expect({
      code: 0,
      stderr: "A sync would change nothing\n",
    });
    (await app.hsm("check")).expect({ code: 0 });
    await app.untouched(async () => (await app.hsm("sync", "--locked")).expect({ code: 0 }));

    // One line for the source, and the lock file, are another.
    (await app.hsm("prod", "plug-c")).expect({ code: 0, stdout: "plug-c  dev \u2192 prod\n" });
    assertEquals(await value("plug_c"), "1.0.0");
    const prod = await app.read(sourcesIn);
    const lines = synced.split("\n");
    assertEquals(prod.split("\n").filter((line, at) => line !== lines[at]).length, 1);
    const locked = await app.read(lockFile);

    (await app.hsm("pin", "plug-a", "v1.2.0")).expect({ code: 0 });
    assertEquals(await value("plug_a"), "1.2.0");
    (await app.hsm("status")).expect({
      code: 0,
      stdout: /^plug-a +prod +v1\.2\.0 +- +1\.2\.0 .* +ok$/m,
    });

    (await app.hsm("undo")).expect({ code: 0 });
    assertEquals([await app.read(sourcesIn), await app.read(lockFile)], [prod, locked]);
    assertEquals(await value("plug_a"), "1.0.0");

    // Without packages nothing of it is left.
    await Deno.remove(`${app.root}/hsm.local.yaml`);
    await app.write("hsm.yaml", `adapter: ${name}\npackages: {}\n`);
    (await app.hsm("sync")).expect({ code: 0 });
    assertEquals(await own(), before);
    if (sourcesIn !== "pyproject.toml") assertEquals(await app.exists(sourcesIn), false);
  });
}
