import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { must } from "../harness/program.ts";
import { uvProgram } from "../harness/repository.ts";
import { StandInApp } from "../harness/stand_ins.ts";

Deno.test("git sees nothing of a stand-in, whatever it does, and the stand-in outlives it", async () => {
  await using it = await StandInApp.make();
  const { app } = it;
  const git = (...args: string[]) => app.git(".", ...args);
  const elsewhere = join(app.folder, "elsewhere");
  /** Somebody else changes the app, and pushes. */
  const push = async (file: string, text: string) => {
    const there = (...args: string[]) => must(["git", "-C", elsewhere, ...args], { ...place });
    await there("pull", "-q", "origin", "main");
    await it.write(join(elsewhere, file), text);
    await there("add", "-A");
    await there("commit", "-q", "-m", `Change ${file}`);
    await there("push", "-q", "origin", "main");
  };
  const place = { cwd: app.folder, env: app.env };
  await must(["git", "clone", "-q", "--bare", app.root, "app.git"], place);
  await must(["git", "clone", "-q", "app.git", elsewhere], place);
  await git("remote", "add", "origin", join(app.folder, "app.git"));
  await it.dev("my-plugin");
  const pyproject = await app.read("pyproject.toml");
  const described = (text: string) =>
    pyproject.replace('version = "0.1.0"\n', `version = "0.1.0"\ndescription = "${text}"\n`);
  const holds = async (where: string) => {
    await it.assertClean(where);
    await it.uv("sync");
    await it.assertStanding("my-plugin", where);
    await it.assertClean(where);
    assertEquals(await it.agrees(), true, where);
  };

  await holds("dev");
  await app.write("pyproject.toml", described("mine"));
  await git("stash", "-q");
  await holds("stash");
  await git("stash", "pop", "-q");
  assertEquals(await git("status", "--porcelain"), " M pyproject.toml\n");
  await git("commit", "-q", "-a", "-m", "Describe");
  assertEquals(await git("show", "--format=", "--name-only"), "pyproject.toml\n");
  await holds("commit -a");
  await git("push", "-q", "origin", "main");

  await push("pyproject.toml", described("theirs"));
  await git("pull", "-q", "--ff-only", "origin", "main");
  assertStringIncludes(await app.read("pyproject.toml"), "theirs");
  await holds("pull");

  await git("checkout", "-q", "-b", "topic");
  await app.write("notes.txt", "topic\n");
  await it.commit("Note");
  await git("checkout", "-q", "main");
  await holds("checkout");
  await push("README.md", "The app\n");
  await git("pull", "-q", "origin", "main");
  await git("merge", "-q", "--no-edit", "topic");
  await holds("merge");
  await git("checkout", "-q", "-b", "other", "HEAD~1");
  await app.write("other.txt", "other\n");
  await it.commit("Another");
  await git("rebase", "-q", "main");
  await holds("rebase");

  // What is committed is in production everywhere else.
  await git("archive", "--output", join(app.folder, "app.tar"), "HEAD");
  const listed = await must(["tar", "-tf", "app.tar"], place);
  assertEquals(
    listed.split("\n").filter((path) => path !== "" && !path.endsWith("/")).sort(),
    (await git("ls-files")).trim().split("\n").sort(),
  );
  await git("worktree", "add", "-q", join(app.folder, "tree"), "main");
  const inTree = { cwd: join(app.folder, "tree"), env: app.env };
  await must([uvProgram(), "lock", "--check"], inTree);
  await must([uvProgram(), "sync", "--locked", "--quiet"], inTree);
  const code = "import my_plugin; print(my_plugin.VALUE)";
  assertEquals(await must([".venv/bin/python", "-c", code], inTree), "1.0.0\n");
  await holds("worktree");
});

Deno.test("a pin that comes by git is told, and the checkout stands in for it after the next hsm sync", async () => {
  await using it = await StandInApp.make();
  const { app } = it;
  await app.git(".", "branch", "before");
  await it.release("my-plugin", "1.1.0");
  (await app.hsm("update", "my-plugin")).expect({ code: 0 });
  await it.commit("Update");
  await app.git(".", "checkout", "-q", "before");
  (await app.hsm("sync")).expect({ code: 0 });
  await it.dev("my-plugin");
  await it.assertClean();

  await app.git(".", "checkout", "-q", "main");
  assertEquals(await it.status(), { "my-plugin": ["environment"] });
  // uv brings the new pin; the guard keeps the code.
  await it.uv("sync");
  assertEquals(await app.python("import my_plugin; print(my_plugin.VALUE)"), "1.3.0.dev0");
  assertEquals(await it.status(), { "my-plugin": ["environment"] });
  (await app.hsm("sync")).expect({ code: 0 });
  await it.assertStanding("my-plugin");
  assertEquals(await it.status(), {
    "my-plugin": { kind: "stand-in", path: "[DIR]/app/packages/my-plugin", for: "v1.1.0" },
  });
  await it.assertClean();

  // Without uv in between, too.
  await app.git(".", "checkout", "-q", "before");
  assertEquals(await it.status(), { "my-plugin": ["environment"] });
  (await app.hsm("sync")).expect({ code: 0 });
  await it.assertStanding("my-plugin");
  (await app.hsm("prod", "my-plugin")).expect({ code: 0 });
  assertEquals(await it.imported("my-plugin"), "1.0.0 1.0.0");
  await it.assertFresh();
});
