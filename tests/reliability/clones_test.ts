import { assertEquals, assertStringIncludes } from "@std/assert";
import { copy, ensureDir } from "@std/fs";
import { join } from "@std/path";
import { type TestApp, testApp } from "../harness/app.ts";
import { waitForFile } from "../harness/fake_uv.ts";
import { Library, makeLibrary } from "../harness/submodules.ts";
import { tally } from "../harness/tally.ts";
import { assertNoProcesses, processesIn } from "../harness/processes.ts";
import { sleep, startGroup } from "./processes.ts";

/**
 * A stand-in for ssh that hangs, as a remote does that stops answering, until the file `go` is there.
 *
 * @returns The variables that make git use it.
 */
async function slowSsh(app: TestApp): Promise<Record<string, string>> {
  const path = join(app.folder, "ssh");
  await Deno.writeTextFile(
    path,
    `#!/bin/sh
for last; do :; done
if [ -e ${app.folder}/go ]; then exec sh -c "$last"; fi
: > ${app.folder}/begun
exec cat > /dev/null
`,
    { mode: 0o755 },
  );
  return { GIT_SSH_COMMAND: path };
}

async function slowApp(): Promise<TestApp> {
  const app = await testApp({ plugins: ["plug-a"] });
  await app.write(
    "hsm.yaml",
    `mode: dev\ngit: ssh://git@example.invalid${app.folder}/remotes/{name}\npackages:\n  plug-a: v1.0.0\n`,
  );
  return app;
}

/** Whatever the interrupted clone left, the next one succeeds, and nothing else stays. */
async function assertNextClone(app: TestApp, env: Readonly<Record<string, string>>): Promise<void> {
  await Deno.writeTextFile(join(app.folder, "go"), "");
  (await app.hsmWith(env, "clone", "--yes")).expect({
    code: 0,
    stdout: "plug-a  packages/plug-a  cloned\n",
  });
  assertEquals(await app.list("packages"), ["plug-a"]);
  assertEquals(await app.git("packages/plug-a", "status", "--porcelain"), "");
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  Deno.test(`a clone that ${signal} interrupts leaves nothing, and the next one succeeds`, async () => {
    await using app = await slowApp();
    const env = await slowSsh(app);
    const running = app.startWith(env, "clone", "--yes");
    await waitForFile(join(app.folder, "begun"));
    running.kill(signal);
    tally({ signals: 1 });
    (await running.ended).expect({
      code: { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }[signal],
      stdout: "",
    });

    await assertNoProcesses(app.folder);
    assertEquals(await app.list("packages"), []);
    await assertNextClone(app, env);
  });
}

Deno.test("a clone that a signal interrupts in a submodule leaves no git and nothing else", async () => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    await using app = await testApp({
      plugins: ["plug-a"],
      files: { "hsm.local.yaml": "mode: dev\n" },
    });
    await makeLibrary(app, "lib");
    const plug = new Library(app, "plug-a");
    await plug.add("lib", "vendor/lib");
    const url = `ssh://git@example.invalid${app.folder}/remotes/lib`;
    await plug.git("config", "--file=.gitmodules", "submodule.vendor/lib.url", url);
    await plug.git("commit", "-q", "-a", "-m", "Far away");
    const env = await slowSsh(app);
    const running = app.startWith(env, "clone", "--yes");
    await waitForFile(join(app.folder, "begun"));
    running.kill(signal);
    tally({ signals: 1 });
    (await running.ended).expect({
      code: { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }[signal],
      stdout: "",
    });

    await assertNoProcesses(app.folder);
    assertEquals(await app.list("packages"), []);
    await assertNextClone(app, env);
    assertEquals(await app.read("packages/plug-a/vendor/lib/data.py"), "VALUE = 1\n");
  }
});

