import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { testApp } from "../harness/app.ts";

Deno.test("hsm pull fast-forwards clean checkouts, and leaves all others alone and says why", async () => {
  const names = [
    "clean",
    "current",
    "ahead",
    "untracked",
    "dirty",
    "diverged",
    "detached",
    "alone",
    "rebasing",
    "gone",
    "missing",
    "blocked",
  ];
  await using app = await testApp({
    plugins: [...names, "in-prod"],
    files: { "hsm.local.yaml": "mode: dev\npackages:\n  in-prod: { mode: prod }\n" },
  });
  (await app.hsm("clone", "--yes")).expect({ code: 0 });
  const git = (name: string, ...args: string[]) => app.git(`packages/${name}`, ...args);
  const commit = (name: string) => git(name, "commit", "-q", "--allow-empty", "-m", "mine");
  await commit("ahead");
  await commit("diverged");
  await app.write("packages/untracked/mine.txt", "mine\n");
  await app.write("packages/blocked/new.txt", "mine\n");
  await app.write("packages/dirty/pyproject.toml", "mine\n");
  await git("detached", "checkout", "-q", "--detach");
  await git("alone", "checkout", "-q", "-b", "alone");
  await app.write("packages/rebasing/new.txt", "mine\n");
  await git("rebasing", "add", "new.txt");
  await commit("rebasing");
  await git("gone", "checkout", "-q", "-b", "gone");
  await git("gone", "push", "-q", "-u", "origin", "gone");
  await app.plugin("gone").git("branch", "-q", "-D", "gone");
  await git("gone", "fetch", "-q", "--prune");
  await Deno.remove(join(app.root, "packages/missing"), { recursive: true });
  for (const name of names) {
    if (name === "current" || name === "ahead") continue;
    await app.plugin(name).commit("new.txt", "1\n");
    await app.plugin(name).commit("new.txt", "2\n");
  }
  await git("rebasing", "fetch", "-q");
  await git("rebasing", "rebase", "-q", "origin/main").catch(() => {});
  const heads = async () => {
    const read = names.filter((it) => it !== "missing").map(async (name) => [
      name,
      await git(name, "rev-parse", "HEAD", "--symbolic-full-name", "HEAD"),
      await git(name, "status", "--porcelain"),
    ]);
    return await Promise.all(read);
  };
  const before = await heads();

  const run = await app.hsm("pull");

  run.expect({
    code: 1,
    stdout: `clean      updated: 2 new commits
current    is up to date
ahead      is up to date
untracked  updated: 2 new commits
dirty      left alone: it has 1 changed file
diverged   left alone: main and origin/main have diverged, by 1 and 2 commits
detached   left alone: its HEAD is detached
alone      left alone: alone follows no branch of a remote
rebasing   left alone: it is in the middle of a rebase
gone       not pulled
missing    left alone: packages/missing is missing
blocked    left alone: the new commits would overwrite new.txt; move it away first
`,
    stderr: `error: Cannot pull gone: its upstream origin/gone is gone
hint: \`git -C packages/gone switch main\` goes on with its remote's default branch, \
\`git -C packages/gone push -u origin gone\` brings this one back
`,
  });
  const moved = new Set(["clean", "untracked"]);
  const after = await heads();
  for (const [index, [name, head]] of after.entries()) {
    assertEquals(head === before[index]?.[1], !moved.has(name ?? ""), name);
    assertEquals(after[index]?.[2], before[index]?.[2], name);
  }
  assertEquals(await app.read("packages/clean/new.txt"), "2\n");
  assertEquals((await app.hsm("pull", "blocked", "--json")).json(), {
    checkouts: [{
      package: "blocked",
      path: "packages/blocked",
      state: "left",
      reason: "the new commits would overwrite new.txt",
      hint: "move it away first",
      files: ["new.txt"],
    }],
  });
  assertEquals(await git("clean", "branch", "--show-current"), "main\n");
  assertEquals(await app.exists("packages/in-prod"), false);
});

Deno.test("hsm pull exits 1 only where a fetch failed, and pulls the others", async () => {
  await using app = await testApp({
    plugins: ["plug-a", "plug-b"],
    files: { "hsm.local.yaml": "mode: dev\n" },
  });
  (await app.hsm("clone", "--yes")).expect({ code: 0 });
  await app.plugin("plug-b").commit("new.txt", "new\n");
  await Deno.remove(join(app.folder, "remotes/plug-a"), { recursive: true });
  const [from] = (await app.git("packages/plug-b", "rev-parse", "HEAD")).split("\n");
  const [to] = (await app.plugin("plug-b").git("rev-parse", "HEAD")).split("\n");

  const json = (await app.hsm("pull", "--json")).expect({ code: 1, stderr: "" }).json();
  const [failed, ...others] = json["checkouts"] as Record<string, string>[];
  assertEquals(others, [
    { package: "plug-b", path: "packages/plug-b", state: "updated", from, to, commits: 1 } as never,
  ]);
  assertEquals([failed?.["package"], failed?.["state"]], ["plug-a", "failed"]);
  assertEquals((json["error"] as { code: string }).code, "git-failed");
  const run = await app.hsm("pull");
  run.expect({
    code: 1,
    stdout: "plug-a  not fetched\nplug-b  is up to date\n",
    stderr: /^error: Cannot fetch plug-a\n {2}cause: plug-a: fatal: /,
  });
});

Deno.test("hsm pull refuses unknown names and packages in prod mode, and says when there is nothing to do", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });

  (await app.hsm("pull")).expect({ code: 0, stdout: "", stderr: "No package is in dev mode\n" });
  assertEquals((await app.hsm("pull", "--json")).json(), { checkouts: [] });
  (await app.hsm("pull", "plug-a")).expect({
    code: 2,
    stdout: "",
    stderr: `error: Cannot pull plug-a: in prod mode there is no checkout
hint: run \`hsm dev plug-a\`
`,
  });
  const run = await app.hsm("pull", "plug");
  run.expect({ code: 2, stdout: "" });
  assertStringIncludes(run.stderr, "error: Cannot find `plug` in hsm.yaml");
});

Deno.test("hsm pull asks no remote for a checkout that is another repository's", async () => {
  await using app = await testApp({
    plugins: ["plug-a", "stranger"],
    files: { "hsm.local.yaml": "mode: dev\npackages:\n  stranger: { mode: prod }\n" },
  });
  (await app.hsm("clone", "--yes")).expect({ code: 0 });
  await app.git("packages/plug-a", "remote", "set-url", "origin", app.plugin("stranger").url);
  const refs = () => app.git("packages/plug-a", "for-each-ref");
  const before = await refs();

  const run = await app.hsm("pull");

  const url = (name: string) => `file://[DIR]/remotes/${name}`;
  run.expect({
    code: 0,
    stdout:
      `plug-a  left alone: it is a checkout of ${url("stranger")}, not of ${url("plug-a")}; ` +
      "move it away and run this again, or set `path` of plug-a in hsm.local.yaml, " +
      "or correct `git` of plug-a in hsm.yaml\n",
    stderr: "",
  });
  assertEquals(await refs(), before);
});
