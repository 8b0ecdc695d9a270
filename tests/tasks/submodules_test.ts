import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { testApp } from "../harness/app.ts";
import {
  CHECKOUT,
  cloned,
  clonedWithout,
  LIB,
  makeLibrary,
  scene,
  signs,
  WHOLE,
} from "../harness/submodules.ts";
import { wrapGit } from "../harness/wrap_git.ts";

Deno.test("hsm sync clones a plugin with its submodules, nested ones too", async () => {
  await using it = await scene();
  const { app, hsm } = it;

  (await hsm("sync", "--yes")).expect({ code: 0 });

  assertEquals(await signs(it), WHOLE);
  assertEquals(await app.list("packages"), ["plug-a"]);
  assertEquals(await app.python("import plug_a.lib.deep.data as it; print(it.VALUE)"), "1");
  // An address as `../lib` is seen from the remote, not from the folder.
  assertEquals(
    await it.git(LIB, "remote", "get-url", "origin"),
    `file://${app.folder}/remotes/lib\n`,
  );
  (await hsm("status")).expect({ code: 0, stdout: /main  +1\.0\.0 editable  ok\n$/, stderr: "" });
  (await hsm("doctor")).expect({ code: 0, stdout: /ok +checkouts +plug-a\n/ });
  (await hsm("pull")).expect({ code: 0, stdout: "plug-a  is up to date\n", stderr: "" });
});

Deno.test("hsm clone leaves nothing where git refuses a submodule, and says so with the way out", async () => {
  await using it = await scene();
  const { app } = it;

  (await app.hsm("clone", "--yes")).expect({
    code: 1,
    stdout: "",
    stderr:
      `error: Cannot clone plug-a\n  cause: plug-a: its submodule ${LIB} could not be cloned: fatal: transport 'file' not allowed (file://[DIR]/remotes/lib)\n` +
      "hint: set `submodules: false` of plug-a in hsm.yaml to do without them in dev mode; whether git may fetch them is up to its `protocol.file.allow`\n",
  });

  assertEquals(await app.list("packages"), []);
});

Deno.test("hsm clone leaves nothing where a submodule's repository or commit is gone", async () => {
  await using it = await scene();
  const { app, lib, hsm } = it;
  await lib.git("checkout", "-q", "--orphan", "other");
  await lib.git("commit", "-q", "-m", "Other");
  await lib.git("branch", "-D", "-q", "main");
  await lib.git("reflog", "expire", "--expire=now", "--all");
  await lib.git("gc", "-q", "--prune=now");

  (await hsm("clone", "--yes")).expect({
    code: 1,
    stdout: "",
    stderr:
      /^error: Cannot clone plug-a\n.*its submodule src\/plug_a\/lib could not be cloned: .*\nhint: set `submodules: false` of plug-a in hsm\.yaml/,
  });
  assertEquals(await app.list("packages"), []);

  await Deno.remove(lib.path, { recursive: true });
  (await hsm("clone", "--yes")).expect({ code: 1, stderr: /does not (?:exist|appear to be)/ });
  assertEquals(await app.list("packages"), []);
});

Deno.test("submodules: false leaves them out in dev mode, and nothing speaks of them", async () => {
  await using it = await scene("{ tag: v1.0.0, mode: dev, submodules: false }");
  const { app, plug, lib } = it;

  (await app.hsm("sync", "--yes")).expect({ code: 0 });

  assertEquals(await signs(it), `-${LIB}\n`);
  (await app.hsm("status")).expect({ code: 0, stdout: /main  +1\.0\.0 editable  ok\n$/ });
  (await app.hsm("doctor")).expect({ code: 0, stdout: /ok +checkouts +plug-a\n/ });
  await lib.commit("data.py", "VALUE = 2\n");
  await plug.bump(LIB);
  (await app.hsm("pull")).expect({
    code: 0,
    stdout: "plug-a  updated: 1 new commit\n",
    stderr: "",
  });
  (await app.hsm("clone")).expect({ code: 0, stderr: "" });
  assertEquals(await signs(it), `-${LIB}\n`);
});

