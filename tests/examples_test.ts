import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { type TestApp, testApp } from "./harness/app.ts";
import { must, type Run, start } from "./harness/program.ts";
import { uvProgram } from "./harness/repository.ts";
import { scriptCommand, startTool } from "./harness/tool.ts";

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

Deno.test("examples/events.ts logs how long each step took, and what came of it", async () => {
  await using app = await testApp({
    plugins: ["plug-a"],
    files: { "hsm.local.yaml": "packages: { plug-a: { mode: dev } }\n" },
  });
  const logged = async (code: number) =>
    (await example(app, "events")).expect({ code }).stdout
      .replaceAll(/^\d\d:\d\d:\d\d {2}/gm, "").replaceAll(/\d+\.\d s$/gm, "N s");
  assertEquals(
    await logged(0),
    `Cloned plug-a into packages/plug-a
Cloning plug-a: N s
Reading what plug-a needs: N s
uv lock: N s
uv sync --frozen: N s
committed pyproject.toml, .gitignore, uv.lock
`,
  );
  await app.write("hsm.local.yaml", "");
  await app.write("hsm.yaml", `${await app.read("hsm.yaml")}verify: [git nonsense]\n`);
  assertMatch(
    await logged(1),
    /\ngit nonsense: N s\nuv sync --frozen: N s\nas before: pyproject.toml, uv.lock, .venv\n$/,
  );
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

Deno.test("the nightly script of docs/reference/scripting.md leaves files and environment as they were", async () => {
  await using app = await testApp({
    plugins: [{ name: "pytest", pyproject: '[project.scripts]\npytest = "pytest:main"\n' }],
  });
  (await app.hsm("sync")).expect({ code: 0 });
  const docs = await Deno.readTextFile(`${PROJECT}docs/reference/scripting.md`);
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

Deno.test("examples/nightly.ts tries each plugin's newest commit by itself, and leaves files and environment", async () => {
  await using app = await testApp({ plugins: ["plug-a", "plug-b", "plug-c"] });
  (await app.hsm("sync")).expect({ code: 0 });
  await app.plugin("plug-a").commit("src/plug_a/__init__.py", 'raise Exception("broken")\n');
  await app.plugin("plug-b").commit("src/plug_b/__init__.py", 'VALUE = "main"\n');
  await app.plugin("plug-c").commit("pyproject.toml", "no TOML\n");
  const head = async (name: string) => (await app.plugin(name).git("rev-parse", "HEAD")).trim();
  const installed = await app.freeze();

  await app.unchanged(async () => {
    const run = await start(
      [...scriptCommand("examples/nightly.ts"), "uv", "run", "--no-sync", "python", "-c"]
        .concat("import plug_a, plug_b, plug_c; print(plug_b.VALUE)"),
      { cwd: app.root, env: app.env },
    ).ended;
    run.expect({ code: 1, stderr: "" });
    const [a, b, c] = JSON.parse(run.stdout);
    assertEquals([a.package, a.commit, a.works], ["plug-a", await head("plug-a"), false]);
    assertStringIncludes(a.why, "\nException: broken");
    assertEquals(b, { package: "plug-b", commit: await head("plug-b"), works: true });
    assertEquals([c.package, c.commit, c.works], ["plug-c", await head("plug-c"), false]);
    assertStringIncludes(c.why, "Cannot run `uv sync`");
  });
  assertEquals(await app.freeze(), installed);
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

Deno.test("examples/custom_cli.ts releases a plugin: pushes its tag, pins it for everybody, and syncs", async () => {
  await using app = await releasableApp();
  const tool = (...args: string[]) =>
    startTool(app, scriptCommand("examples/custom_cli.ts"), args).ended;
  (await tool("--help")).expect({
    code: 0,
    stderr: "",
    stdout:
      /^What we do with our plugins\.\n\nUsage: mytool COMMAND \[OPTIONS\]\n\nCommands:\n  release  /,
  });
  (await tool("release", "-h")).expect({
    code: 0,
    stdout: /\nUsage: mytool release NAME \[OPTIONS\]\n/,
    stderr: "",
  });
  (await tool("completions", "--complete", "--", "release", "")).expect({
    code: 0,
    stdout: ":package\t\nplug-a\tdev, packages/plug-a\nplug-b\tv1.0.0\n",
    stderr: "",
  });
  await releases(app, tool);
});

Deno.test("examples/custom_cli.ts puts everything back when a release fails", async () => {
  await using app = await releasableApp();
  const tool = (...args: string[]) =>
    startTool(app, scriptCommand("examples/custom_cli.ts"), args).ended;
  await app.unchanged(async () => {
    (await tool("release")).expect({
      code: 2,
      stdout: "",
      stderr: "error: Cannot run mytool release: it needs a NAME\n" +
        "hint: run `mytool release --help` for its options\n",
    });
    // What a program refuses is shown.
    (await tool("release", "plug-b")).expect({
      code: 1,
      stdout: "",
      stderr:
        /^error: Cannot run `uv version --short --directory packages\/plug-b` in \[DIR\]\/app: /m,
    });
    await app.plugin("plug-a").git("tag", "v1.1.0", "v1.0.0");
    (await tool("release", "plug-a")).expect({
      code: 1,
      stdout: "",
      stderr:
        /^error: Cannot run `git -C packages\/plug-a push --quiet --atomic origin HEAD HEAD:refs\/tags\/v1\.1\.0` in \[DIR\]\/app: /m,
    });
    await app.plugin("plug-a").git("tag", "-d", "v1.1.0");

    // The new version does not fit to what the app wants, which is found out after the push.
    const pyproject = await app.read("packages/plug-a/pyproject.toml");
    await app.write(
      "packages/plug-a/pyproject.toml",
      pyproject.replace(/requires-python = ".*"/, 'requires-python = ">=99"'),
    );
    await app.git("packages/plug-a", "commit", "-qam", "Want too much");
    const failed = await tool("release", "plug-a", "--json");
    failed.expect({ code: 2, stderr: "" });
    const { error } = failed.json() as { readonly error: Readonly<Record<string, unknown>> };
    assertEquals(error["code"], "packages-incompatible");
  });
  assertStringIncludes(await app.plugin("plug-a").git("tag"), "v1.1.0");
});

const runtime = Deno.env.get("DENORT_BIN");

Deno.test({
  name: `examples/custom_cli.ts works as an executable${
    runtime ? "" : " (left out, for DENORT_BIN names no runtime)"
  }`,
  ignore: !runtime,
  fn: async () => {
    await using app = await releasableApp();
    const executable = `${app.folder}/mytool`;
    await must([
      ...[Deno.execPath(), "compile", "--quiet", "--no-check", "--cached-only"],
      ...["--no-prompt", "--allow-read", "--allow-write", "--allow-env", "--allow-run"],
      ...[`--config=${PROJECT}deno.json`, `--output=${executable}`],
      `${PROJECT}examples/custom_cli.ts`,
    ], { cwd: app.root, env: { ...app.env, DENORT_BIN: runtime! } });
    const tool = (...args: string[]) => startTool(app, [executable], args).ended;
    (await tool("--version")).expect({ code: 0, stdout: "mytool 1.0.0\n", stderr: "" });
    (await tool("releas")).expect({
      code: 2,
      stdout: "",
      stderr: "error: Cannot run mytool releas: there is no such command\n" +
        "hint: did you mean `mytool release`?\n",
    });
    await releases(app, tool);
  },
});

/** An app whose plug-a is in dev mode, with a commit that nobody else has. */
async function releasableApp(): Promise<TestApp> {
  const app = await testApp({
    plugins: ["plug-a", "plug-b"],
    files: { "hsm.local.yaml": "packages:\n  plug-a:\n    mode: dev\n" },
  });
  await app.plugin("plug-a").git("config", "receive.denyCurrentBranch", "updateInstead");
  (await app.hsm("sync", "--yes")).expect({ code: 0 });
  const pyproject = await app.read("packages/plug-a/pyproject.toml");
  await app.write(
    "packages/plug-a/pyproject.toml",
    pyproject.replace('version = "1.0.0"', 'version = "1.1.0"'),
  );
  await app.git("packages/plug-a", "commit", "-qam", "More");
  return app;
}

/** Releases it, and looks at all that is to come of it. */
async function releases(app: TestApp, tool: (...args: string[]) => Promise<Run>): Promise<void> {
  const head = (await app.git("packages/plug-a", "rev-parse", "HEAD")).trim();
  const run = await tool("release", "plug-a", "--json");
  run.expect({ code: 0 });
  assertEquals(run.json(), {
    package: "plug-a",
    mode: "dev",
    from: { tag: "v1.0.0" },
    to: { tag: "v1.1.0" },
  });
  assertEquals(
    (await app.plugin("plug-a").git("rev-parse", "v1.1.0", "HEAD")).trim(),
    `${head}\n${head}`,
  );
  assertStringIncludes(await app.read("hsm.yaml"), "  plug-a: v1.1.0\n");
  assertMatch(await app.freeze(), new RegExp(`^plug-a @ git\\+file:.*@${head}$`, "m"));
  (await tool("status", "--json")).expect({ code: 0, stderr: "" });
  (await app.hsm("undo", "--list")).expect({
    code: 0,
    stdout: /  mytool release plug-a --json  /,
  });
}
