import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { type TestApp, testApp } from "./harness/app.ts";
import { type Run, start } from "./harness/program.ts";
import { uvProgram } from "./harness/repository.ts";

const PROJECT = fromFileUrl(new URL("..", import.meta.url));

/** Runs an example in the app's folder, with no more permissions than docs/scripting.md tells users to give. */
function example(app: TestApp, name: string): Promise<Run> {
  return start([
    Deno.execPath(),
    "run",
    "--quiet",
    "--no-prompt",
    "--cached-only",
    "--allow-read",
    "--allow-write",
    "--allow-env",
    `--allow-run=git,${uvProgram()}`,
    `--config=${PROJECT}deno.json`,
    `${PROJECT}examples/${name}.ts`,
  ], { cwd: app.root, env: app.env }).ended;
}

Deno.test("examples/quickstart.ts clones, maps, injects and syncs", async () => {
  await using app = await testApp({
    plugins: ["plug-a", "plug-b"],
    files: { "hsm.local.yaml": "packages:\n  plug-a:\n    mode: dev\n" },
  });

  (await example(app, "quickstart")).expect({
    code: 0,
    stdout: `2 packages, 1 of them in dev mode
add requirement of plug-a
add requirement of plug-b
add source of plug-a
add source of plug-b
`,
    stderr: "",
  });

  const freeze = await app.freeze();
  assertMatch(freeze, /^-e file:\/\/\[DIR\]\/app\/packages\/plug-a$/m);
  assertMatch(freeze, /^plug-b @ git\+file:/m);
});

Deno.test("examples/custom_task.ts tests what the main branches hold, and rolls back", async () => {
  await using app = await testApp({
    plugins: ["app-test"],
    pyproject: `[project]
name = "app"
version = "0.1.0"
requires-python = ">=3.9"
dependencies = []
`,
  });
  await app.plugin("app-test").commit(
    "src/app_test/__init__.py",
    'def run():\n    print("main branch")\n',
  );

  await app.unchanged(async () => {
    (await example(app, "custom_task")).expect({ code: 0, stdout: "main branch\n", stderr: "" });
  });
});

Deno.test("examples/dry_run.ts prints the diff and changes nothing", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });

  await app.untouched(async () => {
    const run = await example(app, "dry_run");
    run.expect({ code: 0, stderr: "" });
    assertStringIncludes(run.stdout, '+dependencies = ["plug-a"]\n');
  });
  assertEquals(await app.list("."), ["hsm.yaml", "pyproject.toml"]);

  (await app.hsm("sync")).expect({ code: 0 });
  (await example(app, "dry_run")).expect({
    code: 0,
    stdout: "pyproject.toml is as hsm.yaml says\n",
    stderr: "",
  });
});

Deno.test("examples/ci.ts passes when all is up to date, and else shows the difference", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });

  await app.untouched(async () => {
    const run = await example(app, "ci");
    run.expect({
      code: 1,
      stdout: "",
      stderr: /does not match hsm\.yaml\n--- a\/pyproject\.toml\n/,
    });
    assertStringIncludes(run.stderr, "run `hsm sync` and commit what it changes\n");
  });

  (await app.hsm("sync")).expect({ code: 0 });
  (await example(app, "ci")).expect({ code: 0, stdout: "up to date\n", stderr: "" });
});
