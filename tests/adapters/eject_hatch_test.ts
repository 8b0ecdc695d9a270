/** What is left of an app in Hatch's environment without hsm. */

import { assertEquals } from "@std/assert";
import { testApp } from "../harness/app.ts";
import { hatchEnvironment } from "../harness/hatch.ts";
import { must } from "../harness/program.ts";
import { uvProgram } from "../harness/repository.ts";

Deno.test("hatch: hsm eject leaves the line by which Hatch installs what is locked", async () => {
  const command = "pre-install-commands = [\n" +
    `    '"{env:HATCH_UV:uv}" pip install --quiet --no-sources -r "{root}/pylock.hsm.toml"',\n]\n`;
  const pyproject = `[project]
name = "app"
version = "0.1.0"
requires-python = ">=3.9"
dependencies = ["plug-a>=1", "plug-c"]

[build-system]
requires = ["uv_build>=0.7"]
build-backend = "uv_build"

[tool.hatch.envs.default]
installer = "uv"
`;
  await using app = await testApp({
    plugins: ["plug-a", { name: "plug-c", dependencies: ["plug-t>=1"] }, "plug-t"],
    manifest:
      `adapter: pip\nenvironment: hatch\ngit: {remotes}/{name}\npackages:\n  plug-a: v1.0.0\n  plug-c: { tag: v1.0.0, mode: dev }\n  plug-t: { tag: v1.0.0, require: false }\n`,
    pyproject,
    files: { "src/app/__init__.py": "" },
    env: await hatchEnvironment(),
  });
  (await app.hsm("sync", "--yes")).expect({ code: 0 });
  const before = await app.texts();
  const run = (...command: string[]) => must(command, { cwd: app.root, env: app.env });
  const hatch = (...args: string[]) => run("hatch", ...args);
  const folder = (await hatch("env", "find")).trim();
  const freeze = () => run(uvProgram(), "pip", "freeze", "-q", "-p", folder);
  const frozen = await freeze();

  (await app.hsm("eject")).expect({ code: 0 });

  assertEquals(await app.read("pyproject.toml"), pyproject + command);
  await hatch("env", "remove", "default");
  await hatch("run", "python", "-c", "import app, plug_a, plug_c, plug_t");
  assertEquals(await freeze(), frozen);
  (await app.hsm("undo")).expect({ code: 0 });
  assertEquals(await app.texts(), before);
});
