import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ensureDir } from "@std/fs";
import { join } from "@std/path";
import { fakeUv } from "../harness/fake_uv.ts";
import { type TestApp, testApp } from "../harness/app.ts";

/** The findings that are not ok, as lines. */
async function complaints(app: TestApp, env: Record<string, string> = {}): Promise<string[]> {
  const run = await app.hsmWith(env, "doctor", "--json");
  const { findings, healthy } = run.json() as {
    findings: { check: string; state: string; message: string; fix?: string }[];
    healthy: boolean;
  };
  assertEquals(run.code, healthy ? 0 : 1, run.stdout);
  return findings.filter((it) => it.state !== "ok").map((it) =>
    `${it.state} ${it.check}: ${it.message}${it.fix ? ` | ${it.fix}` : ""}`
      .replaceAll(app.folder, "[DIR]")
  );
}

Deno.test("hsm doctor finds nothing wrong in a workspace that works, and touches nothing", async () => {
  await using app = await testApp({ plugins: ["my-plugin", "other"] });
  (await app.hsm("sync")).expect({ code: 0 });
  (await app.hsm("dev", "my-plugin", "--yes")).expect({ code: 0 });
  const before = await app.list(".");

  await app.untouched(async () => {
    const run = await app.hsm("doctor");
    run.expect({ code: 0, stderr: "" });
    assertMatch(run.stdout, /^ok +git +\d+\.\d+.*\nok +uv +\d+\.\d+/);
    assertStringIncludes(
      run.stdout.replaceAll(/ {2,}/g, "  "),
      `ok  workspace  [DIR]/app
ok  permissions  hsm can write where it must
ok  hsm.yaml  2 packages
ok  .gitignore  git leaves checkouts and personal settings alone
ok  leftovers  none
ok  checkouts  my-plugin
ok  pyproject.toml  it says what hsm.yaml says
`,
    );
  });

  assertEquals(await app.list("."), before);
  assertEquals(await complaints(app), []);
});

Deno.test("hsm doctor says what to do about checkouts and drift", async () => {
  await using app = await testApp({ plugins: ["gone", "wrong", "moved"] });
  await app.write(".gitignore", "packages\nhsm.local.yaml\n/.hsm/\n");
  (await app.hsm("sync")).expect({ code: 0 });
  await app.write(
    "hsm.yaml",
    "git: {remotes}/{name}\npackages:\n  gone: { mode: dev }\n  wrong: { mode: dev }\n  moved: v1.1.0\n",
  );
  await app.git(".", "clone", "-q", app.plugin("moved").url, "packages/wrong");

  await app.untouched(async () => {
    const run = await app.hsm("doctor");
    run.expect({ code: 1, stderr: "" });
    assertStringIncludes(
      run.stdout.replaceAll(/ {2,}/g, "  "),
      `error  checkouts  gone: packages/gone is missing
  fix: run \`hsm clone gone\`
error  checkouts  Cannot use packages/wrong as the checkout of wrong: it is a checkout of file://[DIR]/remotes/moved, not of file://[DIR]/remotes/wrong
  fix: move it away and run this again`,
    );
    assertMatch(
      run.stdout,
      /^error +pyproject\.toml +it does not say what hsm\.yaml says about .*moved/m,
    );
  });
});

Deno.test("hsm doctor finds a checkout that git has not finished with", async () => {
  await using app = await testApp({
    plugins: ["my-plugin"],
    files: { "hsm.local.yaml": "mode: dev\n" },
  });
  (await app.hsm("sync", "--yes")).expect({ code: 0 });
  const git = (...args: string[]) => app.git("packages/my-plugin", ...args);
  await git("switch", "-q", "-c", "theirs");
  for (const name of ["theirs", "mine"]) {
    await git("switch", "-q", ...(name === "mine" ? ["-c", "mine", "main"] : [name]));
    await app.write("packages/my-plugin/src/my_plugin/__init__.py", `VALUE = "${name}"\n`);
    await git("commit", "-q", "-a", "-m", name);
  }
  assertEquals(await complaints(app), []);
  await git("merge", "-q", "theirs").catch(() => {});

  assertEquals(await complaints(app), [
    "warning checkouts: my-plugin: packages/my-plugin is in the middle of a merge | run `git -C packages/my-plugin status` for how to bring it to its end",
  ]);
});

