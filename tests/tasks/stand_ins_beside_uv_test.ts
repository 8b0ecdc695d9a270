import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { APP_PYPROJECT } from "../harness/app.ts";
import { StandInApp } from "../harness/stand_ins.ts";
import { writeWheel } from "../harness/wheel.ts";

/** An app with an index of its own, in a folder. */
const INDEXED = {
  plugins: ["my-plugin"],
  pyproject: `${APP_PYPROJECT}
[[tool.uv.index]]
name = "local"
url = "../index"
format = "flat"
default = true
`,
  env: { UV_NO_CONFIG: "0" },
};

Deno.test("a stand-in outlives every command of uv's that installs what is locked", async () => {
  await using it = await StandInApp.make(INDEXED, async ({ app }) => {
    await Deno.mkdir(join(app.folder, "index"));
    for (const version of ["1.0.0", "1.1.0"]) {
      await writeWheel(join(app.folder, "index"), "helper", version);
    }
  });
  const { app } = it;
  await it.dev("my-plugin");
  await app.write("script.py", "import my_plugin; print(my_plugin.VALUE)\n");
  await it.commit("Add a script");
  const commands = [
    "sync",
    "sync --locked",
    "sync --inexact",
    "sync --refresh",
    "sync -U",
    "sync --no-editable",
    "sync --frozen --no-install-project",
    "run true",
    "run --exact true",
    "lock --upgrade",
    "pip check",
    "pip list",
    "pip freeze",
    "pip install helper",
    "tree",
    "sync",
  ];
  for (const command of commands) {
    await it.uv(...command.split(" "));
    await it.assertStanding("my-plugin", `uv ${command}`);
    await it.assertClean(`uv ${command}`);
  }
  for (const command of ["run script.py", "run --with helper script.py"]) {
    assertEquals((await it.uv(...command.split(" "))).stdout, "1.3.0.dev0\n", command);
    await it.assertStanding("my-plugin", `uv ${command}`);
  }
  for (const command of ["add helper==1.0.0", "remove helper"]) {
    await it.uv(...command.split(" "));
    await it.assertStanding("my-plugin", `uv ${command}`);
  }
  // Of what uv has added and removed, it leaves a line break.
  await app.git(".", "diff", "--exit-code", "uv.lock");
  await app.git(".", "checkout", "-q", "pyproject.toml");
  await it.assertClean("added and removed");
  // To uv it is the pin; what is installed says itself what it is.
  assertMatch((await it.uv("pip", "freeze")).stdout, /^my-plugin @ git\+file:.*@[\da-f]{40}$/m);
  assertStringIncludes((await it.uv("pip", "list")).stdout, "my-plugin 1.0.0");
  assertStringIncludes((await it.uv("tree")).stdout, "my-plugin v1.0.0");
  assertStringIncludes(
    (await it.uv("sync", "--locked", "--dry-run")).stderr,
    "Would make no changes",
  );
  await it.uv("sync", "--locked", "--check");
  await it.uv("sync", "--compile-bytecode");
  await it.assertStanding("my-plugin", "uv sync --compile-bytecode");
  assertEquals(await it.agrees(), true);
});

Deno.test("what uv undoes of a stand-in is told, and the next hsm sync mends it", async () => {
  await using it = await StandInApp.make();
  const { app } = it;
  await it.dev("my-plugin");
  const standing = await it.status();
  assertEquals(standing, {
    "my-plugin": { kind: "stand-in", path: join("[DIR]/app/packages/my-plugin"), for: "v1.0.0" },
  });
  const undoings = [
    ["sync", "--reinstall"],
    ["sync", "--reinstall-package", "my-plugin"],
    ["venv", "--clear"],
    ["pip", "uninstall", "my-plugin"],
    ["pip", "install", "--no-deps", "-e", "packages/my-plugin"],
    ["pip", "install", "--no-deps", "--reinstall", "packages/my-plugin"],
  ];
  for (const args of undoings) {
    const where = `uv ${args.join(" ")}`;
    await it.uv(...args);
    assertEquals(await it.status(), { "my-plugin": ["environment"] }, where);
    (await app.hsm("status", "--exit-code")).expect({ code: 1 });
    (await app.hsm("sync")).expect({ code: 0 });
    await it.assertStanding("my-plugin", where);
    assertEquals(await it.status(), standing, where);
    await it.assertClean(where);
  }
  // What hsm itself is told to install anew stands in all the same.
  for (const args of [["--reinstall"], ["--reinstall-package", "my-plugin"]]) {
    (await app.hsm("sync", "--", ...args)).expect({ code: 0 });
    await it.assertStanding("my-plugin", args.join(" "));
  }
  (await app.hsm("prod", "my-plugin")).expect({ code: 0 });
  await it.assertFresh();
});