Deno.test("a clone whose hsm is killed leaves nothing at its place, and the next one cleans up", async () => {
  await using app = await slowApp();
  const env = await slowSsh(app);
  // Whose process runs, and what only looks like HSM's, is left alone.
  const kept = [`.plug-a.hsm-${Deno.pid}-abc`, ".plug-a.hsm-notes", ".plug-b.hsm-1-abc"];
  for (const name of kept) await ensureDir(join(app.root, "packages", name));
  const running = app.startWith(env, "clone", "--yes");
  await waitForFile(join(app.folder, "begun"));
  running.kill("SIGKILL");
  tally({ kills: 1 });
  await running.ended;

  assertEquals(await app.exists("packages/plug-a"), false);
  assertEquals((await app.list("packages")).length, kept.length + 1);
  for (const { pid, command } of processesIn(app.folder)) {
    if (command.includes("git")) Deno.kill(pid, "SIGKILL");
  }
  await Deno.writeTextFile(join(app.folder, "go"), "");
  (await app.hsmWith(env, "clone", "--yes")).expect({ code: 0 });
  assertEquals(await app.list("packages"), [...kept, "plug-a"].sort());
  await assertNoProcesses(app.folder);
});

Deno.test("a clone whose git is killed is told as failed, leaves nothing, and the next one succeeds", async () => {
  if (Deno.build.os !== "linux") return console.log("killed git: skipped, it needs /proc");
  await using app = await slowApp();
  const env = await slowSsh(app);
  const running = app.startWith(env, "clone", "--yes");
  await waitForFile(join(app.folder, "begun"));
  for (const { pid, command } of processesIn(app.folder)) {
    if (/^\S*git .*clone/.test(command)) Deno.kill(pid, "SIGKILL");
  }
  tally({ kills: 1 });
  const run = await running.ended;

  run.expect({ code: 1, stdout: "" });
  assertStringIncludes(run.stderr, "error: Cannot clone plug-a\n");
  assertEquals(await app.list("packages"), []);
  await assertNextClone(app, env);
});

async function manyApp(count: number): Promise<[TestApp, readonly string[]]> {
  const names = Array.from({ length: count }, (_, index) => `plug-${index + 10}`);
  const app = await testApp({ plugins: ["plug-10"], files: { "hsm.local.yaml": "mode: dev\n" } });
  const remotes = join(app.folder, "remotes");
  for (const name of names.slice(1)) {
    await copy(join(remotes, "plug-10"), join(remotes, name));
  }
  const pins = names.map((name) => `  ${name}: v1.0.0\n`).join("");
  await app.write("hsm.yaml", `git: {remotes}/{name}\npackages:\n${pins}`);
  return [app, names];
}

Deno.test("of 20 clones one fails: the 19 stay, the error names the one, no git is left", async () => {
  const [made, names] = await manyApp(20);
  await using app = made;
  // It fails half-way, with its data broken.
  const pack = join(app.folder, "remotes/plug-17/.git/objects");
  await Deno.remove(pack, { recursive: true });
  await Deno.mkdir(pack);

  const run = await app.hsm("clone", "--yes");

  run.expect({ code: 1, stdout: "" });
  assertStringIncludes(run.stderr, "error: Cannot clone plug-17: the other 19 are there\n");
  assertEquals(await app.list("packages"), names.filter((it) => it !== "plug-17"));
  await assertNoProcesses(app.folder);
});

Deno.test("Ctrl-C while one of many clones hangs: those that are complete stay, no git is left", async () => {
  const [made, names] = await manyApp(6);
  await using app = made;
  const env = await slowSsh(app);
  const remote = `ssh://git@example.invalid${app.folder}/remotes/plug-13`;
  await app.write(
    "hsm.yaml",
    (await app.read("hsm.yaml")).replace("plug-13: v1.0.0", `plug-13: { git: "${remote}" }`),
  );
  const group = startGroup(app, env, "clone", "--yes");
  const others = names.filter((it) => it !== "plug-13");
  for (const name of others) await waitForFile(join(app.root, "packages", name));
  await waitForFile(join(app.folder, "begun"));
  await sleep(200);
  group.signal("SIGINT");
  tally({ signals: 1 });

  (await group.ended).expect({ code: 130, stdout: "" });

  assertEquals(await app.list("packages"), others);
  await assertNoProcesses(app.folder);
});
