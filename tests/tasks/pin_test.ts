import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ensureDir } from "@std/fs";
import { join } from "@std/path";
import { type TestApp, testApp } from "../harness/app.ts";
import { fakeUv } from "../harness/fake_uv.ts";

/** An app with my-plugin in dev mode, cloned, whose remote can be pushed to. */
async function devApp(files: Record<string, string> = {}, manifest?: string): Promise<TestApp> {
  const app = await testApp({
    plugins: ["my-plugin"],
    files: { "hsm.local.yaml": "packages:\n  my-plugin: { mode: dev }\n", ...files },
    ...(manifest === undefined ? {} : { manifest }),
  });
  await app.plugin("my-plugin").git("config", "receive.denyCurrentBranch", "ignore");
  (await app.hsm("sync", "--yes")).expect({ code: 0 });
  return app;
}

function git(app: TestApp, ...args: string[]): Promise<string> {
  return app.git("packages/my-plugin", ...args);
}

Deno.test("hsm pin takes the checkout's own tag, switches to prod, and installs it", async () => {
  await using app = await devApp();
  await app.write("packages/my-plugin/src/my_plugin/__init__.py", 'VALUE = "released"\n');
  await git(app, "commit", "-q", "-a", "-m", "Release");
  for (const tag of ["latest", "v1.1.0", "v1.1.0rc1"]) await git(app, "tag", tag);
  await git(app, "push", "-q", "--tags", "origin", "main");
  const before = await app.read("hsm.yaml");

  (await app.hsm("pin", "my-plugin")).expect({
    code: 0,
    stdout: "my-plugin  dev → prod, v1.0.0 → v1.1.0\n",
    stderr: / \+ my-plugin==1\.0\.0 \(from git\+file:/,
  });

  assertEquals(await app.read("hsm.yaml"), before.replace("v1.0.0", "v1.1.0"));
  assertEquals(await app.exists("hsm.local.yaml"), false);
  assertStringIncludes(await app.read("pyproject.toml"), 'remotes/my-plugin", tag = "v1.1.0" }');
  assertEquals(await app.python("import my_plugin; print(my_plugin.VALUE)"), "released");
  assertEquals(await git(app, "branch", "--show-current"), "main\n");
  (await app.hsm("status", "--exit-code")).expect({ code: 0 });
});

Deno.test("hsm pin takes the commit where there is no tag, from wherever the remote has it", async () => {
  await using app = await devApp();
  await app.plugin("my-plugin").commit("a.txt", "a\n");
  const [commit = ""] = (await app.plugin("my-plugin").git("rev-parse", "HEAD")).split("\n");
  await git(app, "pull", "-q");
  // The remote has gone on; the commit is below a tip that the checkout does not know.
  await app.plugin("my-plugin").commit("a.txt", "b\n");

  await app.untouched(async () => {
    (await app.hsm("pin", "my-plugin", "--dry-run")).expect({
      code: 0,
      stdout: `my-plugin  dev → prod, v1.0.0 → rev ${commit.slice(0, 12)}\n`,
      stderr: "",
    });
  });
  (await app.hsm("pin", "my-plugin", "--no-sync", "--json")).expect({ code: 0, stderr: "" });

  assertMatch(await app.read("hsm.yaml"), new RegExp(`^  my-plugin: ${commit}$`, "m"));
  assertEquals((await app.hsm("pin", "my-plugin", "--no-sync", "--json")).json(), {
    package: "my-plugin",
    mode: "prod",
    from: { rev: commit },
    to: { rev: commit },
  });
});

Deno.test("hsm pin takes a release of its remote's that the checkout has not fetched, and no other tag", async () => {
  await using app = await devApp();
  const remote = app.plugin("my-plugin");
  await remote.commit("a.txt", "a\n");
  await git(app, "pull", "-q", "--no-tags");
  const commit = (await remote.git("rev-parse", "HEAD")).trim();

  // A tag such as this one is elsewhere tomorrow.
  await remote.git("tag", "nightly");
  (await app.hsm("pin", "my-plugin", "--no-sync")).expect({
    code: 0,
    stdout: `my-plugin  dev → prod, v1.0.0 → rev ${commit.slice(0, 12)}\n`,
  });
  await remote.git("tag", "-a", "v1.1.0", "-m", "v1.1.0");
  (await app.hsm("pin", "my-plugin", "--no-sync")).expect({
    code: 0,
    stdout: `my-plugin  rev ${commit.slice(0, 12)} → v1.1.0\n`,
  });
  // What somebody has tagged and not pushed is what they mean.
  await git(app, "tag", "v1.2.0");
  (await app.hsm("pin", "my-plugin", "--no-sync")).expect({
    code: 1,
    stderr:
      `error: Cannot pin my-plugin: its remote does not have the tag v1.2.0 of packages/my-plugin
hint: push it: \`git -C packages/my-plugin push origin v1.2.0\`
`,
  });
});

Deno.test("hsm pin says exactly what is to be committed or pushed, and changes nothing", async () => {
  await using app = await devApp();
  const refused = async (stderr: string | RegExp) =>
    await app.untouched(async () => {
      (await app.hsm("pin", "my-plugin")).expect({ code: 1, stdout: "", stderr });
    });

  await app.write("packages/my-plugin/src/my_plugin/__init__.py", 'VALUE = "edited"\n');
  await app.write("packages/my-plugin/new file.txt", "mine\n");
  await refused(`error: Cannot pin my-plugin: packages/my-plugin has 2 files that are not committed
  cause: src/my_plugin/__init__.py
  cause: new file.txt
hint: commit what belongs to it, or put it aside: \`git -C packages/my-plugin stash -u\`
`);

  await git(app, "add", "-A");
  await git(app, "commit", "-q", "-m", "Mine");
  const short = (await git(app, "rev-parse", "--short=7", "HEAD")).trim();
  const absent =
    `error: Cannot pin my-plugin: its remote does not have commit ${short} of packages/my-plugin\n`;
  await refused(
    `${absent}hint: push 1 commit: \`git -C packages/my-plugin push origin main\`\n`,
  );
  await git(app, "checkout", "-q", "-b", "topic");
  await refused(`${absent}hint: push it: \`git -C packages/my-plugin push -u origin topic\`\n`);
  await git(app, "checkout", "-q", "--detach");
  await refused(
    `${absent}hint: push it to a branch: \`git -C packages/my-plugin push origin HEAD:refs/heads/BRANCH\`\n`,
  );

  await git(app, "tag", "v1.1.0");
  await refused(
    `error: Cannot pin my-plugin: its remote does not have the tag v1.1.0 of packages/my-plugin
hint: push it: \`git -C packages/my-plugin push origin v1.1.0\`
`,
  );
  await app.plugin("my-plugin").git("tag", "v1.1.0");
  await refused(
    /^error: Cannot pin my-plugin: its remote has another commit as v1\.1\.0, \w{7}\nhint: give /,
  );

  await git(app, "tag", "-d", "v1.1.0");
  await git(app, "checkout", "-q", "main");
  await app.plugin("my-plugin").commit("new file.txt", "theirs\n");
  await git(app, "fetch", "-q");
  await git(app, "rebase", "-q", "origin/main").catch(() => {});
  await refused(`error: Cannot pin my-plugin: packages/my-plugin is in the middle of a rebase
hint: bring it to its end: run \`git -C packages/my-plugin status\` for how
`);
});

Deno.test("hsm pin NAME TAG takes a tag that the remote has, and mentions work that stays behind", async () => {
  await using app = await devApp();
  await app.plugin("my-plugin").release({ name: "my-plugin", version: "1.1.0" });
  await app.write("packages/my-plugin/mine.txt", "mine\n");

  await app.untouched(async () => {
    (await app.hsm("pin", "my-plugin", "v1.2.0")).expect({
      code: 2,
      stdout: "",
      stderr: `error: Cannot pin my-plugin to v1.2.0: its remote has no such tag
hint: nearby: v1.1.0, v1.0.0
`,
    });
  });
  (await app.hsm("pin", "my-plugin", "v1.1.0")).expect({
    code: 0,
    stdout: "my-plugin  dev → prod, v1.0.0 → v1.1.0\n",
    stderr:
      /^warning: packages\/my-plugin has 1 uncommitted file, which the app does without in prod mode\n/,
  });

  assertEquals(await app.python("import my_plugin; print(my_plugin.VALUE)"), "1.1.0");
  assertEquals(await app.read("packages/my-plugin/mine.txt"), "mine\n");
  (await app.hsm("pin", "my-plugin", "v1.0.0", "--no-sync")).expect({
    code: 0,
    stdout: "my-plugin  v1.1.0 → v1.0.0\n",
    stderr: "",
  });
});

Deno.test("hsm pin switches the mode in the file that holds it, and lifts a personal pin", async () => {
  const cases: [string, string, string, string | undefined][] = [
    // hsm.yaml, hsm.local.yaml, and what becomes of them
    [
      "packages:\n  my-plugin: { tag: v1.0.0, mode: dev } # ours\n",
      "packages:\n  my-plugin: { path: packages/my-plugin }\n",
      "packages:\n  my-plugin: v1.1.0 # ours\n",
      "packages:\n  my-plugin: { path: packages/my-plugin }\n",
    ],
    [
      "mode: dev\npackages:\n  my-plugin: v1.0.0\n",
      "",
      "mode: dev\npackages:\n  my-plugin: { tag: v1.1.0, mode: prod }\n",
      "",
    ],
    [
      "packages:\n  my-plugin: v1.0.0\n",
      "mode: dev\n",
      "packages:\n  my-plugin: v1.1.0\n",
      "mode: dev\npackages:\n  my-plugin:\n    mode: prod\n",
    ],
    [
      "packages:\n  my-plugin: v1.0.0\n",
      "packages:\n  my-plugin: { branch: main, mode: dev }\n",
      "packages:\n  my-plugin: v1.1.0\n",
      undefined,
    ],
  ];
  await using app = await devApp();
  await app.plugin("my-plugin").release({ name: "my-plugin", version: "1.1.0" });
  const [git = ""] = (await app.read("hsm.yaml")).split("\n");
  for (const [shared, local, sharedAfter, localAfter] of cases) {
    await app.write("hsm.yaml", `${git}\n${shared}`);
    await app.write("hsm.local.yaml", local);

    (await app.hsm("pin", "my-plugin", "v1.1.0", "--no-sync")).expect({ code: 0 });

    assertEquals(await app.read("hsm.yaml"), `${git}\n${sharedAfter}`, shared);
    const texts = await app.texts();
    assertEquals(texts["hsm.local.yaml"] ?? undefined, localAfter, shared);
    (await app.hsm("list", "--mode", "prod")).expect({ code: 0, stdout: "my-plugin\n" });
  }
});

Deno.test("hsm pin puts everything back when the sync fails", async () => {
  await using app = await devApp();
  await app.plugin("my-plugin").release({ name: "my-plugin", version: "1.1.0" });
  const env = await fakeUv(app, "echo broken >&2; exit 7");

  await app.unchanged(async () => {
    (await app.hsmWith(env, "pin", "my-plugin", "v1.1.0")).expect({
      code: 1,
      stdout: "",
      stderr: /restored: .*hsm\.yaml/,
    });
  });
});

Deno.test("hsm pin refuses what it cannot do", async () => {
  await using app = await testApp({ plugins: ["my-plugin", "other"] });

  await app.untouched(async () => {
    (await app.hsm("pin", "my-plugin")).expect({
      code: 2,
      stdout: "",
      stderr: `error: Cannot pin my-plugin: packages/my-plugin is missing
hint: name the tag: \`hsm pin my-plugin TAG\`
`,
    });
    (await app.hsm("pin")).expect({
      code: 2,
      stderr: /^error: Cannot run hsm pin: it needs a NAME/,
    });
    (await app.hsm("pin", "my-plugin", "v1", "v2")).expect({
      code: 2,
      stderr: /^error: Cannot run hsm pin: `v2` is one word too many\n/,
    });
    (await app.hsm("pin", "*", "v1.0.0")).expect({
      code: 2,
      stderr: /^error: Cannot pin but one package at a time\n/,
    });
    (await app.hsm("pin", "my-plugn", "v1.0.0")).expect({
      code: 2,
      stderr: "error: Cannot find `my-plugn` in hsm.yaml\nhint: did you mean `my-plugin`?\n",
    });
    await ensureDir(join(app.root, "packages/my-plugin"));
    (await app.hsm("pin", "my-plugin")).expect({
      code: 2,
      stderr: /^error: Cannot pin my-plugin: packages\/my-plugin is no git checkout\n/,
    });
    await app.git(".", "clone", "-q", app.plugin("other").url, "packages/my-plugin");
    (await app.hsm("pin", "my-plugin")).expect({
      code: 2,
      stderr:
        /^error: Cannot use packages\/my-plugin as the checkout of my-plugin: it is a checkout/,
    });
    await Deno.remove(join(app.folder, "remotes/my-plugin"), { recursive: true });
    (await app.hsm("pin", "my-plugin", "v1.0.0")).expect({
      code: 1,
      stderr: /^error: Cannot ask the remote of my-plugin: file:\S+ does not answer\n/,
    });
  });
});

Deno.test("hsm pin asks, and names, the remote that is the manifest's, whatever it is called", async () => {
  await using app = await devApp();
  const plugin = app.plugin("my-plugin");
  const fork = join(app.folder, "remotes/fork");
  await app.git("..", "clone", "-q", "--bare", plugin.path, fork);
  await git(app, "remote", "rename", "origin", "theirs");
  await git(app, "remote", "add", "origin", `file://${fork}`);
  await git(app, "fetch", "-q", "origin");
  await git(app, "branch", "-q", "--set-upstream-to=origin/main");
  const refused = async (stderr: string | RegExp) =>
    await app.untouched(async () => {
      (await app.hsm("pin", "my-plugin")).expect({ code: 1, stdout: "", stderr });
    });
  const path = "packages/my-plugin";

  await git(app, "commit", "-q", "--allow-empty", "-m", "Mine");
  const short = (await git(app, "rev-parse", "--short=7", "HEAD")).trim();
  const absent =
    `error: Cannot pin my-plugin: its remote does not have commit ${short} of ${path}\n`;
  await refused(`${absent}hint: push it: \`git -C ${path} push theirs main\`\n`);
  await git(app, "push", "-q", "origin", "main");
  await refused(`${absent}hint: push it: \`git -C ${path} push theirs main\`\n`);
  await git(app, "tag", "v1.1.0");
  await refused(`error: Cannot pin my-plugin: its remote does not have the tag v1.1.0 of ${path}
hint: push it: \`git -C ${path} push theirs v1.1.0\`
`);
  await git(app, "tag", "-d", "v1.1.0");

  // A remote may lead there by git's own rules alone, and for one direction alone.
  await git(app, "remote", "set-url", "theirs", "work:my-plugin");
  await git(app, "config", `url.${join(app.folder, "remotes")}/.insteadOf`, "work:");
  await refused(`${absent}hint: push it: \`git -C ${path} push theirs main\`\n`);
  await git(app, "remote", "set-url", "--push", "theirs", "no_push");
  await refused(
    `${absent}hint: push it: \`git -C ${path} push file://[DIR]/remotes/my-plugin main\`\n`,
  );

  // They may be the user's own rules, which lead from the manifest's address to a mirror.
  await git(app, "remote", "set-url", "--delete", "--push", "theirs", "no_push");
  await git(app, "remote", "set-url", "theirs", "https://example.invalid/my-plugin");
  const manifest = await app.read("hsm.yaml");
  await app.write(
    "hsm.yaml",
    manifest.replace(/^git: .*$/m, "git: https://example.invalid/{name}"),
  );
  const mirrors = `file://${join(app.folder, "remotes")}/`;
  const rules = `[url "${mirrors}"]\n  insteadOf = https://example.invalid/\n`;
  await app.write("../home/.gitconfig", rules);
  await refused(`${absent}hint: push it: \`git -C ${path} push theirs main\`\n`);
  await app.write("hsm.yaml", manifest);

  // The remote has the commit, below a tip that the checkout does not know.
  await git(app, "push", "-q", plugin.url, "HEAD:refs/heads/topic");
  await plugin.git("switch", "-q", "topic");
  await plugin.commit("a.txt", "a\n");
  (await app.hsm("pin", "my-plugin", "--no-sync")).expect({
    code: 0,
    stdout: new RegExp(`^my-plugin {2}dev → prod, v1\\.0\\.0 → rev ${short}\\w+\n$`),
    stderr: "",
  });
});

Deno.test("hsm pin heeds one tag a line, whatever git is told of columns and of its output", async () => {
  await using app = await devApp();
  const settings = {
    "column.ui": "always",
    "column.tag": "always",
    "color.ui": "always",
    "tag.sort": "-version:refname",
    "core.quotePath": "true",
    "core.abbrev": "4",
    "log.showSignature": "true",
    "log.decorate": "full",
    "status.short": "true",
    "status.relativePaths": "true",
    "status.showUntrackedFiles": "no",
    "status.aheadBehind": "false",
    "diff.noprefix": "true",
    "diff.mnemonicPrefix": "true",
    "diff.ignoreSubmodules": "all",
    "fetch.output": "compact",
    "remote.pushDefault": "nowhere",
    "push.default": "nothing",
    "pager.status": "true",
    "core.pager": "false",
  };
  for (const [key, value] of Object.entries(settings)) {
    await git(app, "config", "--global", key, value);
  }
  await app.write("packages/my-plugin/src/my_plugin/ü.py", "");
  (await app.hsm("pin", "my-plugin")).expect({
    code: 1,
    stdout: "",
    stderr: `error: Cannot pin my-plugin: packages/my-plugin has 1 file that is not committed
  cause: src/my_plugin/ü.py
hint: commit what belongs to it, or put it aside: \`git -C packages/my-plugin stash -u\`
`,
  });
  await git(app, "add", "-A");
  await git(app, "commit", "-q", "-m", "Release");
  await git(app, "push", "-q", "origin", "main");
  await app.plugin("my-plugin").git("reset", "-q", "--hard");
  await app.plugin("my-plugin").commit("new.txt", "new\n");
  (await app.hsm("status", "--fetch")).expect({
    code: 0,
    stdout: /  main, 1 behind  /,
    stderr: "",
  });
  (await app.hsm("pull")).expect({
    code: 0,
    stdout: "my-plugin  updated: 1 new commit\n",
    stderr: "",
  });
  for (const tag of ["latest", "v1.1.0", "v1.1.0rc1"]) await git(app, "tag", tag);
  await git(app, "push", "-q", "--tags", "origin", "main");
  (await app.hsm("pin", "my-plugin", "--no-sync")).expect({
    code: 0,
    stdout: "my-plugin  dev → prod, v1.0.0 → v1.1.0\n",
    stderr: "",
  });
});

/** What setuptools leaves where it builds; the project is built by somebody else, without the network. */
async function leaveBuild(app: TestApp): Promise<void> {
  const file = (path: string, text = "") => app.write(`packages/my-plugin/${path}`, text);
  await file("src/my_plugin.egg-info/PKG-INFO", "Metadata-Version: 2.4\nName: my-plugin\n");
  await file("src/my_plugin.egg-info/SOURCES.txt", "pyproject.toml\n");
  await file("build/lib/my_plugin/__init__.py");
  await file("build/bdist.linux-x86_64/x");
  await file("src/my_plugin/__pycache__/__init__.cpython-312.pyc");
}

Deno.test("what builds leave in a checkout is nobody's work", async () => {
  await using app = await devApp();
  await leaveBuild(app);

  (await app.hsm("status", "--exit-code")).expect({ code: 0, stdout: /  main  .*  ok\n$/ });
  (await app.hsm("exec", "--dirty", "--", "true")).expect({
    code: 0,
    stderr: "No checkout has changes\n",
  });
  await app.plugin("my-plugin").commit("new.txt", "new\n");
  (await app.hsm("pull")).expect({ code: 0, stdout: "my-plugin  updated: 1 new commit\n" });
  await git(app, "reset", "-q", "--hard", "v1.0.0");
  (await app.hsm("prod", "my-plugin", "--no-sync")).expect({
    code: 0,
    stdout: "my-plugin  dev → prod\n",
    stderr: "",
  });
  (await app.hsm("dev", "my-plugin", "--no-sync")).expect({ code: 0 });
  (await app.hsm("pin", "my-plugin", "--no-sync")).expect({
    code: 0,
    stdout: "my-plugin  dev → prod, v1.0.0\n",
    stderr: "",
  });
  (await app.hsm("remove", "my-plugin", "--no-sync")).expect({
    code: 0,
    stdout: "-  my-plugin\n",
    stderr: "packages/my-plugin stays as it is; delete it when you need it no longer\n",
  });
});

Deno.test("what only looks like what builds leave is work like all else", async () => {
  await using app = await devApp();
  await leaveBuild(app);
  await app.write("packages/my-plugin/build/release.sh", "#!/bin/sh\n");
  await app.write("packages/my-plugin/notes.egg-info/notes.txt", "mine\n");
  await app.write("packages/my-plugin/other.egg-info/PKG-INFO", "Name: my-plugin\n");

  (await app.hsm("pin", "my-plugin")).expect({
    code: 1,
    stdout: "",
    stderr: `error: Cannot pin my-plugin: packages/my-plugin has 3 files that are not committed
  cause: build/
  cause: notes.egg-info/
  cause: other.egg-info/
hint: commit what belongs to it, or put it aside: \`git -C packages/my-plugin stash -u\`
`,
  });
});

Deno.test("hsm remove does not call a checkout with a stash dispensable", async () => {
  await using app = await devApp();
  await app.write("packages/my-plugin/pyproject.toml", "mine\n");
  await git(app, "stash", "-q");

  (await app.hsm("remove", "my-plugin", "--no-sync")).expect({
    code: 0,
    stdout: "-  my-plugin\n",
    stderr: "warning: packages/my-plugin stays as it is; it holds work that is nowhere else\n",
  });
});