Deno.test("hsm doctor finds what a crash left, and leaves it there", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  const env = await fakeUv(app, "kill -9 $PPID; sleep 0.2");
  const run = await app.hsmWith(env, "sync");
  assertEquals(run.code, 137, run.stderr);
  await ensureDir(join(app.root, "packages/.my-plugin.hsm-1-abc"));
  await app.write("uv.lock.hsm-original", "old\n");
  await app.write(".hsm-1-pyproject.toml", "half\n");

  await app.untouched(async () => {
    assertEquals(await complaints(app), [
      "error leftovers: a command was killed, and its changes are half done | run any command that writes, such as `hsm sync`: it restores the files first",
      "warning leftovers: .hsm-1-pyproject.toml was never completed | delete .hsm-1-pyproject.toml",
      "warning leftovers: uv.lock.hsm-original is what a file was before a rollback | compare it with uv.lock, then delete it",
      "warning leftovers: packages/.my-plugin.hsm-1-abc is an unfinished clone | delete packages/.my-plugin.hsm-1-abc",
    ]);
  });

  assertEquals(await app.exists(".hsm/journal/open"), true);
  (await app.hsm("sync")).expect({ code: 0 });
  assertEquals((await complaints(app)).length, 2);
});

Deno.test("hsm doctor finds files that are not right", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  (await app.hsm("sync")).expect({ code: 0 });
  await app.git(".", "init", "-q");
  await app.write("hsm.local.yaml", "packages: {}\n");
  await app.git(".", "add", "-f", "hsm.local.yaml", ".hsm/lock");
  await app.write(".gitignore", "dist\n");
  await app.write(
    "hsm.yaml",
    "# yaml-language-server: $schema=.hsm/schema.json\n" + await app.read("hsm.yaml"),
  );
  await Deno.chmod(join(app.root, ".hsm/journal"), 0o755);

  assertEquals(await complaints(app), [
    "warning permissions: others may read .hsm/journal, which holds old files | run `chmod 700 .hsm/journal`",
    "warning schema: .hsm/schema.json is missing, which hsm.yaml names | the next command that writes makes it",
    "warning .gitignore: git does not ignore /packages/ | add these lines to .gitignore; the next command that writes does it too",
    "warning .gitignore: git tracks hsm.local.yaml, which is nobody else's | run `git rm --cached -r hsm.local.yaml`",
    "warning .gitignore: git tracks .hsm, which is nobody else's | run `git rm --cached -r .hsm`",
  ]);
  (await app.hsm("sync")).expect({ code: 0 });
  assertEquals((await complaints(app)).filter((it) => it.includes("schema")), []);
  await app.write(".hsm/schema.json", "{}\n");
  assertEquals((await complaints(app)).filter((it) => it.includes("schema")), [
    "warning schema: .hsm/schema.json is another hsm's | delete .hsm/schema.json; the next command that writes makes it anew",
  ]);
});

Deno.test("hsm doctor goes on where there is no workspace, no manifest to read, and no uv", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  await app.write("hsm.yaml", "packges: {}\n");
  await app.write(".gitignore", "packages/\nhsm.local.yaml\n.hsm/\n");
  const env = { HSM_UV: join(app.folder, "no-uv") };

  const found = await complaints(app, env);

  assertEquals(found.length, 2);
  assertMatch(
    found[0] ?? "",
    /^error uv: Cannot find uv: there is no program .* \| correct HSM_UV/,
  );
  assertMatch(found[1] ?? "", /^error hsm\.yaml: Cannot read hsm\.yaml.*\n.*packges/);
  await Deno.remove(join(app.root, "hsm.yaml"));
  assertEquals(await complaints(app), [
    "error workspace: Cannot find hsm.yaml in [DIR]/app or any folder above it | run `hsm init` in the app's folder",
  ]);
  (await app.hsm("doctor", "x")).expect({
    code: 2,
    stdout: "",
    stderr: /^error: Cannot run hsm doctor: `x` is one word too many\n/,
  });
});

Deno.test("hsm doctor names the command that runs", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  const env = await fakeUv(app, "touch started; exec sleep 30");
  const running = app.startWith(env, "sync");
  while (!await app.exists("started")) await new Promise((resolve) => setTimeout(resolve, 20));
  try {
    const found = await complaints(app);
    assertEquals(found.length, 1, found.join("\n"));
    assertMatch(found[0] ?? "", /^warning leftovers: `hsm sync` \(process \d+\) runs since /);
  } finally {
    running.kill("SIGTERM");
    await running.ended;
  }
});
