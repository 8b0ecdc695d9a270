import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { type TestApp, testApp } from "./harness/app.ts";
import { type Run, start } from "./harness/program.ts";
import { uvProgram } from "./harness/repository.ts";

const PROJECT = fromFileUrl(new URL("..", import.meta.url));

/** Runs an example in the app's folder, with no more permissions than docs/scripting.md tells users to give. */
function example(app: TestApp, name: string): Promise<Run> {
  return runScript(app, `${PROJECT}examples/${name}.ts`);
}

function runScript(app: TestApp, path: string): Promise<Run> {
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
    path,
  ], { cwd: app.root, env: app.env }).ended;
}

Deno.test("examples/quickstart.ts clones, maps, injects and syncs", async () => {
  await using app = await testApp({
    plugins: ["plug-a", "plug-b"],
    files: { "hsm.local.yaml": "packages:\n  plug-a:\n    mode: dev\n" },
  });

  (await example(app, "quickstart")).expect({
    code: 0,
    // What uv says while it works goes to standard error.
    stderr: /^(?:.*\n)* \+ plug-b==1\.0\.0 /,
    stdout: `2 packages, 1 of them in dev mode
add requirement of plug-a
add requirement of plug-b
add source of plug-a
add source of plug-b
`,
  });

  const freeze = await app.freeze();
  assertMatch(freeze, /^-e file:\/\/\[DIR\]\/app\/packages\/plug-a$/m);
  assertMatch(freeze, /^plug-b @ git\+file:/m);
});

Deno.test("examples/custom_task.ts tries the newest commits, and leaves all as it was", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  (await app.hsm("sync")).expect({ code: 0 });
  await app.plugin("plug-a").commit("src/plug_a/__init__.py", 'VALUE = "main"\n');
  const installed = await app.freeze();

  await app.unchanged(async () => {
    const run = await example(app, "custom_task");
    run.expect({ code: 0, stdout: "", stderr: /\n \+ plug-a==1\.0\.0 \(from git\+file:/ });
    assertMatch(run.stderr, /\nAll installed packages are compatible\n$/);
  });
  assertEquals(await app.freeze(), installed);
});

Deno.test("each example runs as it stands in a workspace that hsm has just made", async () => {
  await using app = await testApp();
  await Deno.remove(`${app.root}/hsm.yaml`);
  (await app.hsm("init")).expect({ code: 0 });
  (await app.hsm("new", "fresh")).expect({ code: 0 });
  for await (const { name } of Deno.readDir(`${PROJECT}examples`)) {
    await app.unchanged(async () => {
      (await example(app, name.replace(/\.ts$/, ""))).expect({ code: 0 });
    });
  }
});

Deno.test("the nightly script of docs/scripting.md leaves files and environment as they were", async () => {
  await using app = await testApp({
    plugins: [{ name: "pytest", pyproject: '[project.scripts]\npytest = "pytest:main"\n' }],
  });
  (await app.hsm("sync")).expect({ code: 0 });
  const docs = await Deno.readTextFile(`${PROJECT}docs/scripting.md`);
  const script = /```ts\n((?:(?!```)[^])*fromMain[^]*?)```/.exec(docs)?.[1] ?? "";
  await Deno.writeTextFile(`${app.folder}/nightly.ts`, script);
  const [texts, installed] = [await app.texts(), await app.freeze()];

  for (const [status, left] of [[0, ""], [1, "error: Cannot run `uv run pytest` in "]] as const) {
    const tests =
      `import sys\ndef main():\n    print("main, ${status}")\n    sys.exit(${status})\n`;
    await app.plugin("pytest").commit("src/pytest/__init__.py", tests);
    const run = await runScript(app, `${app.folder}/nightly.ts`);
    run.expect({ code: status, stdout: "" });
    assertStringIncludes(run.stderr, `main, ${status}\n`);
    assertStringIncludes(run.stderr, left);
    assertEquals([await app.texts(), await app.freeze()], [texts, installed]);
  }
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
  (await example(app, "ci")).expect({ code: 0, stdout: "up to date\n" });
});
