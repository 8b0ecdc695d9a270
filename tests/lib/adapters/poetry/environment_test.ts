/** What a script's programs do to Poetry's environment goes back, by a real Poetry. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { openWorkspace, silentReporter } from "../../../../mod.ts";
import { ALL, type Manager, managersNamed } from "../../../harness/managers.ts";
import { must } from "../../../harness/program.ts";
import { pluginPyproject, uvProgram } from "../../../harness/repository.ts";

for (const manager of ALL ? managersNamed("poetry") : []) {
  Deno.test(`${manager.label}: what a script's programs install and remove goes back`, async () => {
    await goesBack(manager);
  });
}

async function goesBack(manager: Manager): Promise<void> {
  await using app = await manager.app({
    dependencies: ["idna"],
    plugins: [{ name: "plug-a" }],
    manifest: "packages:\n  plug-a: v1.0.0\n",
  });
  (await app.hsm("sync")).expect({ code: 0 });
  // The user's own, of which the lock file knows nothing.
  for (const name of ["other", "extra"]) {
    await app.write(
      `${name}/pyproject.toml`,
      await pluginPyproject({ name, backend: manager.backend }),
    );
    await app.write(`${name}/src/${name}/__init__.py`, "");
  }
  const { env, root } = app;
  const python = join(root, ".venv/bin/python");
  await must(
    [uvProgram(), "pip", "install", "--python", python, "--quiet", "./other", "sniffio"],
    {
      cwd: root,
      env,
    },
  );
  const [texts, installed] = [await app.texts(), await app.freeze()];
  assertStringIncludes(installed, "other @ file:");

  const warnings: string[] = [];
  {
    await using workspace = await openWorkspace({
      directory: root,
      env: { ...Deno.env.toObject(), ...env },
      reporter: { ...silentReporter(), warn: (message) => void warnings.push(message) },
    });
    const $ = await workspace.shell();
    await $`${uvProgram()} pip install --python ${python} --quiet ./extra`;
    await $`${uvProgram()} pip uninstall --python ${python} --quiet plug-a other sniffio`;
    assertStringIncludes(await app.freeze(), "extra @ file:");
  }
  assertEquals([await app.texts(), await app.freeze()], [texts, installed], warnings.join("\n"));
  assertEquals(warnings, ["left without `commit()`: as before is .venv"]);
}
