/** An app in a repository that others push to, the same for each package manager. */

import { assertEquals, assertMatch } from "@std/assert";
import { WHOLE } from "../harness/managers.ts";
import { PulledApp } from "../harness/pulled_app.ts";

for (const manager of WHOLE) {
  const { label, lockFile, sourcesIn, edit: [ownFile] } = manager;

  Deno.test(`${label}: what is committed is prod, and what others push is taken in`, async () => {
    await using it = await PulledApp.make(
      await manager.options({
        plugins: [{ name: "plug-a" }, { name: "plug-b" }],
        manifest: "packages:\n  plug-a: v1.0.0\n  plug-b: v1.0.0\n",
      }),
    );
    const { app } = it;
    const value = (module: string) => app.python(`import ${module}; print(${module}.VALUE)`);
    await app.plugin("plug-b").release({ name: "plug-b", version: "1.2.0" });

    // What comes from this machine is told of each file that says so.
    await it.git("add", "-A");
    (await app.hsm("check", "--prod", "--staged")).expect({
      code: 2,
      stdout: new RegExp(
        `plug-a {2}${RegExp.escape(sourcesIn)}:\\d+[^]*plug-a {2}${lockFile}:\\d+`,
      ),
    });
    await it.git("reset", "-q");

    // The user's own edit stays, whatever comes.
    await it.edit(ownFile, (text) => `# mine\n${text}`);
    await it.push({
      "hsm.yaml": (text) => text.replace("plug-b: v1.0.0", "plug-b: v1.2.0"),
      [sourcesIn]: (text) => text.replace(/(plug-b.*)v1\.0\.0/, "$1v1.2.0"),
    });
    (await app.hsm("pull", "--app")).expect({ code: 0 });
    assertEquals(await value("plug_b"), "1.2.0");
    assertMatch(await app.read(ownFile), /^# mine$/m);
    const line = RegExp.escape(manager.devLine("plug-a", "packages/plug-a"));
    assertMatch(await app.read(sourcesIn), new RegExp(`^${line}$`, "m"));

    (await app.hsm("prod", "plug-a")).expect({ code: 0 });
    await it.git("add", "-A");
    (await app.hsm("check", "--prod", "--staged")).expect({ code: 0 });
    assertEquals(
      await it.git("diff", "--cached", "--stat", "--format=", "--", ownFile),
      ` ${ownFile} | 1 +\n 1 file changed, 1 insertion(+)\n`,
    );
    (await app.hsm("sync", "--locked")).expect({ code: 0 });
  });
}
