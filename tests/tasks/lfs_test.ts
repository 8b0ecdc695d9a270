import { assertEquals, assertStringIncludes } from "@std/assert";
import { APP_PYPROJECT, type TestApp, testApp } from "../harness/app.ts";
import { installLfs, lfsTest, releaseWithLfs } from "../harness/lfs.ts";

const TEXT = "what Git LFS keeps\n";
const READ =
  "import importlib.resources as it; print((it.files('plug_a') / 'data.bin').read_text(), end='')";

/** An app with a plugin that has a file in Git LFS, and the variables with which git can fetch it. */
async function lfsApp(): Promise<[TestApp, Record<string, string>]> {
  const app = await testApp({
    plugins: ["plug-a"],
    manifest: "git: {remotes}/{name}\npackages:\n  plug-a: { tag: v1.1.0, lfs: true }\n",
  });
  const env = await installLfs(app);
  const about = { plugin: "plug-a", module: "plug_a", tag: "v1.1.0", text: TEXT };
  await releaseWithLfs(app, about, env);
  return [app, env];
}

Deno.test("lfs: true goes into the source, and comes out again exactly", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  const manifest = (rest: string) => app.write("hsm.yaml", `git: {remotes}/{name}\n${rest}`);
  const url = app.plugin("plug-a").url;

  await manifest("packages:\n  plug-a: { tag: v1.0.0, lfs: true }\n");
  (await app.hsm("inject")).expect({
    code: 0,
    stdout:
      `+  plug-a  requirement  plug-a\n+  plug-a  source       { git = "[DIR]", tag = "v1.0.0", lfs = true }\n`
        .replace("[DIR]", `file://[DIR]/remotes/plug-a`),
  });
  assertStringIncludes(
    await app.read("pyproject.toml"),
    `plug-a = { git = "${url}", tag = "v1.0.0", lfs = true }\n`,
  );
  (await app.hsm("map")).expect({ code: 0, stdout: /@ v1\.0\.0, with LFS\n$/ });
  (await app.hsm("inject")).expect({ code: 0, stdout: "" });

  await manifest("packages:\n  plug-a: v1.0.0\n");
  (await app.hsm("status")).expect({
    code: 0,
    stdout: /pyproject\.toml asks for what Git LFS keeps\n$/,
  });
  (await app.hsm("inject")).expect({ code: 0 });
  assertEquals((await app.read("pyproject.toml")).includes("lfs"), false);

  await manifest("packages:\n  plug-a: { tag: v1.0.0, lfs: true, mode: dev }\n");
  (await app.hsm("inject", "--yes")).expect({ code: 0 });
  assertEquals((await app.read("pyproject.toml")).includes("lfs"), false);

  await manifest("packages: {}\n");
  (await app.hsm("inject")).expect({ code: 0 });
  assertEquals(await app.read("pyproject.toml"), APP_PYPROJECT);
});

Deno.test("a source with lfs that stood there by hand comes back, and hsm init takes it over", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  const own = APP_PYPROJECT.replace("[]", '["plug-a"]') +
    `\n[tool.uv.sources]\nplug-a = { git = "${
      app.plugin("plug-a").url
    }", tag = "v1.0.0", lfs = true } # mine\n`;
  await app.write("pyproject.toml", own);

  (await app.hsm("inject")).expect({ code: 0 });
  assertEquals((await app.read("pyproject.toml")).includes("lfs = true } # mine"), false);
  await app.write("hsm.yaml", "packages: {}\n");
  (await app.hsm("inject")).expect({ code: 0 });
  assertEquals(await app.read("pyproject.toml"), own);

  await Deno.remove(`${app.root}/hsm.yaml`);
  (await app.hsm("init", "--yes")).expect({ code: 0 });
  assertStringIncludes(await app.read("hsm.yaml"), "  plug-a:\n    tag: v1.0.0\n    lfs: true\n");
  const before = await app.read("pyproject.toml");
  (await app.hsm("inject")).expect({ code: 0 });
  assertStringIncludes(await app.read("pyproject.toml"), before.match(/plug-a = \{.*\}/)![0]);
});

