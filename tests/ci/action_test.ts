import { assertEquals, assertMatch } from "@std/assert";
import { join, resolve } from "@std/path";
import { PROJECT, readYaml } from "../harness/ci.ts";
import { must } from "../harness/program.ts";
import { uvProgram } from "../harness/repository.ts";
import { DISTRIBUTION } from "../../tools/wheel/metadata.ts";
import { installed, runner, step, VERSION } from "../harness/runner.ts";

Deno.test("the action keeps uv's cache and HSM's under a key of hsm.yaml and the lock file", async () => {
  await using app = await runner();
  const { run, output, env, path } = await step(app, "prepare");
  run.expect({ code: 0, stdout: "", stderr: "" });
  const [, hash = ""] = /^key=hsm-Linux-X64-([0-9a-f]{40})$/m.exec(output) ?? [];
  assertEquals(
    output,
    `prefix=hsm-Linux-X64-\nkey=hsm-Linux-X64-${hash}\n` +
      "paths<<END\n[DIR]/home/.cache/uv\n[DIR]/temp/hsm/cache\nEND\n",
  );
  assertEquals([env, path], ["HSM_CACHE_DIR=[DIR]/temp/hsm/cache\n", ""]);

  assertEquals((await step(app, "prepare")).output, output);
  for (const file of ["hsm.yaml", "uv.lock"]) {
    const text = await app.read(file);
    await app.write(file, `${text}\n`);
    assertMatch((await step(app, "prepare")).output, new RegExp(`^key=(?!.*${hash}$)`, "m"));
    await app.write(file, text);
  }
});

Deno.test("the action installs HSM of its own version, and what hsm.yaml says", async () => {
  await using app = await runner();
  await step(app, "prepare");
  await app.untouched(async () => {
    const { run, path } = await step(app, "sync");
    run.expect({
      code: 0,
      stdout: "",
      stderr: /\n \+ plug-a==1\.0\.0 \(from git\+file:.*\)\n1 package is in line\n$/,
    });
    assertEquals(path, "[DIR]/temp/hsm/bin\n");
  });
  assertEquals(await installed(app), VERSION);
  assertEquals(await app.python("import plug_a; print(plug_a.VALUE)"), "1.0.0");
  assertEquals(await app.list(join(app.folder, "temp/hsm")), ["bin", "cache", "tools"]);
});

Deno.test("the action's input version is a version, specifiers, or where a wheel is", async () => {
  await using app = await runner();
  await step(app, "prepare");
  const wheel = join(app.folder, "index/hsm_hypervisor-7.0.0-py3-none-any.whl");
  const expected = {
    "7.1.0": "7.1.0",
    "<8,>=7": "7.1.0",
    [wheel]: "7.0.0",
    "hsm-hypervisor>7.5": "8.0.0",
    "v7.1.0": "7.1.0",
    "  7.0.0\n": "7.0.0",
    latest: "8.0.0",
    " \n": VERSION,
  };
  for (const [version, it] of Object.entries(expected)) {
    (await step(app, "sync", { INPUT_VERSION: version })).run.expect({ code: 0 });
    assertEquals(await installed(app), it, version);
  }
});

Deno.test("the action's input version installs no project of another name", async () => {
  await using app = await runner();
  await step(app, "prepare");
  for (const name of ["main", "hsm", "hsm-hypervisors", "--help", "7.1.0 --with idna"]) {
    const { run, path } = await step(app, "sync", { INPUT_VERSION: name });
    assertEquals([run.code === 0, run.stdout, path], [false, "", ""], name);
    assertEquals(await app.exists("../temp/hsm/tools"), false, name);
  }
  const { run } = await step(app, "sync", { INPUT_VERSION: "main" });
  run.expect({
    code: 2,
    stdout: "",
    stderr: "error: `main` is no version of hsm-hypervisor, no path and no URL\n",
  });
});

Deno.test("the action finds uv's cache where colours are forced", async () => {
  await using app = await runner();
  const plain = await step(app, "prepare");
  const forced = await step(app, "prepare", { FORCE_COLOR: "1", NO_COLOR: "" });
  assertEquals(forced.output, plain.output);
});

