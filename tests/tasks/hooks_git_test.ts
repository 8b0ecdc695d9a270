import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { acquireLock } from "../../lib/transaction/lock.ts";
import { CALL, calls, git, gitWith, hookedApp, standsFor, withHsm } from "../harness/hooked_app.ts";

Deno.test("a pin that moves by checkout, merge, rebase or pull is renewed by a hook, and git sees nothing of it", async () => {
  await using app = await hookedApp();
  const moved = async (version: string, ...args: string[]) => {
    const [said, called] = await git(app, ".", ...args);
    assertEquals([called, await standsFor(app)], [CALL, version], `git ${args.join(" ")}`);
    assertEquals(await app.git(".", "status", "--porcelain"), "");
    return said;
  };

  assertEquals(await moved("1.1.0", "checkout", "next"), "Switched to branch 'next'\n");
  await moved("1.0.0", "switch", "-q", "main");
  await moved("1.1.0", "merge", "-q", "--no-ff", "-m", "merge", "next");
  await git(app, ".", "reset", "-q", "--hard", "HEAD~");
  await moved("1.0.0", "checkout", "-q", "-b", "mine");
  await app.git(".", "commit", "-q", "--allow-empty", "-m", "mine");
  await moved("1.1.0", "rebase", "-q", "next");
  await moved("1.0.0", "checkout", "-q", "-B", "mine", "main");
  await moved("1.1.0", "rebase", "-q", "next");
  await moved("1.0.0", "checkout", "-q", "main");
  await app.git(".", "clone", "-q", "--bare", ".", "../origin.git");
  await app.git(".", "remote", "add", "origin", "../origin.git");
  await moved("1.1.0", "pull", "-q", "--ff-only", "origin", "next");
});

Deno.test("the hooks pass over what moves no pin: files, amended commits, a stash", async () => {
  await using app = await hookedApp();
  await app.write("pyproject.toml", `${await app.read("pyproject.toml")}# mine\n`);
  for (
    const args of [
      ["stash", "push", "-q"],
      ["stash", "pop", "-q"],
      ["checkout", "-q", "HEAD", "--", "pyproject.toml"],
      ["commit", "-q", "--amend", "-m", "again"],
    ]
  ) assertEquals(await git(app, ".", ...args), ["", ""], args.join(" "));
  assertEquals(await standsFor(app), "1.0.0");
});

Deno.test("the hooks work in linked worktrees, and with git's variables around them", async () => {
  await using app = await hookedApp();
  await git(app, ".", "worktree", "add", "-q", "../linked", "-b", "linked");
  const stand = ["dev", "my-plugin", "--inject", "environment", "--yes"];
  (await app.hsm("-C", "../linked", ...stand)).expect({ code: 0 });
  assertEquals(await standsFor(app, "../linked"), "1.0.0");

  const [said, called] = await git(app, "../linked", "merge", "-q", "next");

  assertEquals([said, called, await standsFor(app, "../linked")], ["", CALL, "1.1.0"]);
  assertEquals(await standsFor(app), "1.0.0");
  assertEquals(await app.git("../linked", "status", "--porcelain"), "");
  const env = {
    ...await withHsm(app),
    GIT_DIR: join(app.root, ".git"),
    GIT_WORK_TREE: app.root,
    GIT_INDEX_FILE: join(app.root, ".git/index"),
    GIT_LITERAL_PATHSPECS: "1",
  };
  (await gitWith(app, env, "..", "checkout", "-q", "--detach", "next")).expect({
    code: 0,
    stderr: "",
  });
  assertEquals([await calls(app), await standsFor(app)], [CALL, "1.1.0"]);
});

Deno.test("no hook makes git fail: without hsm, with one that fails, beside one that runs", async () => {
  await using app = await hookedApp();
  const switchTo = async (branch: string, env: Readonly<Record<string, string>>) =>
    (await gitWith(app, env, ".", "checkout", "-q", branch)).expect({ code: 0 }).stderr;

  assertEquals(await switchTo("next", {}), "");
  assertEquals(await switchTo("main", await withHsm(app, "echo no >&2; exit 3")), "no\n");
  await Deno.remove(join(app.folder, "calls"));
  await app.git(".", "branch", "same", "next");
  {
    await using _ = await acquireLock(app.root, { command: "hsm other" });
    const said = await switchTo("next", await withHsm(app));
    assertEquals(
      said.split("\n")[0]?.replace(/ since .*/, ""),
      [
        `error: Cannot lock the workspace: \`hsm other\` (process ${Deno.pid}) runs`,
      ][0],
    );
  }
  assertEquals([await calls(app), await standsFor(app)], [CALL, "1.0.0"]);
  await app.hsm("sync");
  {
    await using _ = await acquireLock(app.root, { command: "hsm other" });
    // Where all stands in, there is nothing to wait for.
    assertEquals(await switchTo("same", await withHsm(app)), "");
    assertEquals(
      (await switchTo("main", await withHsm(app))).split("\n").slice(1),
      [
        "hint: run `hsm sync` as soon as it has ended: something else is locked, or installed, than what stands in",
        "",
      ],
    );
  }
  assertEquals([await calls(app), await standsFor(app)], [CALL + CALL, "1.1.0"]);
  await app.hsm("sync");
  // On a branch that is no workspace there is nothing to renew.
  await app.git(".", "checkout", "-q", "--orphan", "empty");
  await app.git(".", "rm", "-qrf", ".");
  await app.git(".", "commit", "-q", "--allow-empty", "-m", "empty");
  await app.git(".", "checkout", "-q", "main");
  assertEquals(await switchTo("empty", await withHsm(app)), "");
  assertEquals(await calls(app), "");
});

Deno.test("in hsm pull --app the hooks leave it to hsm", async () => {
  await using app = await hookedApp();
  await app.git(".", "clone", "-q", "--bare", ".", "../origin.git");
  await app.git("../origin.git", "branch", "-f", "main", "next");
  await app.git(".", "remote", "add", "origin", "../origin.git");
  await app.git(".", "fetch", "-q");
  await app.git(".", "branch", "-q", "--set-upstream-to=origin/main");

  const run = await app.hsmWith(await withHsm(app), "pull", "--app");

  run.expect({ code: 0, stdout: /^the app {2}updated: / });
  assertEquals(run.stderr.includes("Cannot lock"), false, run.stderr);
  assertEquals([await calls(app), await standsFor(app)], [CALL, "1.1.0"]);
});