Deno.test("what git lacks for lfs: true is told by check and doctor", async () => {
  await using app = await testApp({
    plugins: ["plug-a"],
    manifest: "git: {remotes}/{name}\npackages:\n  plug-a: { tag: v1.0.0, lfs: true }\n",
  });

  // What `git lfs install --local` wrote for the app's own repository does not count where uv clones.
  await app.git(".", "init", "-q");
  await app.git(".", "config", "filter.lfs.process", "git-lfs filter-process");
  (await app.hsm("check")).expect({
    code: 0,
    stdout:
      /^warning: plug-a has files that Git LFS keeps, and (?:there is no git-lfs|git-lfs is not set up in git's configuration)\n  plug-a  hsm\.yaml  lfs: true\n  fix: .*`git lfs install`\n\n1 warning, 1 package fits\n$/,
  });
  (await app.hsm("doctor")).expect({
    code: 1,
    stdout: /error +git-lfs +.*, and `lfs: true` of plug-a needs it\n.*`git lfs install`/,
  });
});

lfsTest("hsm sync gets the files that Git LFS keeps, in prod and in dev mode", async () => {
  const [app, env] = await lfsApp();
  await using _ = app;

  (await app.hsmWith(env, "sync")).expect({ code: 0 });
  assertEquals(`${await app.python(READ)}\n`, TEXT);
  (await app.hsmWith(env, "status")).expect({ code: 0, stdout: / ok\n$/ });
  (await app.hsmWith(env, "check")).expect({ code: 0, stdout: "1 package fits\n" });
  (await app.hsmWith(env, "doctor")).expect({
    code: 0,
    stdout: /ok +git-lfs +it is set up, for plug-a\n/,
  });
  (await app.hsmWith(env, "sync", "--locked")).expect({ code: 0 });

  (await app.hsmWith(env, "dev", "plug-a", "--yes")).expect({ code: 0 });
  assertEquals(await app.read("packages/plug-a/src/plug_a/data.bin"), TEXT);
  assertEquals(`${await app.python(READ)}\n`, TEXT);
  (await app.hsmWith(env, "status")).expect({ code: 0, stdout: /  main  .* ok\n$/ });
});

lfsTest(
  "where git lfs is not set up, hsm sync fails with the way out, and a clone says so",
  async () => {
    const [app, env] = await lfsApp();
    await using _ = app;

    await app.unchanged(async () => {
      (await app.hsm("sync")).expect({
        code: 1,
        stderr:
          /\n {2}cause: git could not fetch the files of plug-a that Git LFS keeps\n(?:.*\n)*hint: run `git lfs install`; `hsm doctor` says whether that was all\n$/,
      });
    });
    (await app.hsm("dev", "plug-a", "--no-sync")).expect({ code: 0 });
    (await app.hsm("clone", "--yes")).expect({
      code: 0,
      stderr:
        "Cloned plug-a into packages/plug-a\nwarning: packages/plug-a lacks the files that Git LFS keeps, for git-lfs is not set up in git's configuration: run `git lfs install`, then `git -C packages/plug-a lfs pull`\n",
    });
    assertStringIncludes(await app.read("packages/plug-a/src/plug_a/data.bin"), "git-lfs");

    (await app.hsmWith(env, "prod", "plug-a")).expect({ code: 0 });
    assertEquals(`${await app.python(READ)}\n`, TEXT);
  },
);

lfsTest("hsm pull brings the files that Git LFS keeps", async () => {
  const [app, env] = await lfsApp();
  await using _ = app;
  await app.write("hsm.local.yaml", "mode: dev\n");
  (await app.hsmWith(env, "clone", "--yes")).expect({ code: 0 });
  const about = { plugin: "plug-a", module: "plug_a", tag: "v1.2.0", text: "more\n" };
  await releaseWithLfs(app, about, env);

  (await app.hsmWith(env, "pull")).expect({
    code: 0,
    stdout: "plug-a  updated: 1 new commit\n",
  });

  assertEquals(await app.read("packages/plug-a/src/plug_a/data.bin"), "more\n");
});
