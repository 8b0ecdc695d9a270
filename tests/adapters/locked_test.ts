/** What a lock file holds a sync to, the same for each package manager. */

import { assertEquals } from "@std/assert";
import { WHOLE } from "../harness/managers.ts";

for (const manager of WHOLE) {
  const { label, lockFile, sourcesIn, edit: [file, from, to] } = manager;

  Deno.test(`${label}: with --locked a lock file that is none of these files' is told`, async () => {
    await using app = await manager.app({
      plugins: [{ name: "plug-a" }],
      manifest: "packages:\n  plug-a: v1.0.0\n",
    });
    (await app.hsm("sync")).expect({ code: 0 });
    const text = await app.read(file);
    await app.write(file, text.replace(from, to));
    await app.untouched(async () => {
      (await app.hsm("sync", "--locked")).expect({
        code: 1,
        stderr: new RegExp(
          `Cannot sync the app: the lock file does not match ${RegExp.escape(sourcesIn)}`,
        ),
      });
    });
    await Deno.remove(`${app.root}/${lockFile}`);
    await app.write(file, text);
    (await app.hsm("sync", "--locked")).expect({ code: 1 });
    assertEquals(await app.exists(lockFile), false);
  });

  Deno.test(`${label}: a tag that has moved is taken in the way that the check says`, async () => {
    await using app = await manager.app({
      plugins: [{ name: "plug-a" }],
      manifest: "packages:\n  plug-a: v1.0.0\n",
    });
    const value = () => app.python("import plug_a; print(plug_a.VALUE)");
    (await app.hsm("sync")).expect({ code: 0 });
    const plugin = app.plugin("plug-a");
    await plugin.commit("src/plug_a/__init__.py", 'VALUE = "moved"\n');
    await plugin.git("tag", "-f", "-a", "v1.0.0", "-m", "v1.0.0");
    (await app.hsm("sync")).expect({ code: 0 });
    assertEquals(await value(), "1.0.0");
    const check = await app.hsm("check");
    const [, args = ""] = /fix: `hsm (sync -- .*)` takes it$/m.exec(check.stdout) ?? [];
    await app.untouched(async () => {
      const [sync = "", ...rest] = args.split(" ");
      const { code } = await app.hsm(sync, "--locked", ...rest);
      assertEquals(code === 0, false);
    });
    (await app.hsm(...args.split(" "))).expect({ code: 0 });
    assertEquals(await value(), "moved");
  });
}
