import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { type AppOptions, type TestApp, testApp } from "../harness/app.ts";

/** An app that is a git repository with a commit. */
async function committedApp(options: AppOptions = {}): Promise<TestApp> {
  const app = await testApp({ plugins: ["my-plugin"], ...options });
  await app.git(".", "init", "-q", "-b", "main");
  await app.git(".", "add", "--all");
  await app.git(".", "commit", "-qm", "begin");
  return app;
}

/** What git sees that is not committed. */
async function seen(app: TestApp): Promise<readonly string[]> {
  const status = await app.git(".", "status", "--porcelain", "--untracked-files=all");
  return status.split("\n").filter((line) => line !== "");
}

const IN_DEV = ["dev", "my-plugin", "--yes", "--no-sync"];

Deno.test("the first command that changes files tells git its rules, and no later one adds to them", async () => {
  await using app = await committedApp();

  (await app.hsm("sync")).expect({ code: 0 });

  assertEquals(await app.read(".gitignore"), "/packages/\n/hsm.local.yaml\n");
  await app.git(".", "add", "--all");
  await app.git(".", "commit", "-qm", "sync");
  (await app.hsm(...IN_DEV)).expect({ code: 0 });
  (await app.hsm("clone", "--yes")).expect({ code: 0 });
  assertEquals(await seen(app), []);
});

Deno.test("hsm clone and hsm new tell git their rules", async () => {
  await using app = await committedApp();
  await app.write("hsm.local.yaml", "mode: dev\n");
  (await app.hsm("clone", "--yes")).expect({ code: 0 });
  assertEquals(await seen(app), ["?? .gitignore"]);
  await Deno.remove(join(app.root, ".gitignore"));

  (await app.hsm("new", "other", "--no-sync")).expect({ code: 0 });

  assertEquals(await seen(app), [" M hsm.yaml", "?? .gitignore"]);
});

Deno.test("a command that fails leaves .gitignore as it was", async () => {
  await using app = await committedApp({
    manifest: `git: {remotes}/{name}
packages:
  my-plugin: { tag: v1.0.0, path: src }
  gone: v1.0.0
`,
    files: { "src/own.py": "", ".gitignore": "dist\n" },
  });

  await app.untouched(async () => {
    (await app.hsm("dev", "my-plugin", "--yes")).expect({ code: 2 });
  });
  await app.unchanged(async () => {
    (await app.hsm("sync")).expect({ code: 1 });
  });

  assertEquals(await seen(app), []);
});

Deno.test("only what git does not ignore already is added to .gitignore", async () => {
  for (
    const [where, rules, added] of [
      [".git/info/exclude", "packages/\nhsm.local.yaml\n", null],
      [".git/info/exclude", "packages/*\n", "/hsm.local.yaml\n"],
      [".gitignore", "/packages\nhsm.local.yaml", "/packages\nhsm.local.yaml"],
      [".gitignore", "*.local.yaml\r\n", "*.local.yaml\r\n/packages/\r\n"],
      ["../home/ignore", "hsm.local.yaml\npackages\n", null],
    ] as const
  ) {
    await using app = await committedApp();
    await app.git(".", "config", "core.excludesFile", join(app.folder, "home/ignore"));
    await app.write(where, rules);

    (await app.hsm(...IN_DEV)).expect({ code: 0 });
    (await app.hsm("clone", "--yes")).expect({ code: 0 });

    const text = await app.exists(".gitignore") ? await app.read(".gitignore") : null;
    assertEquals(text, added, `${where}: ${rules}`);
  }
});

Deno.test("no rule hides files of the app's own", async () => {
  const manifest = `git: {remotes}/{name}
packages:
  my-plugin: v1.0.0
  elsewhere: { tag: v1.0.0, path: "vendor/a b[1]*" }
`;
  const plugins = ["my-plugin", "elsewhere"];
  // Committed, or only just made.
  for (const committed of [true, false]) {
    await using app = await committedApp({ plugins, manifest });
    await app.write("packages/own/pyproject.toml", "");
    await app.write("src/packages/own.py", "");
    if (committed) {
      await app.git(".", "add", "--all");
      await app.git(".", "commit", "-qm", "own");
    }

    (await app.hsm("dev", "my-plugin", "elsewhere", "--no-sync")).expect({ code: 0 });
    (await app.hsm("clone", "--yes")).expect({ code: 0 });

    assertEquals(
      await app.read(".gitignore"),
      "/packages/my-plugin\n/vendor/a b\\[1]\\*\n/hsm.local.yaml\n",
    );
    await app.write("packages/own/new.py", "");
    await app.write("src/packages/new.py", "");
    await app.write("vendor/new.py", "");
    const files = (await seen(app)).map((line) => line.slice(3));
    for (const file of ["packages/own/new.py", "src/packages/new.py", "vendor/new.py"]) {
      assertEquals(files.includes(file), true, `${file} is hidden`);
    }
    assertEquals(files.filter((file) => /my-plugin|a b|hsm\.local/.test(file)), []);
  }
});

