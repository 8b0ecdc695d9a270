/** What comes and goes in the manifest, and what is only looked at, the same for each package manager. */

import { assertEquals, assertMatch } from "@std/assert";
import { WHOLE } from "../harness/managers.ts";

const PLUGINS = [{ name: "plug-a" }, { name: "plug-b", dependencies: ["plug-a>=1"] }] as const;

for (const manager of WHOLE) {
  const { label, name, lockFile } = manager;

  Deno.test(`${label}: packages come and go, move on and are made`, async () => {
    await using app = await manager.app({
      dependencies: ["idna"],
      plugins: PLUGINS,
      manifest: "packages:\n  plug-a: v1.0.0\n",
    });
    await app.plugin("plug-a").release({ ...PLUGINS[0], version: "1.2.0" });
    const value = (module: string) => app.python(`import ${module}; print(${module}.VALUE)`);
    (await app.hsm("sync")).expect({ code: 0 });
    const first = await app.texts();

    (await app.hsm("add", "plug-b", "--tag", "v1.0.0", "--json")).expect({ code: 0 });
    assertEquals(await value("plug_b"), "1.0.0");
    (await app.hsm("outdated")).expect({ code: 0, stdout: "plug-a  v1.0.0  \u2192 v1.2.0\n" });
    (await app.hsm("update")).expect({ code: 0, stdout: "plug-a  v1.0.0 \u2192 v1.2.0\n" });
    assertEquals(await value("plug_a"), "1.2.0");
    (await app.hsm("new", "plug-n")).expect({
      code: 0,
      stdout: /^\+ {2}plug-n {2}packages\/plug-n {2}origin is file:/,
    });
    await app.python("import plug_n");

    await app.untouched(async () => {
      const prod = "prod: v1";
      (await app.hsm("graph")).expect({
        code: 0,
        // What a pin of git's needs uv.lock does not say.
        stdout: new RegExp(
          "^app\n" +
            `\u251c\u2500\u2500 plug-a  ${prod}.2.0\n` +
            `\u251c\u2500\u2500 plug-b  ${prod}.0.0\n` +
            `\u2502   \u2514\u2500\u2500 plug-a (?:>=1 )? ?${prod}.2.0\n` +
            "\u2514\u2500\u2500 plug-n  dev: packages/plug-n\n$",
        ),
      });
      (await app.hsm("exec", "--", "git", "log", "--format=%s")).expect({
        code: 0,
        stdout: /Begin plug-n/,
      });
      (await app.hsm("check", "--resolve")).expect({
        code: 0,
        stdout: /^3 packages fit, and \w+ finds a solution too$/m,
      });
      (await app.hsm("map")).expect({ code: 0, stdout: /^plug-n +dev +packages\/plug-n/m });
      (await app.hsm("doctor")).expect({
        code: 0,
        stdout: new RegExp(
          `^ok +${manager.program ?? name} +\\d+\\.[^]*^ok +${
            RegExp.escape(lockFile)
          } +it matches [^]*^ok +environment`,
          "m",
        ),
      });
    });

    // Who still requires it is told, before somebody else's package of that name is taken.
    const manifest = await app.read("hsm.yaml");
    (await app.hsm("remove", "plug-a", "--no-sync")).expect({
      code: 0,
      stderr: /^warning: plug-a is still required by plug-b: /m,
    });
    await app.write("hsm.yaml", manifest);

    (await app.hsm("remove", "plug-b", "plug-n")).expect({ code: 0 });
    (await app.hsm("pin", "plug-a", "v1.0.0")).expect({ code: 0 });
    assertEquals(await app.texts(), first);
    (await app.hsm("sync", "--dry-run", "--json")).expect({ code: 0 });
    (await app.hsm("diff", "--exit-code")).expect({ code: 0 });
    await Deno.rename(`${app.root}/.venv`, `${app.root}/.away`);
    (await app.hsm("diff", "--exit-code")).expect({
      code: 1,
      stdout: /^there is no environment$|^ \+ plug-a==1\.0\.0/m,
    });
    await Deno.rename(`${app.root}/.away`, `${app.root}/.venv`);
    assertMatch((await app.hsm("status", "--json")).stdout, /"version": "1\.0\.0"/);
  });
}
