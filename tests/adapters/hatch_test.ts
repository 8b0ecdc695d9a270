/** pip's files in Hatch's environment, with the real Hatch. */

import { assertEquals, assertMatch } from "@std/assert";
import { type TestApp, testApp } from "../harness/app.ts";
import { ALL } from "../harness/managers.ts";
import { hatchEnvironment } from "../harness/hatch.ts";
import { must } from "../harness/program.ts";
import { uvProgram } from "../harness/repository.ts";

/** uv builds all of it without the network. */
const PYPROJECT = `[project]
name = "app"
version = "0.1.0"
requires-python = ">=3.9"
dependencies = ["plug-a>=1", "plug-c"]

[build-system]
requires = ["uv_build>=0.7"]
build-backend = "uv_build"

[tool.hatch.envs.default]
installer = "uv"
dependencies = ["plug-t"]
`;

const MANIFEST = `adapter: pip
environment: hatch
git: {remotes}/{name}
`;

const PACKAGES = `packages:
  plug-a: v1.0.0
  plug-c: { tag: v1.0.0, mode: dev }
  plug-t: { tag: v1.0.0, require: false }
`;

const PLUGINS = [
  { name: "plug-a" },
  { name: "plug-c", dependencies: ["plug-t>=1"] },
  { name: "plug-t" },
] as const;

const COMMAND = `pre-install-commands = [
    '"{env:HATCH_UV:uv}" pip install --quiet --no-sources -r "{root}/pylock.hsm.toml"',
]
`;

async function hatchApp(files = {}): Promise<TestApp> {
  return await testApp({
    plugins: PLUGINS,
    manifest: MANIFEST + PACKAGES,
    pyproject: PYPROJECT,
    files: { "src/app/__init__.py": "", ...files },
    env: await hatchEnvironment(),
  });
}

async function hatch(app: TestApp, ...args: string[]): Promise<string> {
  const { root, env } = app;
  return (await must(["hatch", ...args], { cwd: root, env })).trim();
}

async function freeze({ root: cwd, env }: TestApp, folder: string): Promise<string> {
  return await must([uvProgram(), "pip", "freeze", "-q", "-p", folder], { cwd, env });
}

const VALUES = "import app, plug_a, plug_c, plug_t; print(plug_a.VALUE, plug_c.VALUE)";

Deno.test("hatch: what hsm installs and what hatch makes by itself are the same", async () => {
  await using app = await hatchApp();
  (await app.hsm("sync", "--yes")).expect({ code: 0 });
  assertMatch(await app.read("pyproject.toml"), new RegExp(RegExp.escape(COMMAND)));
  assertEquals(await app.exists(".venv"), false);
  const folder = await hatch(app, "env", "find");
  const synced = await freeze(app, folder);
  await app.write("packages/plug-c/src/plug_c/__init__.py", 'VALUE = "edited"\n');

  // As on the machine of somebody who has Hatch only.
  await hatch(app, "env", "remove", "default");
  assertEquals(await hatch(app, "run", "python", "-c", VALUES), "1.0.0 edited");
  assertEquals(await freeze(app, folder), synced);
  await app.untouched(async () => (await app.hsm("sync", "--locked")).expect({ code: 0 }));
  await app.git("packages/plug-c", "checkout", "-q", ".");

  // What Hatch is told is the same in each mode.
  const told = await app.read("pyproject.toml");
  (await app.hsm("prod", "plug-c")).expect({ code: 0 });
  assertEquals(await app.read("pyproject.toml"), told);
  assertMatch(await freeze(app, folder), /^plug-c @ git\+/m);
});