Deno.test("a checkout that is a link, or behind one, is ignored where it really lies", async () => {
  await using app = await committedApp({ plugins: ["my-plugin", "other"] });
  await Deno.mkdir(join(app.root, "plugins"));
  await Deno.symlink("plugins", join(app.root, "packages"));
  await app.git(".", "clone", "-q", app.plugin("my-plugin").url, "../shared");
  await Deno.symlink("../../shared", join(app.root, "plugins/my-plugin"));
  await app.git(".", "add", "packages");
  await app.git(".", "commit", "-qm", "link");

  (await app.hsm("dev", "my-plugin", "other", "--no-sync")).expect({ code: 0 });
  (await app.hsm("clone", "--yes")).expect({ code: 0 });

  assertEquals(await seen(app), ["?? .gitignore"]);
});

Deno.test("a .gitignore that is a link is left alone: git's own exclude file gets the rules", async () => {
  for (const inside of [true, false]) {
    await using app = await committedApp();
    const target = inside ? "rules" : "../outside";
    await app.write(target, "# mine\n");
    await Deno.symlink(target, join(app.root, ".gitignore"));

    const run = await app.hsm(...IN_DEV);

    run.expect({
      code: 0,
      stderr:
        "warning: .gitignore is a link, which git does not read: /packages/, /hsm.local.yaml goes into .git/info/exclude\n",
    });
    assertEquals(await app.read(target), "# mine\n");
    assertMatch(await app.read(".git/info/exclude"), /\n\/packages\/\n\/hsm\.local\.yaml\n$/);
    (await app.hsm("clone", "--yes")).expect({ code: 0, stderr: /^Cloned [^\n]*\n$/ });
    const files = (await seen(app)).map((line) => line.slice(3));
    assertEquals(files, inside ? [".gitignore", "rules"] : [".gitignore"]);
    (await app.hsm("undo", "--no-sync")).expect({ code: 0 });
    assertEquals((await app.read(".git/info/exclude")).includes("packages"), false);
  }
});

Deno.test("a .gitignore that is a link does in a repository that was made without git's templates", async () => {
  await using app = await committedApp();
  await Deno.remove(join(app.root, ".git/info"), { recursive: true });
  await Deno.symlink("rules", join(app.root, ".gitignore"));

  (await app.hsm(...IN_DEV)).expect({ code: 0 });

  assertEquals(await app.read(".git/info/exclude"), "/packages/\n/hsm.local.yaml\n");
  assertEquals(await seen(app), ["?? .gitignore"]);
});

Deno.test("in a folder of its repository, and in a linked worktree, rules are about the app's folder", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  await app.git("..", "init", "-q", "-b", "main");
  await app.write("../.gitignore", "home\nremotes\n");
  await Deno.symlink("nowhere", join(app.root, ".gitignore"));
  await app.git("..", "add", "--all");
  await app.git("..", "commit", "-qm", "begin");
  await app.git("..", "worktree", "add", "-q", "linked");

  (await app.hsm("-C", "../linked/app", "dev", "my-plugin", "--no-sync")).expect({ code: 0 });
  (await app.hsm("-C", "../linked/app", "clone", "--yes")).expect({ code: 0 });

  assertEquals(await app.git("../linked/app", "status", "--porcelain"), "");
  assertMatch(
    await app.read("../.git/info/exclude"),
    /\n\/app\/packages\/\n\/app\/hsm\.local\.yaml\n$/,
  );
});

Deno.test("hsm undo takes the rules back with the rest", async () => {
  await using app = await committedApp({ files: { ".gitignore": "dist" } });
  const before = await app.texts();
  (await app.hsm("sync")).expect({ code: 0 });
  const after = await app.texts();
  assertEquals(after[".gitignore"], "dist\n/packages/\n/hsm.local.yaml\n");

  (await app.hsm("undo", "--no-sync")).expect({
    code: 0,
    stdout: "undone  1  hsm sync  pyproject.toml, .gitignore, uv.lock\n",
  });

  assertEquals(await app.texts(), before);
  (await app.hsm("undo", "--no-sync")).expect({ code: 0 });
  assertEquals(await app.texts(), after);
});

Deno.test("hsm undo takes hsm init back", async () => {
  await using app = await testApp();
  await Deno.remove(join(app.root, "hsm.yaml"));
  const before = await app.texts();
  (await app.hsm("init")).expect({ code: 0 });

  (await app.hsm("undo", "--no-sync")).expect({
    code: 0,
    stdout: "undone  1  hsm init  hsm.yaml, .gitignore\n",
  });

  assertEquals(await app.texts(), before);
  (await app.hsm("status")).expect({ code: 2, stderr: /^error: Cannot find hsm\.yaml in / });
});
