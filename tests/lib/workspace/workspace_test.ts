import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import {
  dev,
  HsmError,
  openWorkspace,
  type Reporter,
  silentReporter,
  sync,
  type Workspace,
} from "../../../mod.ts";
import type { Shell } from "../../../lib/process/shell.ts";
import { APP_PYPROJECT, type TestApp, testApp } from "../../harness/app.ts";
import { waitForFile } from "../../harness/fake_uv.ts";
import { must } from "../../harness/program.ts";
import { pluginPyproject, uvProgram } from "../../harness/repository.ts";

/** Opens the app's workspace as a script does. */
function open(app: TestApp, reporter: Reporter = silentReporter()): Promise<Workspace> {
  return openWorkspace({
    directory: app.root,
    env: { ...Deno.env.toObject(), ...app.env },
    reporter,
  });
}

Deno.test("rollback() goes back to the last commit, in files and in memory", async () => {
  await using app = await testApp({ plugins: ["plug-a", "plug-b"] });
  await using workspace = await open(app);
  await dev(workspace, { packages: ["plug-a"] });
  await sync(workspace, { yes: true });
  const before = await app.texts();

  await dev(workspace, { packages: ["plug-b"] });
  await workspace.rollback();
  await sync(workspace);

  assertEquals(await app.texts(), before);
  assertStringIncludes(before["pyproject.toml"] ?? "", "editable = true");
});

Deno.test("what a script's own uv changes goes back too, and HSM's own writes come after it", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  await app.write("local/pyproject.toml", '[project]\nname = "local"\nversion = "1"\n');
  (await app.hsm("sync")).expect({ code: 0 });
  const before = await app.texts();
  {
    await using workspace = await open(app);
    await workspace.pyproject();
    const $ = await workspace.shell();
    await $`uv add --frozen ${join(app.root, "local")}`;
    assertStringIncludes(await workspace.pyproject(), '"local"');
    await dev(workspace, { packages: ["plug-a"] });
    await workspace.flush();
  }
  assertEquals(await app.texts(), before);
});

Deno.test("nothing is committed beside a program of a script, and none outlives the workspace", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  const slowly = (text: string, file: string) =>
    `trap '' TERM; : > ../begun; sleep 0.3; echo '${text}' >> ${file}`;
  const begun = () => waitForFile(join(app.folder, "begun"));
  await app.unchanged(async () => {
    await using workspace = await open(app);
    const $ = await workspace.shell();
    const both = [
      $`sh -c ${slowly("# late", "hsm.yaml")}`,
      $`sh -c ${"sleep 0.1; exit 1"}`,
      $`sleep 3600`,
    ];
    await assertRejects(() => Promise.all(both), HsmError, "it exited with code 1");
  });

  await Deno.remove(join(app.folder, "begun"));
  {
    await using workspace = await open(app);
    const $ = await workspace.shell();
    const running = $`sh -c ${slowly("# kept", "hsm.yaml")}`.spawn();
    await begun();
    await assertRejects(() => workspace.commit(), HsmError, "Cannot commit: `sh` still runs");
    await running;
    await workspace.commit();
  }
  assertStringIncludes(await app.read("hsm.yaml"), "# kept");

  await Deno.remove(join(app.folder, "begun"));
  await app.unchanged(async () => {
    await using workspace = await open(app);
    const $ = await workspace.shell();
    const running = $`sh -c ${slowly("# theirs", "hsm.local.yaml")}`.spawn();
    await begun();
    await dev(workspace, { packages: ["plug-a"] });
    await running;
    assertEquals(workspace.manifest.packages.map((it) => it.mode), ["dev"]);
    const error = await assertRejects(() => workspace.commit(), HsmError);
    assertEquals(error.code, "file-changed");
  });
});

Deno.test("what programs change that a script names by a path, or by a name with a dot, goes back", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  await app.write("write.sh", "#!/bin/sh\necho '# mine' >> hsm.yaml\necho said\n");
  await Deno.chmod(join(app.root, "write.sh"), 0o755);
  const env = { ...Deno.env.toObject(), ...app.env };
  const path = { PATH: `${app.root}:${Deno.env.get("PATH")}` };
  const ways: readonly (($: Shell) => Promise<unknown>)[] = [
    async ($) => await $`./write.sh`,
    async ($) => await $`true && A=b ${join(app.root, "write.sh")}`.text(),
    async ($) => await $`write.sh`.noThrow(),
  ];
  for (const run of ways) {
    await app.unchanged(async () => {
      await using workspace = await openWorkspace({
        directory: app.root,
        env: { ...env, ...path },
        reporter: silentReporter(),
      });
      await run(await workspace.shell());
      assertStringIncludes(await app.read("hsm.yaml"), "# mine");
    });
  }
});

