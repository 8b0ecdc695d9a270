import { assertEquals } from "@std/assert";
import { type TestApp, testApp } from "../harness/app.ts";
import { wrapGit } from "../harness/wrap_git.ts";

/** An app of which two packages lie in one repository, and a third one by itself; all are in dev mode, and cloned. */
async function sharedApp(): Promise<TestApp> {
  const app = await testApp({
    plugins: [{ name: "plug-a", folder: "a" }, "plug-c"],
    manifest: `mode: dev
packages:
  plug-a: { git: "{remotes}/plug-a", tag: v1.0.0, path: packages/both, subdirectory: a }
  plug-c: { git: "{remotes}/plug-c", tag: v1.0.0 }
  plug-b: { git: "{remotes}/plug-a", tag: v1.1.0, path: packages/both, subdirectory: b }
`,
  });
  await app.plugin("plug-a").release({ name: "plug-b", folder: "b", version: "1.1.0" });
  (await app.hsm("clone", "--yes")).expect({ code: 0 });
  return app;
}

Deno.test("hsm exec runs once in a checkout that packages share, and names them", async () => {
  await using app = await sharedApp();
  // A second commit in the same folder would fail: nothing is left to commit, or the index is locked.
  await app.write("packages/both/new.txt", "new\n");
  await app.git("packages/both", "add", "new.txt");
  await app.write("packages/plug-c/new.txt", "new\n");
  await app.git("packages/plug-c", "add", "new.txt");

  (await app.hsm("exec", "--", "git", "commit", "-q", "-m", "New")).expect({
    code: 0,
    stdout: "",
    stderr: "Done in 2 checkouts\n",
  });
  const show = ["sh", "-c", 'echo "$HSM_PACKAGE: $HSM_PACKAGES"'];
  const run = await app.hsm("exec", "-j1", "--", ...show);
  run.expect({
    code: 0,
    stdout: `== plug-a, plug-b
plug-a: plug-a plug-b
== plug-c
plug-c: plug-c
`,
    stderr: "Done in 2 checkouts\n",
  });
  (await app.hsm("exec", "-j1", "--prefix", "--", ...show)).expect({
    code: 0,
    stdout: `plug-a, plug-b | plug-a: plug-a plug-b
plug-c         | plug-c: plug-c
`,
    stderr: "Done in 2 checkouts\n",
  });
  (await app.hsm("exec", "plug-b", "--", ...show)).expect({
    code: 0,
    stdout: "plug-b: plug-b\n",
    stderr: "",
  });
  (await app.hsm("exec", "plug-a", "plug-b", "--prefix", "--", "sh", "-c", "exit 3")).expect({
    code: 3,
    stdout: "",
    stderr: `error: Cannot run \`sh -c exit 3\` everywhere: it failed in 1 of 1 checkout
  cause: plug-a, plug-b: it exited with code 3
`,
  });
  assertEquals((await app.hsm("exec", "plug-b", "plug-a", "--json", "--", "pwd")).json(), {
    runs: [{
      package: "plug-a",
      packages: ["plug-a", "plug-b"],
      path: "packages/both",
      code: 0,
      stdout: "[DIR]/app/packages/both\n",
      stderr: "",
    }],
  });
});

Deno.test("hsm status --fetch and pull run git once in a checkout that packages share", async () => {
  await using app = await sharedApp();
  // Whoever fetches while another one does finds it out.
  const env = await wrapGit(app, {
    fetch: "echo fetch >> ../../fetches; mkdir .git/busy || exit 1; sleep 0.3; rmdir .git/busy",
    status: "echo status >> ../../statuses",
  });
  const fetches = async () => {
    const lines = (await app.read("fetches")).trimEnd().split("\n").length;
    await app.write("fetches", "");
    return lines;
  };
  await app.plugin("plug-a").commit("new.txt", "1\n");

  const status = await app.hsmWith(env, "status", "--fetch");
  status.expect({
    code: 0,
    stdout: `package  mode  pin     checkout        installed  state
plug-a   dev   v1.0.0  main, 1 behind  -          pyproject.toml has no source for it
plug-c   dev   v1.0.0  main            -          pyproject.toml has no source for it
plug-b   dev   v1.1.0  main, 1 behind  -          pyproject.toml has no source for it
`,
    stderr: "",
  });
  assertEquals(await fetches(), 2);

  (await app.hsmWith(env, "pull")).expect({
    code: 0,
    stdout: `plug-a  updated: 1 new commit
plug-c  is up to date
plug-b  updated: 1 new commit
`,
    stderr: "",
  });
  assertEquals(await fetches(), 2);
  assertEquals(await app.read("packages/both/new.txt"), "1\n");
});

