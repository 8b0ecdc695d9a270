import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { hsmCommand, type TestApp, testApp } from "../harness/app.ts";
import { PROJECT, readYaml } from "../harness/ci.ts";
import { must, Run, start } from "../harness/program.ts";
import { uvProgram } from "../harness/repository.ts";
import { writeWheel } from "../harness/wheel.ts";

const VERSION: string = JSON.parse(await Deno.readTextFile(`${PROJECT}deno.json`)).version;

/** A program as a file that runs another one. */
function wrapper(...command: readonly string[]): string {
  return `#!/bin/sh\nexec ${command.map((it) => `'${it}'`).join(" ")} "$@"\n`;
}

/** An app, a runner, and an index in a folder, with this HSM in a few versions, and a uv that is the one of the tests. */
async function runner(): Promise<TestApp> {
  const app = await testApp({ plugins: ["plug-a"] });
  for (const folder of ["temp", "index", "bin"]) await Deno.mkdir(join(app.folder, folder));
  for (const version of [VERSION, "7.0.0", "7.1.0", "8.0.0"]) {
    const script = `${wrapper(...hsmCommand())}# ${version}\n`;
    const files = { [`hsm_hypervisor-${version}.data/scripts/hsm`]: script };
    await writeWheel(join(app.folder, "index"), "hsm-hypervisor", version, { files });
  }
  const files = { "uv-9.9.9.data/scripts/uv": wrapper(uvProgram()) };
  await writeWheel(join(app.folder, "index"), "uv", "9.9.9", { files });
  for (const name of ["bash", "cat", "git", "head", "sed", "sh"]) {
    await program(app, name, (await must(["which", name], { cwd: "." })).trim());
  }
  const python = await must(["python3", "-c", "import sys; print(sys.executable)"], { cwd: "." });
  await program(app, "python3", python.trim());
  await program(app, "uv", uvProgram());
  (await app.hsm("sync")).expect({ code: 0 });
  await Deno.remove(join(app.root, ".venv"), { recursive: true });
  return app;
}

async function program(app: TestApp, name: string, path: string): Promise<void> {
  await Deno.writeTextFile(join(app.folder, "bin", name), wrapper(path), { mode: 0o755 });
}

/** What the steps have handed on: the output of `prepare`, PATH and variables. */
interface Handed {
  readonly run: Run;
  readonly output: string;
  readonly env: string;
  readonly path: readonly string[];
}

/** Runs the action's own steps as the runner does: what one puts into the files named is there in the next. */
async function step(
  app: TestApp,
  name: "prepare" | "sync",
  inputs: Readonly<Record<string, string>> = {},
): Promise<Handed> {
  const file = (it: string) => join(app.folder, "temp", it);
  const read = async (it: string) => (await Deno.readTextFile(file(it)).catch(() => ""));
  const lines = async (it: string) => (await read(it)).split("\n").filter((line) => line !== "");
  const variables = (await lines("env")).map((line) => line.split("="));
  await Deno.remove(file("output")).catch(() => {});
  const run = await start([`${PROJECT}.ci/action`, name], {
    cwd: app.root,
    env: {
      ...app.env,
      ...Object.fromEntries(variables),
      ...inputs,
      PATH: [...(await lines("path")).toReversed(), join(app.folder, "bin")].join(":"),
      HSM_UV: "",
      UV: "",
      UV_OFFLINE: "1",
      UV_FIND_LINKS: join(app.folder, "index"),
      PIP_NO_INDEX: "1",
      PIP_ROOT_USER_ACTION: "ignore",
      PIP_FIND_LINKS: join(app.folder, "index"),
      RUNNER_ENVIRONMENT: "github-hosted",
      RUNNER_TEMP: join(app.folder, "temp"),
      RUNNER_OS: "Linux",
      RUNNER_ARCH: "X64",
      GITHUB_ACTION_PATH: PROJECT,
      GITHUB_ENV: file("env"),
      GITHUB_OUTPUT: file("output"),
      GITHUB_PATH: file("path"),
    },
  }).ended;
  const masked = (text: string) => text.replaceAll(app.folder, "[DIR]");
  return {
    run: new (run.constructor as typeof Run)(
      name,
      run.code,
      masked(run.stdout),
      masked(run.stderr),
    ),
    output: masked(await read("output")),
    env: masked(await read("env")),
    path: (await lines("path")).map(masked),
  };
}

/** Which of the versions of HSM is installed. */
async function installed(app: TestApp): Promise<string | undefined> {
  const script = await Deno.readTextFile(join(app.folder, "temp/hsm/bin/hsm"));
  return /^# (.*)$/m.exec(script)?.[1];
}

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
  assertEquals([env, path], ["HSM_CACHE_DIR=[DIR]/temp/hsm/cache\n", []]);

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
    assertEquals(path, ["[DIR]/temp/hsm/bin"]);
  });
  assertEquals(await installed(app), VERSION);
  assertEquals(await app.python("import plug_a; print(plug_a.VALUE)"), "1.0.0");
  assertEquals(await app.list(join(app.folder, "temp/hsm")), ["bin", "cache", "tools"]);
});

Deno.test("the action's input version is a version, specifiers, or whatever uv tool install takes", async () => {
  await using app = await runner();
  await step(app, "prepare");
  const wheel = join(app.folder, "index/hsm_hypervisor-7.0.0-py3-none-any.whl");
  const expected = {
    "7.1.0": "7.1.0",
    "<8,>=7": "7.1.0",
    [wheel]: "7.0.0",
    "hsm-hypervisor>7.5": "8.0.0",
  };
  for (const [version, it] of Object.entries(expected)) {
    (await step(app, "sync", { INPUT_VERSION: version })).run.expect({ code: 0 });
    assertEquals(await installed(app), it, version);
  }
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
  assertEquals(path, ["[DIR]/temp/hsm/uv/bin"]);
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
