import { ALL, managersNamed } from "../harness/managers.ts";
import { Mover } from "./moves.ts";

for (const manager of managersNamed("pip")) {
  for (const environment of manager.environment === undefined ? [undefined, "own"] : [undefined]) {
    const where = environment === undefined ? "its own" : "one of its user's";
    Deno.test(`${manager.label}: a signal while uv locks or installs into ${where} ends it, and files and environment are as before`, async () => {
      await using mover = await Mover.make(manager, environment);
      await mover.interruptAll(ALL ? 6 : 2);
    });
  }
}

Deno.test("pip: what is left of an environment that was not finished is told, with the way out", async () => {
  const [manager] = managersNamed("pip");
  await using app = await manager!.app({
    plugins: [{ name: "plug-a" }],
    manifest: "packages:\n  plug-a: v1.0.0\n",
  });
  // uv was killed while it made one.
  await app.write(".venv/pyvenv.cfg", "home = /usr/bin\n");
  await app.unchanged(async () => {
    (await app.hsm("sync")).expect({
      code: 1,
      stderr:
        /\n  cause: there is something at \.venv that is no whole environment\n.*\nhint: remove it, or name another folder under `environment:` in hsm\.yaml\n$/,
    });
  });
  await Deno.remove(`${app.root}/.venv`, { recursive: true });
  (await app.hsm("sync")).expect({ code: 0 });
});