const wheels = Deno.env.get("HSM_TEST_WHEELS") || undefined;
const wheel = wheels && Array.from(Deno.readDirSync(wheels), (it) => it.name)
  .find((it) => it.endsWith(`_${Deno.build.arch}.whl`));
const left = wheel ? "" : " (left out, for HSM_TEST_WHEELS names no folder with one)";

Deno.test({
  name: `the action installs the wheel that is made for this machine${left}`,
  ignore: !wheel,
  fn: async () => {
    await using app = await runner();
    await step(app, "prepare");
    const { run } = await step(app, "sync", { INPUT_VERSION: resolve(wheels!, wheel!) });
    run.expect({ code: 0, stdout: "", stderr: /\n1 package is in line\n$/ });
    const hsm = join(app.folder, "temp/hsm/bin/hsm");
    const version = await must([hsm, "--version"], { cwd: app.root, env: app.env });
    assertEquals(version.trim().split(" ").slice(0, 2), ["hsm", VERSION]);
  },
});

Deno.test("the action's input with has further arguments of hsm sync --locked, on one line or several", async () => {
  await using app = await runner();
  await app.write(
    "pyproject.toml",
    `${await app.read("pyproject.toml")}\n[dependency-groups]\nextra = ["hsm-hypervisor==7.0.0"]\n`,
  );
  const index = { UV_OFFLINE: "1", UV_FIND_LINKS: join(app.folder, "index") };
  await must([uvProgram(), "lock", "--quiet"], { cwd: app.root, env: { ...app.env, ...index } });
  await step(app, "prepare");
  const without = await step(app, "sync");
  without.run.expect({ code: 0 });
  assertEquals((await app.freeze()).includes("hsm-hypervisor"), false);
  const { run } = await step(app, "sync", { INPUT_WITH: "--yes --\n  --group extra\n" });
  run.expect({ code: 0 });
  assertEquals((await app.freeze()).includes("hsm-hypervisor==7.0.0"), true);
});

Deno.test("the action fails where what is committed does not match hsm.yaml, and shows the difference", async () => {
  await using app = await runner();
  await app.plugin("plug-a").release({ name: "plug-a", version: "1.1.0" });
  await app.write("hsm.yaml", (await app.read("hsm.yaml")).replace("v1.0.0", "v1.1.0"));
  await step(app, "prepare");
  await app.untouched(async () => {
    const { run } = await step(app, "sync");
    run.expect({
      code: 1,
      stdout: "",
      stderr: /^error: Cannot sync the app: pyproject\.toml does not match hsm\.yaml\n/,
    });
  });
});

Deno.test("the action brings uv where there is none, and leaves all in the runner's temporary folder", async () => {
  await using app = await runner();
  await Deno.remove(join(app.folder, "bin/uv"));
  const home = await app.list(join(app.folder, "home"));
  const { run, path } = await step(app, "prepare");
  run.expect({ code: 0, stdout: "", stderr: "" });
  assertEquals(path, "[DIR]/temp/hsm/uv/bin\n");
  (await step(app, "sync")).run.expect({ code: 0 });
  assertEquals(await app.list(join(app.folder, "home")), home);
});

Deno.test("action.yml runs that script in the folder asked for, and names its inputs", async () => {
  const action = await readYaml(`${PROJECT}action.yml`);
  assertEquals(Object.keys(action.inputs), ["version", "working-directory", "with"]);
  const own = action.runs.steps.filter((it: { run?: string }) => it.run !== undefined);
  for (const it of own) {
    assertEquals(it.shell, "bash");
    assertEquals(it["working-directory"], "${{ inputs.working-directory }}");
  }
  assertEquals(own.map((it: { run: string }) => it.run), [
    'bash "$GITHUB_ACTION_PATH/.ci/action" prepare',
    'bash "$GITHUB_ACTION_PATH/.ci/action" sync',
  ]);
  assertEquals(own[1].env, {
    INPUT_VERSION: "${{ inputs.version }}",
    INPUT_WITH: "${{ inputs.with }}",
  });
});

Deno.test("the action asks for the distribution that is published", async () => {
  const script = await Deno.readTextFile(join(PROJECT, ".ci/action"));
  assertEquals(/^distribution=(.*)$/m.exec(script)?.[1], DISTRIBUTION);
});
