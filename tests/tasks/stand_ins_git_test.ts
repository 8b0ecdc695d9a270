import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { type AppOptions, type TestApp, testApp } from "../harness/app.ts";

/** An app that is installed at its pins, and a git repository with a commit whose .gitignore has no rule of HSM's. */
async function installedApp(options: AppOptions = {}): Promise<TestApp> {
  const app = await testApp({ plugins: ["my-plugin"], ...options });
  (await app.hsm("sync")).expect({ code: 0 });
  await app.write(".gitignore", "dist");
  await app.git(".", "init", "-q", "-b", "main");
  await app.git(".", "add", "--all", "--", ":!hsm.local.yaml", ":!packages");
  await app.git(".", "commit", "-qm", "begin");
  return app;
}

/** What git sees that is not committed. */
function seen(app: TestApp, folder = "."): Promise<string> {
  return app.git(folder, "status", "--porcelain", "--untracked-files=all");
}

const STAND_IN = ["dev", "my-plugin", "--inject", "environment", "--yes"];

Deno.test("git sees nothing of checkouts that stand in: its rules go into its own exclude file", async () => {
  await using app = await installedApp();
  const exclude = await app.read(".git/info/exclude");

  (await app.hsm(...STAND_IN)).expect({ code: 0 });

  assertEquals(await app.read(".gitignore"), "dist");
  assertEquals(await app.read(".git/info/exclude"), `${exclude}/packages/\n/hsm.local.yaml\n`);
  assertEquals(await seen(app), "");
});

Deno.test("through dev, an edit, sync and prod nothing that git sees changes, and nothing is said twice", async () => {
  await using app = await installedApp();
  const files = async () => [
    await app.read(".gitignore"),
    await app.read("pyproject.toml"),
    await app.read("uv.lock"),
  ];
  const before = await files();

  (await app.hsm(...STAND_IN)).expect({ code: 0 });
  const exclude = await app.read(".git/info/exclude");
  await app.write("packages/my-plugin/src/my_plugin/__init__.py", `VALUE = "edited"\n`);
  (await app.hsm("sync")).expect({ code: 0 });
  assertEquals(await app.python("import my_plugin; print(my_plugin.VALUE)"), "edited");
  assertEquals(await seen(app), "");
  (await app.hsm("prod", "my-plugin")).expect({ code: 0 });

  assertEquals(await app.python("import my_plugin; print(my_plugin.VALUE)"), "1.0.0");
  assertEquals(await files(), before);
  assertEquals(await app.read(".git/info/exclude"), exclude);
  assertEquals(await seen(app), "");
});

Deno.test("where a package is in dev mode by pyproject.toml too, the rules go into .gitignore", async () => {
  await using app = await installedApp({ plugins: ["my-plugin", "other"] });
  await app.write("hsm.local.yaml", "packages:\n  my-plugin: { mode: dev, inject: environment }\n");

  (await app.hsm("dev", "other", "--yes")).expect({ code: 0 });

  assertEquals(await app.read(".gitignore"), "dist\n/packages/\n/hsm.local.yaml\n");
});

Deno.test("outside of a repository no file of rules is made", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });

  (await app.hsm(...STAND_IN)).expect({ code: 0 });

  assertEquals(await app.exists(".gitignore"), false);
});

Deno.test("a command that fails, and one that is undone, take the rules out of git's exclude file", async () => {
  await using app = await installedApp();
  const exclude = await app.read(".git/info/exclude");
  await app.write("verify.py", "raise SystemExit(1)\n");
  await app.write("hsm.yaml", `${await app.read("hsm.yaml")}verify: [python verify.py]\n`);

  (await app.hsm(...STAND_IN)).expect({ code: 1 });

  assertEquals(await app.read(".git/info/exclude"), exclude);
  (await app.hsm(...STAND_IN, "--no-verify")).expect({ code: 0 });
  assertMatch(await app.read(".git/info/exclude"), /\n\/packages\/\n\/hsm\.local\.yaml\n$/);
  (await app.hsm("undo", "--no-sync")).expect({
    code: 0,
    stdout: /^undone {2}2 {2}hsm dev my-plugin .* hsm\.local\.yaml, \.git\/info\/exclude\n$/,
  });
  assertEquals(await app.read(".git/info/exclude"), exclude);
});

Deno.test("after a kill the next command takes the rules out of the exclude file of all worktrees", async () => {
  await using app = await installedApp();
  await app.write("kill.py", "import os; os.kill(os.getppid(), 9)\n");
  await app.write("hsm.yaml", `${await app.read("hsm.yaml")}verify: [python kill.py]\n`);
  await app.git(".", "add", "--all", "--", ":!packages");
  await app.git(".", "commit", "-qm", "verify");
  await app.git(".", "worktree", "add", "-q", "../linked");
  const exclude = await app.read(".git/info/exclude");

  (await app.hsm("-C", "../linked", ...STAND_IN)).expect({ code: 137 });

  assertMatch(await app.read(".git/info/exclude"), /\n\/packages\/\n\/hsm\.local\.yaml\n$/);
  (await app.hsm("-C", "../linked", "list")).expect({
    code: 0,
    stderr: /did not end well; restored hsm\.local\.yaml, .*\.git\/info\/exclude\n/,
  });
  assertEquals(await app.read(".git/info/exclude"), exclude);
});

Deno.test("in a folder of its repository, and in a linked worktree, git sees nothing either", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  (await app.hsm("sync")).expect({ code: 0 });
  await Deno.remove(join(app.root, ".gitignore"));
  await app.git("..", "init", "-q", "-b", "main");
  await app.write("../.gitignore", "home\nremotes\n");
  await app.git("..", "add", "--all");
  await app.git("..", "commit", "-qm", "begin");
  await Deno.remove(join(app.folder, ".git/info"), { recursive: true });
  await app.git("..", "worktree", "add", "-q", "linked");

  (await app.hsm("-C", "../linked/app", ...STAND_IN)).expect({ code: 0 });

  assertEquals(await seen(app, "../linked/app"), "");
  assertEquals(await app.read("../.git/info/exclude"), "/app/packages/\n/app/hsm.local.yaml\n");
});

Deno.test("hsm doctor names git's exclude file where nothing that git sees is to change", async () => {
  await using app = await installedApp();
  await app.write("hsm.local.yaml", "packages:\n  my-plugin: { mode: dev, inject: environment }\n");

  const run = await app.hsm("doctor");

  assertMatch(
    run.stdout,
    /git does not ignore \/packages\/, \/hsm\.local\.yaml\n.*add these lines to \.git\/info\/exclude/,
  );
});