Deno.test("submodules: false of one package counts for all that share its checkout", async () => {
  await using it = await scene("{ tag: v1.0.0, mode: dev }");
  const { app } = it;
  await app.write(
    "hsm.yaml",
    `mode: dev
git: {remotes}/plug-a
packages:
  plug-a: { path: packages/plug-a }
  plug-b: { path: packages/plug-a, submodules: false }
`,
  );

  (await app.hsm("clone", "--yes")).expect({ code: 0 });

  assertEquals(await signs(it), `-${LIB}\n`);
});

Deno.test("submodules that git is told to leave alone are left alone", async () => {
  await using it = await scene();
  const { app, plug, hsm } = it;
  for (const name of ["none", "inactive", "active"]) {
    await makeLibrary(app, name);
    await plug.add(name, `vendor/${name}`);
  }
  await plug.git("config", "--file=.gitmodules", "submodule.vendor/none.update", "none");
  await plug.git("commit", "-q", "-a", "-m", "Leave one alone");
  const config = join(app.folder, "home/.gitconfig");
  await Deno.writeTextFile(
    config,
    `[submodule]\n\tactive = vendor\n\tactive = :(exclude)*/inactive\n`,
  );

  (await hsm("clone", "--yes")).expect({ code: 0 });

  const left = `-${LIB}\n vendor/active\n-vendor/inactive\n-vendor/none\n`;
  assertEquals(await signs(it), left);
  (await hsm("pull")).expect({ code: 0, stdout: "plug-a  is up to date\n", stderr: "" });
  (await hsm("status")).expect({ code: 0, stdout: /  main  / });
  assertEquals(await signs(it), left);

  // The user's own word about one goes before that, in both directions.
  await Deno.remove(config);
  await it.git(".", "config", `submodule.${LIB}.active`, "false");
  await it.git(".", "config", "submodule.vendor/none.update", "checkout");
  (await hsm("pull")).expect({
    code: 0,
    stdout: "plug-a  is up to date\n",
    stderr: `Cloned the submodules vendor/none, vendor/inactive of ${CHECKOUT}\n`,
  });
  assertEquals(await signs(it), `-${LIB}\n vendor/active\n vendor/inactive\n vendor/none\n`);
});

Deno.test("a checkout without its submodules is told, and hsm clone, sync or pull brings them", async () => {
  for (const command of ["clone", "sync", "pull"]) {
    await using it = await clonedWithout();
    const { hsm } = it;
    (await hsm("status")).expect({
      code: 0,
      stdout: new RegExp(
        `  main  [^,]*  its submodule ${LIB} is missing: run \`hsm clone plug-a\``,
      ),
    });
    (await hsm("doctor")).expect({
      code: 1,
      stdout: new RegExp(
        `plug-a: a submodule is missing in ${CHECKOUT}: ${LIB}\n.*hsm clone plug-a`,
      ),
    });

    const run = (await hsm(command)).expect({ code: 0 });

    assertStringIncludes(run.stderr, `Cloned the submodule ${LIB} of ${CHECKOUT}\n`);
    assertEquals(await signs(it), WHOLE, command);
    assertEquals((await hsm(command)).expect({ code: 0 }).stderr.includes("Cloned"), false);
  }
});

Deno.test("a submodule that cannot be had is a warning where the checkout is there, and no end of it", async () => {
  await using it = await clonedWithout();
  const { app, hsm } = it;
  const warning =
    `warning: ${CHECKOUT} is not whole: its submodule ${LIB} could not be cloned: fatal: transport 'file' not allowed (file://[DIR]/remotes/lib); set \`submodules: false\` of plug-a in hsm.yaml to do without them in dev mode; whether git may fetch them is up to its \`protocol.file.allow\`\n`;

  const run = await app.hsm("clone", "--json");
  run.expect({ code: 0, stderr: warning });
  assertEquals(run.json(), {
    checkouts: [{
      package: "plug-a",
      path: CHECKOUT,
      state: "present",
      missingSubmodules: [LIB],
    }],
  });

  // Each sync looks again, until they are there.
  (await app.hsm("sync")).expect({ code: 0 });
  assertStringIncludes((await app.hsm("sync")).expect({ code: 0 }).stderr, warning);
  (await hsm("sync")).expect({ code: 0, stderr: /^(?!.*warning)/ });
  assertEquals(await signs(it), WHOLE);

  (await app.hsm("pull")).expect({ code: 0, stdout: "plug-a  is up to date\n" });
});