Deno.test("what a script runs is told with the folder that it runs in", async () => {
  await using app = await testApp({ files: { "sub/file": "" } });
  const told: unknown[] = [];
  const reporter: Reporter = {
    ...silentReporter(),
    command: (argv, _, folder) => told.push([argv.join(" "), folder]),
  };
  await using workspace = await openWorkspace({ directory: app.root, reporter, readonly: true });
  const $ = await workspace.shell();
  await $`sh -c true`;
  await $`cd sub && sh -c true`;
  await $`sh -c true`.cwd(join(app.root, "sub"));
  assertEquals(
    told,
    [app.root, `${app.root}/sub`, `${app.root}/sub`].map((it) => ["sh -c true", it]),
  );
});

/** A reporter that keeps the warnings, and what programs say. */
function listening(): { reporter: Reporter; warnings: string[]; output: () => string } {
  const warnings: string[] = [];
  let output = "";
  const reporter: Reporter = {
    ...silentReporter(),
    warn: (message) => void warnings.push(message),
    output: (text) => void (output += text),
  };
  return { reporter, warnings, output: () => output };
}

Deno.test("what a script's programs change in files and environment goes back, and that is told", async () => {
  await using app = await testApp({
    plugins: ["plug-a"],
    pyproject: `${APP_PYPROJECT}\n[project.optional-dependencies]\nx = ["extra"]\n` +
      `[tool.uv.sources]\nextra = { path = "extra" }\n`,
  });
  const local = await pluginPyproject({ name: "extra" });
  await app.write("extra/pyproject.toml", local);
  await app.write("extra/src/extra/__init__.py", "");
  await app.write("other/pyproject.toml", local.replaceAll("extra", "other"));
  await app.write("other/src/other/__init__.py", "");
  const { reporter, warnings, output } = listening();
  {
    // Where there was no environment, there is nothing to go back to.
    await using workspace = await open(app, reporter);
    const $ = await workspace.shell();
    await $`uv venv`;
  }
  assertEquals(warnings.splice(0), ["the environment stays as it is: there was none before"]);

  (await app.hsm("sync")).expect({ code: 0 });
  // The user's own, of which the lock file knows nothing.
  await must([uvProgram(), "pip", "install", "--quiet", "./other"], {
    cwd: app.root,
    env: app.env,
  });
  const [texts, installed] = [await app.texts(), await app.freeze()];
  assertStringIncludes(installed, "other @");

  for (
    const command of [
      ["uv", "sync", "--extra", "x"],
      ["uv", "pip", "uninstall", "plug-a", "other"],
      ["sh", "-c", `"$UV" pip install ./extra`],
    ]
  ) {
    await using workspace = await openWorkspace({
      directory: app.root,
      env: { ...Deno.env.toObject(), ...app.env, UV: uvProgram() },
      reporter,
    });
    const $ = await workspace.shell();
    await $`${command}`;
    assertEquals(await app.freeze() === installed, false, command.join(" "));
    await workspace[Symbol.asyncDispose]();
    assertEquals([await app.texts(), await app.freeze()], [texts, installed], command.join(" "));
    const told = warnings.splice(0);
    assertEquals(told.length, 1, told.join("\n"));
    assertStringIncludes(told[0] ?? "", "left without `commit()`: as before ");
    assertStringIncludes(told[0] ?? "", ".venv");
  }

  {
    await using workspace = await open(app, reporter);
    const $ = await workspace.shell();
    await Promise.all([
      $`sh -c ${"echo '# a' >> hsm.yaml; echo said"}`,
      $`sh -c ${"echo '# b' >> pyproject.toml"}`,
    ]);
    await dev(workspace, { packages: ["plug-a"] });
  }
  assertEquals(await app.texts(), texts);
  assertStringIncludes(output(), "said\n");
  assertEquals(warnings.splice(0), [
    "left without `commit()`: as before are hsm.local.yaml, pyproject.toml, hsm.yaml",
  ]);

  {
    await using workspace = await open(app, reporter);
    await dev(workspace, { packages: ["plug-a"] });
    await workspace.rollback();
    const $ = await workspace.shell();
    await $`git --version`;
    await $`sh -c true`;
    await $`uv pip install --quiet ./extra`;
    await workspace.commit();
  }
  assertEquals(warnings, []);
  assertStringIncludes(await app.freeze(), "extra @");
});
