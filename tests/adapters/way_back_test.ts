/** The ways back, the same for each package manager. */

import { assertEquals } from "@std/assert";
import { WAY_BACK } from "../harness/managers.ts";

for (const manager of WAY_BACK) {
  const { label } = manager;

  Deno.test(`${label}: what fails half way is as before, the environment too`, async () => {
    await using app = await manager.app({
      plugins: [
        { name: "plug-a" },
        { name: "plug-b", dependencies: ["idna>=3.7"] },
        { name: "plug-d", dependencies: ["idna<3"] },
      ],
      manifest: "packages:\n  plug-a: v1.0.0\n",
    });
    await app.plugin("plug-a").release({ name: "plug-a", version: "1.2.0" });
    (await app.hsm("sync")).expect({ code: 0 });
    const freeze = await app.freeze();
    const manifest = await app.read("hsm.yaml");

    // No solution: told before anything is written, and by the package manager where nobody looked.
    await app.write("hsm.yaml", `${manifest}  plug-b: v1.0.0\n  plug-d: v1.0.0\n`);
    await app.unchanged(async () => {
      const run = await app.hsm("sync", "--no-check");
      assertEquals([run.code, /plug-[bd].*idna/.test(run.stderr)], [1, true], run.stderr);
    });
    assertEquals(await app.freeze(), freeze);

    // The verify command fails once all is installed.
    await app.write("hsm.yaml", `${manifest.replace("v1.0.0", "v1.2.0")}verify: ["false"]\n`);
    await app.unchanged(async () => {
      (await app.hsm("sync")).expect({ code: 1, stderr: /Cannot verify the app/ });
    });
    assertEquals(await app.freeze(), freeze);
  });
}