Deno.test("hsm sync clones what a new .gitmodules names", async () => {
  await using it = await scene();
  const { app, plug, hsm, git } = it;
  (await hsm("sync", "--yes")).expect({ code: 0 });
  (await hsm("sync")).expect({ code: 0 });
  await makeLibrary(app, "more");
  await plug.add("more", "vendor/more");
  await git(".", "pull", "-q", "--no-recurse-submodules");

  (await hsm("sync")).expect({ code: 0 });

  assertEquals(await signs(it), `${WHOLE} vendor/more\n`);
});

Deno.test("a .gitmodules with conflicts ends no command", async () => {
  await using it = await cloned();
  const { hsm, sh } = it;
  (await hsm("sync")).expect({ code: 0 });
  await sh("printf '<<<<<<< HEAD\\n' >> .gitmodules");

  assertStringIncludes(
    (await hsm("sync")).expect({ code: 0 }).stderr,
    `warning: ${CHECKOUT} is not whole: git cannot read its .gitmodules\n`,
  );
  (await hsm("status")).expect({ code: 0 });
  (await hsm("pull")).expect({ code: 0, stdout: /^plug-a  left alone: / });
});

Deno.test("hsm clone makes submodules partial, too, where it is told a filter", async () => {
  await using it = await scene();
  const { lib, hsm } = it;
  await lib.git("config", "uploadpack.allowFilter", "true");
  await lib.git("config", "uploadpack.allowAnySHA1InWant", "true");

  (await hsm("clone", "--yes", "--filter", "blob:none")).expect({ code: 0 });

  assertEquals(await signs(it), WHOLE);
  assertEquals(await it.git(LIB, "config", "remote.origin.partialCloneFilter"), "blob:none\n");
});

Deno.test("checkouts without submodules take hsm no git more", async () => {
  await using app = await testApp({
    plugins: ["plug-a"],
    files: { "hsm.local.yaml": "mode: dev\n" },
  });
  const log = join(app.folder, "log");
  const note = `echo "$word" >> ${log}`;
  const env = await wrapGit(app, { submodule: note, "ls-files": note, "--get-regexp": note });
  (await app.hsmWith(env, "clone", "--yes")).expect({ code: 0 });
  await Deno.writeTextFile(log, "");

  (await app.hsmWith(env, "status")).expect({ code: 0 });
  (await app.hsmWith(env, "clone")).expect({ code: 0 });
  (await app.hsmWith(env, "pull")).expect({ code: 0 });

  assertEquals((await Deno.readTextFile(log)).includes("submodule"), false);
  assertEquals(await Deno.readTextFile(log), "");
});

Deno.test("hsm check says that prod mode has no way without submodules", async () => {
  await using it = await scene("{ tag: v1.1.0, submodules: false }");
  const { app } = it;
  const warning = `warning: uv fetches the submodules of plug-a in prod mode, always
  plug-a  hsm.yaml  submodules: false
  fix: make sure that uv can fetch them: this key leaves them out in dev mode only

1 warning, 1 package fits
`;

  for (const args of [[], ["--prod"], ["--offline"]]) {
    (await app.hsm("check", ...args)).expect({ code: 0, stdout: warning });
  }
  await app.write("hsm.yaml", (await app.read("hsm.yaml")).replace("v1.1.0", "v1.0.0"));
  (await app.hsm("check")).expect({ code: 0, stdout: "1 package fits\n" });
});