Deno.test("a checkout that is shared through a link is one as well", async () => {
  await using app = await sharedApp();
  const manifest = await app.read("hsm.yaml");
  await Deno.symlink("both", `${app.root}/packages/link`);
  await app.write(
    "hsm.yaml",
    manifest.replace(
      "path: packages/both, subdirectory: b",
      "path: packages/link, subdirectory: b",
    ),
  );
  const env = await wrapGit(app, {
    fetch: "mkdir .git/busy || exit 1; sleep 0.3; rmdir .git/busy",
  });
  await app.plugin("plug-a").commit("new.txt", "1\n");

  (await app.hsmWith(env, "pull")).expect({
    code: 0,
    stdout: `plug-a  updated: 1 new commit
plug-c  is up to date
plug-b  updated: 1 new commit
`,
    stderr: "",
  });
  (await app.hsm("exec", "-j1", "--", "pwd")).expect({
    code: 0,
    stdout: "== plug-a, plug-b\n[DIR]/app/packages/both\n== plug-c\n[DIR]/app/packages/plug-c\n",
    stderr: "Done in 2 checkouts\n",
  });
});

Deno.test("what is missing, failed or left behind of a shared checkout is told once", async () => {
  await using app = await sharedApp();
  await app.write("packages/both/mine.txt", "mine\n");
  (await app.hsm("prod", "plug-a", "plug-b", "--no-sync")).expect({
    code: 0,
    stdout: "plug-a  dev → prod\nplug-b  dev → prod\n",
    stderr:
      "warning: packages/both has 1 uncommitted file, which the app does without in prod mode\n",
  });
  (await app.hsm("dev", "plug-a", "plug-b", "--no-sync")).expect({ code: 0 });

  await Deno.rename(app.plugin("plug-a").path, `${app.folder}/away`);
  (await app.hsm("status", "--fetch", "plug-a", "plug-b")).expect({
    code: 0,
    stderr: /^warning: Cannot fetch plug-a, plug-b: fatal: [^\n]*\n$/,
  });
  (await app.hsm("pull", "plug-a", "plug-b")).expect({
    code: 1,
    stdout: "plug-a  not fetched\nplug-b  not fetched\n",
    stderr:
      /^error: Cannot fetch plug-a, plug-b\n {2}cause: plug-a, plug-b: fatal: [^\n]*\nhint: [^\n]*\n$/,
  });

  await Deno.remove(`${app.root}/packages/both`, { recursive: true });
  (await app.hsm("exec", "--", "true")).expect({
    code: 2,
    stdout: "",
    stderr: `error: Cannot run a command in plug-a, plug-b: packages/both is missing
hint: run \`hsm clone plug-a plug-b\`
`,
  });
  (await app.hsm("clone")).expect({
    code: 2,
    stdout: "",
    stderr: `error: Cannot go on without the checkout of plug-a, plug-b: packages/both is missing
hint: run \`hsm clone --yes\`
`,
  });
  (await app.hsm("clone", "--yes")).expect({
    code: 1,
    stdout: "",
    stderr: /^error: Cannot clone plug-a, plug-b\n {2}(?:cause: )?plug-a, plug-b: fatal: [^\n]*\n/,
  });
});

Deno.test("hsm remove keeps a checkout that another package uses", async () => {
  await using app = await sharedApp();

  (await app.hsm("remove", "plug-b", "--no-sync")).expect({
    code: 0,
    stdout: "-  plug-b\n",
    stderr: "packages/both stays as it is: plug-a is in it\n",
  });
  (await app.hsm("remove", "plug-a", "--no-sync")).expect({
    code: 0,
    stdout: "-  plug-a\n",
    stderr: "packages/both stays as it is; delete it when you need it no longer\n",
  });
});
