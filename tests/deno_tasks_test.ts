import { assert, assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl, join, relative } from "@std/path";
import { type TestApp, testApp } from "./harness/app.ts";
import { type Run, start } from "./harness/program.ts";
import { exists } from "../lib/files/is_there.ts";
import { commandTests } from "../tools/command_tests.ts";

const PROJECT = fromFileUrl(new URL("..", import.meta.url));

function denoTask(app: TestApp, ...args: string[]): Promise<Run> {
  return start([Deno.execPath(), "task", "--quiet", ...args], { cwd: PROJECT, env: app.env }).ended;
}

Deno.test("deno task hsm:map, hsm:clone, hsm:inject and hsm:sync work on any app", async () => {
  await using app = await testApp({
    plugins: ["plug-a"],
    files: { "hsm.local.yaml": "mode: dev\n" },
  });

  (await denoTask(app, "hsm:clone", "--yes", "-C", app.root)).expect({
    code: 0,
    stdout: "plug-a  packages/plug-a  cloned\n",
  });
  (await denoTask(app, "hsm:map", "-C", app.root)).expect({
    code: 0,
    stdout: "plug-a  dev  packages/plug-a (editable)\n",
    stderr: "",
  });
  (await denoTask(app, "hsm:inject", "-C", app.root)).expect({ code: 0, stderr: "" });
  assertEquals(await app.exists("uv.lock"), false);
  (await denoTask(app, "hsm:sync", "-C", app.root)).expect({ code: 0, stdout: "" });
  assertEquals(await app.python("import plug_a; print(plug_a.VALUE)"), "1.0.0");
});

Deno.test("deno task hsm works where its caller stands, and so does a relative -C", async () => {
  await using app = await testApp({
    plugins: ["plug-a"],
    // Another project's settings are not those that HSM runs with.
    files: { "deno.json": `{ "imports": { "@std/path": "./none.ts" } }` },
  });
  const stdout = `plug-a  prod  file://${app.folder}/remotes/plug-a @ v1.0.0\n`;
  // The tests run in a task themselves; a task inside of another keeps where that one was called.
  const task = (cwd: string, ...args: string[]) =>
    start(
      ["env", "--unset=INIT_CWD", Deno.execPath(), "task", "--quiet", ...args],
      { cwd, env: app.env },
    ).ended;
  const config = `--config=${PROJECT}deno.json`;
  const calls: readonly (readonly [cwd: string, ...args: string[]])[] = [
    [app.folder, config, "hsm", "-C", "app", "map"],
    [app.folder, config, "hsm:map", "-C", "app"],
    [app.root, config, "hsm", "map"],
    [join(PROJECT, "docs"), "hsm", "-C", relative(join(PROJECT, "docs"), app.root), "map"],
  ];
  for (const [cwd, ...args] of calls) {
    (await task(cwd, ...args)).expect({ code: 0, stdout, stderr: "" });
  }
});

Deno.test("deno task demo runs the main job in under 40 lines", async () => {
  await using app = await testApp();

  const run = await denoTask(app, "demo");

  run.expect({ code: 0, stderr: "" });
  assert(run.stdout.split("\n").length <= 40, run.stdout);
  assertMatch(run.stdout, /\n  1\.0\.0, edited .*packages\/plug-a/);
  assertMatch(run.stdout, /restored: pyproject\.toml/);
  assertMatch(run.stdout, /byte for byte what they were\.\n$/);
});

Deno.test("the README's lines make tasks and a library in a user's own Deno project", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  const readme = await Deno.readTextFile(join(PROJECT, "README.md"));
  const lines = /In its deno\.json[^]*?```json\n([^]*?)```/.exec(readme)?.[1] ?? "";
  await app.write("deno.json", lines.replaceAll("../hsm", relative(app.root, PROJECT)));
  await app.write(
    "script.ts",
    `import { map, openWorkspace } from "@hsm/hsm";
await using workspace = await openWorkspace({ readonly: true });
console.log((await map(workspace)).sources[0]?.package);
`,
  );
  const deno = (...args: string[]) =>
    start([Deno.execPath(), ...args], { cwd: app.root, env: app.env }).ended;

  const mapped = "plug-a  prod  file://[DIR]/remotes/plug-a @ v1.0.0\n".replace(
    "[DIR]",
    app.folder,
  );
  (await deno("task", "--quiet", "hsm:map")).expect({ code: 0, stdout: mapped });
  (await deno("task", "--quiet", "hsm:sync", "--dry-run")).expect({ code: 0, stdout: /^--- a\// });
  (await deno("run", "--allow-read", "--allow-env", "script.ts")).expect({
    code: 0,
    stdout: "plug-a\n",
  });
});

Deno.test("deno task test:commands finds the tests of every command", () => {
  for (const file of commandTests()) {
    assert(exists(join(PROJECT, file)), `${file} is missing: each command has a test of its name`);
  }
});