Deno.test("hatch: an environment that does not come to be is none, and files are as before", async () => {
  await using app = await hatchApp({
    "pyproject.toml": PYPROJECT + 'pre-install-commands = ["exit 3"]\n',
  });
  await app.hsm("clone", "--yes");
  // Hatch's table is none of the packages.
  const { packages } = JSON.parse((await app.hsm("diff", "--json")).stdout);
  assertEquals(packages.map((it: { package: string }) => it.package), [
    "plug-a",
    "plug-c",
    "plug-t",
  ]);
  const folder = await hatch(app, "env", "find");
  await app.unchanged(async () => {
    (await app.hsm("sync")).expect({
      code: 1,
      stderr: `Creating environment: default
Running pre-installation commands
pre-install [1] | exit 3
Failed with exit code: 3
error: Cannot sync the app: \`hatch env create default\` exited with code 3
  cause: the command \`exit 3\` of Hatch's environment failed
  restored: requirements-hsm.txt, constraints-hsm.txt, pyproject.toml, pylock.hsm.toml
hint: correct it among the pre-install-commands or post-install-commands
`,
    });
  });
  assertEquals(await Deno.lstat(folder).catch(() => undefined), undefined);
  await app.write("pyproject.toml", PYPROJECT);
  (await app.hsmWith({ HSM_HATCH: "/nowhere/hatch" }, "sync")).expect({
    code: 2,
    stderr: `error: Cannot find Hatch: there is no program /nowhere/hatch
hint: correct HSM_HATCH, which names it, or unset it
`,
  });
});

if (ALL) {
  Deno.test("hatch: by pip, by hatch.toml, and with what its environment needs itself", async () => {
    await using app = await hatchApp({
      "pyproject.toml": PYPROJECT.replace(/\n\[tool\.hatch[^]*/, ""),
      "hatch.toml": '[envs.default]\ndependencies = ["iniconfig"]\n',
    });
    const told = [await app.read("pyproject.toml"), await app.read("hatch.toml")];
    (await app.hsm("sync", "--yes")).expect({ code: 0 });
    assertEquals(await app.read("pyproject.toml"), told[0]);
    assertMatch(await app.read("hatch.toml"), new RegExp(RegExp.escape(COMMAND)));
    const folder = await hatch(app, "env", "find");
    const synced = await freeze(app, folder);
    assertMatch(synced, /^iniconfig==/m);
    await hatch(app, "env", "remove", "default");
    await hatch(app, "env", "create");
    assertEquals(await freeze(app, folder), synced);
    await app.write("hsm.yaml", (await app.read("hsm.yaml")).replace("environment: hatch\n", ""));
    (await app.hsm("sync")).expect({ code: 0 });
    assertEquals([await app.read("pyproject.toml"), await app.read("hatch.toml")], told);
  });

  Deno.test("hatch: another environment is one's own choice, or everybody's", async () => {
    await using app = await hatchApp();
    (await app.hsm("sync", "--yes")).expect({ code: 0 });
    // One's own choice of another environment is nobody else's.
    await app.write("hsm.local.yaml", "environment: .venv\n");
    const told = await app.read("pyproject.toml");
    (await app.hsm("sync")).expect({ code: 0 });
    assertEquals(await app.read("pyproject.toml"), told);
    assertEquals(await app.python(VALUES), "1.0.0 1.0.0");
    // Where it is everybody's nothing of it is left.
    await app.write("hsm.yaml", (await app.read("hsm.yaml")).replace("environment: hatch\n", ""));
    (await app.hsm("sync")).expect({ code: 0 });
    assertEquals(await app.read("pyproject.toml"), PYPROJECT);
    // Nothing is written for what cannot be had.
    await app.write("hsm.local.yaml", "environment: hatch\n");
    await app.write("pyproject.toml", PYPROJECT + "skip-install = true\n");
    await app.unchanged(async () => {
      (await app.hsm("sync")).expect({
        code: 2,
        stderr:
          `error: Cannot use Hatch's default environment: with skip-install Hatch runs no pre-install-commands, and would not install what hsm does
hint: take it out of [tool.hatch.envs.default], or name a folder under \`environment:\` in hsm.yaml
`,
      });
    });
  });

  for (const signal of ["SIGINT", "SIGKILL"] as const) {
    Deno.test(`hatch: what ${signal} leaves of its environment is made whole by the next sync`, async () => {
      await using app = await hatchApp();
      await app.hsm("clone", "--yes");
      const folder = await hatch(app, "env", "find");
      const running = app.start("sync");
      while (await Deno.lstat(folder).then(() => false, () => true)) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      running.kill(signal);
      await running.ended;
      (await app.hsm("sync")).expect({ code: 0 });
      assertEquals(await hatch(app, "run", "python", "-c", VALUES), "1.0.0 1.0.0");
    });
  }
}
