import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { APP_PYPROJECT, hsmCommand } from "../harness/app.ts";
import { fakeUv, waitForFile } from "../harness/fake_uv.ts";
import { assertNoProcesses } from "../harness/processes.ts";
import { makeWheel, SETTINGS } from "../harness/namesake.ts";
import { must } from "../harness/program.ts";
import { uvProgram } from "../harness/repository.ts";
import { wrapGit } from "../harness/wrap_git.ts";
import { PulledApp } from "../harness/pulled_app.ts";

Deno.test("hsm pull --app fast-forwards while a package is in dev mode, which git pull refuses", async () => {
  await using pulled = await PulledApp.make();
  const { app } = pulled;
  await app.plugin("plug-b").release({ name: "plug-b", version: "1.1.0" });
  await pulled.pushSynced({ "hsm.yaml": (it) => it.replace("plug-b: v1.0.0", "plug-b: v1.1.0") });
  const refused = await pulled.git("pull").then(() => "", (error) => String(error));
  assertStringIncludes(refused, "would be overwritten by merge");

  const run = await app.hsm("pull", "--app");

  run.expect({
    code: 0,
    stdout: "the app  updated: 1 new commit of origin/main, by fast-forward\n",
  });
  assertEquals(await pulled.git("rev-parse", "HEAD"), await pulled.git("rev-parse", "origin/main"));
  assertStringIncludes(
    await app.read("pyproject.toml"),
    'plug-a = { path = "packages/plug-a", editable = true }',
  );
  assertStringIncludes(await app.read("pyproject.toml"), 'tag = "v1.1.0"');
  assertStringIncludes(await app.freeze(), "plug-b @ git+file://[DIR]/remotes/plug-b@");
  // The only difference to what is committed is the mode.
  (await app.hsm("prod", "plug-a")).expect({ code: 0 });
  assertEquals(await pulled.git("status", "--porcelain"), "");
});

/** A state in which the app is not pulled: how it comes about, how it ends, and what is said of it. */
interface Refusal {
  readonly title: string;
  readonly prepare: (pulled: PulledApp) => Promise<unknown>;
  readonly code?: number;
  readonly stderr: string | RegExp;
}

const own = (text: string) => text.replace('version = "0.1.0"', 'version = "0.1.0" # mine');
const append = (more: string) => (text: string) => text + more;

const REFUSALS: readonly Refusal[] = [
  {
    title: "there is no upstream",
    prepare: (it) => it.git("branch", "--unset-upstream"),
    stderr: `error: Cannot pull the app: main follows no branch of a remote
hint: say which one: \`git branch --set-upstream-to=origin/main\`
`,
  },
  {
    title: "HEAD is detached",
    prepare: (it) => it.git("checkout", "-q", "--detach"),
    stderr: `error: Cannot pull the app: its HEAD is detached
hint: switch to a branch: \`git switch BRANCH\`
`,
  },
  {
    title: "git is in the middle of something",
    prepare: async (it) =>
      await Deno.writeTextFile(`${it.top}/.git/MERGE_HEAD`, await it.git("rev-parse", "HEAD")),
    stderr: `error: Cannot pull the app: git is in the middle of a merge
hint: bring that to an end first; \`git status\` says how
`,
  },
  {
    title: "the branch that it follows is gone",
    prepare: async (pulled) => {
      await pulled.git("config", "fetch.prune", "true");
      await pulled.git("push", "-q", "origin", "main:other");
      await pulled.git("branch", "-q", "-m", "other");
      await pulled.git("fetch", "-q");
      await pulled.git("branch", "-q", "-u", "origin/other");
      await pulled.git("push", "-q", "--delete", "origin", "other");
    },
    stderr: /^error: Cannot pull the app: other follows origin\/other, which is gone\nhint: /,
  },
  {
    title: "the remote is away",
    prepare: (it) => it.git("remote", "set-url", "origin", `file://${it.app.folder}/away`),
    code: 1,
    stderr: /^error: Cannot pull the app: `git fetch` failed\n {2}cause: fatal: .*away/,
  },
  {
    title: "a file of hsm's has staged changes",
    prepare: async (pulled) => {
      await pulled.push({ "other.txt": "theirs\n" });
      await pulled.edit("hsm.yaml", append("# mine\n"));
      await pulled.git("add", "hsm.yaml");
    },
    stderr: `error: Cannot pull the app: hsm.yaml has staged changes
hint: commit them, or \`git restore --staged hsm.yaml\`
`,
  },
  {
    title: "the branches have diverged and git is not told what to do",
    prepare: diverge,
    stderr: `error: Cannot pull the app: main and origin/main have diverged, by 1 and 1 commit
hint: \`git config pull.rebase true\` rebases yours, \`git config pull.rebase false\` merges
`,
  },
  {
    title: "the branches have diverged and git only goes forward",
    prepare: async (pulled) => {
      await diverge(pulled);
      await pulled.git("config", "pull.rebase", "true");
      await pulled.git("config", "pull.ff", "only");
    },
    stderr: /have diverged, by 1 and 1 commit\nhint: `pull.ff` is `only`/,
  },
  {
    title: "the user's own edits meet those that have come",
    prepare: async (pulled) => {
      await pulled.push({ "pyproject.toml": (it) => it.replace('"0.1.0"', '"0.2.0"') });
      await pulled.edit("pyproject.toml", own);
    },
    stderr:
      /^error: Cannot pull the app: your own edits of pyproject.toml and those of origin\/main do not go together\nhint: commit yours/,
  },
  {
    title: "the user's own edits of the lock file meet those that have come",
    prepare: async (pulled) => {
      const lib = (version: string) =>
        append(
          `\n[[package]]\nname = "lib"\nversion = "${version}"\nsource = { registry = "elsewhere" }\n`,
        );
      await pulled.push({ "uv.lock": lib("8.0.0") });
      await pulled.edit("uv.lock", lib("9.0.0"));
    },
    stderr:
      /^error: Cannot pull the app: your own edits of uv\.lock: lib and those of origin\/main/,
  },
  {
    title: "an ignored file lies in the way",
    prepare: async (pulled) => {
      await pulled.app.write("mine.txt", "the only copy\n");
      await pulled.push({ ".gitignore": (it) => it.replace("mine.txt\n", "") });
      await pulled.push({ "mine.txt": "theirs\n" });
      await pulled.git("fetch", "-q");
    },
    stderr: `error: Cannot pull the app: the new commits would overwrite mine.txt
hint: move it away first
`,
  },
  {
    title: "an untracked file lies in the way",
    prepare: async (pulled) => {
      await pulled.app.write("new.txt", "mine\n");
      await pulled.push({ "new.txt": "theirs\n" });
    },
    stderr: /would overwrite new\.txt/,
  },
  {
    title: "a manifest comes that is wrong",
    prepare: (it) => it.push({ "hsm.yaml": append("nonsense: 1\n") }),
    stderr:
      /^error: Cannot pull the app: origin\/main has a manifest that is wrong\n(.|\n)*nonsense/,
  },
  {
    title: "a [tool.hsm] comes that a newer hsm wrote",
    prepare: (it) =>
      it.push({
        "pyproject.toml": (text) =>
          `${text.replace(/^\[tool\.hsm\][^[]*/m, "")}[tool.hsm]\nversion = 99\n`,
      }),
    stderr: `error: Cannot pull the app: origin/main has a pyproject.toml that a newer hsm wrote
  cause: Cannot read pyproject.toml: [tool.hsm] was written by a newer hsm (format 99)
hint: nothing was changed; update hsm
`,
  },
  {
    title: "hsm.yaml goes",
    prepare: (it) => it.push({ "hsm.yaml": null }),
    stderr: /^error: Cannot pull the app: origin\/main has no hsm\.yaml any more\nhint: /,
  },
  {
    title: "pyproject.toml goes",
    prepare: (it) => it.push({ "pyproject.toml": null }),
    stderr: /^error: Cannot pull the app: origin\/main has no pyproject\.toml any more\nhint: /,
  },
  {
    title: "another file that has come is changed here",
    prepare: async (pulled) => {
      await pulled.push({ "other.txt": append("theirs\n") });
      await pulled.edit("other.txt", append("mine\n"));
    },
    code: 1,
    stderr:
      /error: Cannot pull the app: `git merge` failed\n {2}cause: error: Your local changes to the following files would be overwritten by merge:\n(.|\n)*other\.txt(.|\n)*restored: (.|\n)*hint: the app is as it was, on main at [\da-f]{7}; see to what git says/,
  },
  {
    title: "the rebase stops at a conflict",
    prepare: async (pulled) => {
      await pulled.edit("other.txt", (it) => it.replace("2", "mine"));
      await pulled.commit("other.txt");
      await pulled.push({ "other.txt": (it) => it.replace("2", "theirs") });
      await pulled.git("config", "pull.rebase", "true");
    },
    code: 1,
    stderr:
      /error: Cannot pull the app: `git rebase` failed\n {2}cause: CONFLICT \(content\): Merge conflict in other\.txt\n(.|\n)*hint: the app is as it was, on main at [\da-f]{7}; bring your commits/,
  },
  {
    title: "the merge stops at a conflict",
    prepare: async (pulled) => {
      await pulled.edit("other.txt", (it) => it.replace("2", "mine"));
      await pulled.commit("other.txt");
      await pulled.push({ "other.txt": (it) => it.replace("2", "theirs") });
      await pulled.git("config", "branch.main.rebase", "false");
    },
    code: 1,
    stderr: /error: Cannot pull the app: `git merge` failed\n {2}cause: CONFLICT \(content\)/,
  },
];

async function diverge(pulled: PulledApp): Promise<void> {
  await pulled.app.write("mine/new.txt", "mine\n");
  await pulled.commit("mine/new.txt");
  await pulled.push({ "other.txt": append("theirs\n") });
}

for (const { title, prepare, code = 2, stderr } of REFUSALS) {
  Deno.test(`hsm pull --app leaves all as it was where ${title}`, async () => {
    await using pulled = await PulledApp.make();
    await prepare(pulled);
    const before = await pulled.everything();

    const run = await pulled.app.hsm("pull", "--app");

    run.expect({ code, stdout: "", stderr });
    assertEquals(await pulled.everything(), before);
  });
}

Deno.test("hsm pull --app keeps the user's own edits of pyproject.toml, hsm.yaml and .gitignore", async () => {
  await using pulled = await PulledApp.make({ plugins: ["plug-a", "plug-b", "plug-c"] });
  const { app } = pulled;
  await pulled.edit("pyproject.toml", (it) => it.replace('name = "app"', 'name = "app" # mine'));
  await pulled.edit("hsm.yaml", (it) => it.replace("git:", "# mine\ngit:"));
  await pulled.edit(".gitignore", (it) => it + "mine/\n");
  await pulled.push({
    "pyproject.toml": (it) => it + "\n[tool.theirs]\nkey = 1\n",
    "hsm.yaml": append("# theirs\n"),
    ".gitignore": (it) => "theirs/\n" + it,
  });

  (await app.hsm("pull", "--app")).expect({
    code: 0,
    stdout:
      "the app  updated: 1 new commit of origin/main, by fast-forward; with your own edits of pyproject.toml, hsm.yaml, .gitignore\n",
  });

  assertStringIncludes(await app.read("pyproject.toml"), 'plug-a = { path = "packages/plug-a"');
  (await app.hsm("prod", "plug-a")).expect({ code: 0 });
  assertEquals(
    (await pulled.git("diff", "--unified=0")).split("\n").filter((it) => /^[-+][^-+]/.test(it)),
    ["+mine/", "+# mine", '-name = "app"', '+name = "app" # mine'],
  );
});

for (const derived of [false, true]) {
  const whose = derived ? "and hsm has locked since" : "by hand";
  Deno.test(`hsm pull --app keeps versions that were locked in dev mode ${whose}`, async () => {
    const settings = 'no-index = true\nfind-links = ["../links"]\n';
    const pyproject = APP_PYPROJECT.replace("[]", '["lib"]') + `\n[tool.uv]\n${settings}`;
    await using pulled = await PulledApp.make({
      pyproject,
      before: async (app) => {
        Object.assign(app.env, SETTINGS);
        await makeWheel(app, "lib", "1.0");
      },
    });
    const { app } = pulled;
    await makeWheel(app, "lib", "2.0");
    const uv = [uvProgram(), "lock", "-q", "--upgrade-package", "lib"];
    await must(uv, { cwd: app.root, env: app.env });
    if (derived) (await app.hsm("dev", "plug-b", "--yes")).expect({ code: 0 });
    await pulled.pushSynced({
      "pyproject.toml": append("# theirs\n"),
      "hsm.yaml": append("# theirs\n"),
    });
    (await app.hsm("pull", "--app")).expect({ code: 0 });
    assertMatch(await app.freeze(), /^lib==2\.0$/m);
    assertMatch(await pulled.git("show", "HEAD:uv.lock"), /name = "lib"\nversion = "1\.0"/);
  });
}

Deno.test("hsm pull --app rebases as git is configured to, and says so", async () => {
  await using pulled = await PulledApp.make();
  await diverge(pulled);
  await pulled.git("config", "pull.rebase", "true");
  const json = (await pulled.app.hsm("pull", "--app", "--json")).expect({ code: 0 }).json();
  const { state, way, commits, ahead, upstream, branch, kept, to } = json;
  assertEquals(
    { state, way, commits, ahead, upstream, branch, kept },
    {
      state: "updated",
      way: "rebase",
      commits: 1,
      ahead: 1,
      upstream: "origin/main",
      branch: "main",
      kept: [],
    },
  );
  assertEquals(`${to}\n`, await pulled.git("rev-parse", "HEAD"));
  assertEquals(
    await pulled.git("log", "--format=%s", "-2"),
    "Mine: mine/new.txt\nChange other.txt\n",
  );
  assertStringIncludes(await pulled.app.read("pyproject.toml"), 'path = "packages/plug-a"');
  (await pulled.app.hsm("pull", "--app")).expect({
    code: 0,
    stdout: "the app  is up to date\n",
    stderr: "",
  });
});

Deno.test("hsm pull --app merges where git is configured to, with the commits of both", async () => {
  await using pulled = await PulledApp.make();
  await diverge(pulled);
  await pulled.git("config", "pull.rebase", "false");
  (await pulled.app.hsm("pull", "--app")).expect({
    code: 0,
    stdout: "the app  updated: 1 new commit of origin/main, by merge\n",
  });
  assertEquals(
    await pulled.git("log", "--format=%s", "-1"),
    "Merge remote-tracking branch 'origin/main'\n",
  );
});

Deno.test("hsm pull --app puts no commit back that the remote has dropped", async () => {
  await using pulled = await PulledApp.make();
  await pulled.push({ "dropped.txt": "dropped\n" });
  await pulled.app.hsm("pull", "--app");
  await pulled.rewrite({ "other.txt": "theirs\n" });
  await pulled.git("config", "pull.rebase", "true");
  (await pulled.app.hsm("pull", "--app")).expect({ code: 0 });
  assertEquals(await pulled.app.exists("dropped.txt"), false);
  assertEquals(await pulled.git("rev-parse", "HEAD"), await pulled.git("rev-parse", "origin/main"));
});

Deno.test("hsm pull --app --dry-run says what would come, and changes nothing", async () => {
  await using pulled = await PulledApp.make();
  await pulled.push({ "other.txt": "theirs\n" });
  const before = await pulled.everything();
  (await pulled.app.hsm("pull", "--app", "--dry-run")).expect({
    code: 0,
    stdout: "the app  would be updated: 1 new commit of origin/main, by fast-forward\n",
    stderr: "",
  });
  assertEquals(await pulled.everything(), before);
});

Deno.test("hsm pull --app takes out packages that have left, and clones those that have come with --yes alone", async () => {
  await using pulled = await PulledApp.make({
    plugins: ["plug-a", "plug-b", "plug-c"],
    dev: ["plug-a"],
  });
  const { app } = pulled;
  await pulled.pushSynced({
    "hsm.yaml": (it) => it.replace(/ {2}plug-a.*\n/, "").replace(/ {2}plug-c.*\n/, ""),
  });
  const gone = await app.hsm("pull", "--app");
  gone.expect({
    code: 0,
    stderr: /^plug-a left hsm\.yaml, and so hsm\.local\.yaml; the checkout stays$/m,
  });
  assertEquals(await pulled.git("status", "--porcelain"), "");
  assertEquals(await app.exists("hsm.local.yaml"), false);
  assertEquals(await app.exists("packages/plug-a/.git"), true);
  assertEquals((await app.freeze()).includes("plug-a"), false);

  await pulled.push({ "hsm.yaml": append("  plug-c: { tag: v1.0.0, mode: dev }\n") });
  const before = await pulled.everything();
  (await app.hsm("pull", "--app")).expect({
    code: 2,
    stdout: "",
    stderr:
      /warning: the app is back on main at [\da-f]{7}; what has come is in origin\/main\nerror: Cannot .*plug-c.*\n(.|\n)*hint: .*hsm pull --yes --app/,
  });
  assertEquals(await pulled.everything(), before);
  (await app.hsm("pull", "--app", "--yes")).expect({ code: 0 });
  assertStringIncludes(await app.freeze(), "packages/plug-c");
});

for (const way of ["fast-forward", "rebase", "merge"]) {
  Deno.test(`hsm pull --app takes a ${way} back when the sync after it fails, with the environment`, async () => {
    await using pulled = await PulledApp.make();
    if (way !== "fast-forward") {
      await diverge(pulled);
      await pulled.git("config", "pull.rebase", `${way === "rebase"}`);
    }
    await pulled.edit("pyproject.toml", own);
    await pulled.app.write("staged.txt", "mine\n");
    await pulled.app.write("untracked.txt", "mine\n");
    // git itself rebases and merges with nothing staged alone.
    if (way === "fast-forward") await pulled.git("add", "staged.txt");
    await pulled.push({ "hsm.yaml": append('verify: ["uv run --frozen python -c 1/0"]\n') });
    const before = await pulled.everything();

    const run = await pulled.app.hsm("pull", "--app");

    run.expect({
      code: 1,
      stdout: "",
      stderr:
        /warning: the app is back on main at [\da-f]{7}; what has come is in origin\/main\nerror: Cannot verify the app: .*\n {2}restored: .*pyproject\.toml/,
    });
    assertEquals(await pulled.everything(), before);
    assertMatch(await pulled.git("log", "--format=%s", "-1", "origin/main"), /^Change hsm.yaml$/m);
  });
}

Deno.test("hsm pull --app works below the top of the repository, in a linked worktree, and with a branch's own remote", async () => {
  await using pulled = await PulledApp.make({ below: "apps/main" });
  const { app } = pulled;
  await pulled.pushSynced({ "hsm.yaml": append("# theirs\n") });
  await pulled.push({ "pyproject.toml": append("# theirs\n") });
  (await app.hsm("pull", "--app")).expect({
    code: 0,
    stdout: "the app  updated: 2 new commits of origin/main, by fast-forward\n",
  });
  assertStringIncludes(await app.read("pyproject.toml"), "# theirs\n");
  assertStringIncludes(await app.read("pyproject.toml"), 'path = "packages/plug-a"');

  const tree = join(app.folder, "tree");
  await pulled.git("worktree", "add", "-q", "-b", "second", tree, "origin/main");
  const inTree = (...args: string[]) => must(args, { cwd: join(tree, "apps/main"), env: app.env });
  await inTree("git", "branch", "-q", "-u", "origin/main");
  await Deno.copyFile(join(app.root, "hsm.local.yaml"), join(tree, "apps/main/hsm.local.yaml"));
  await inTree(...hsmCommand(), "sync", "--yes");
  await pulled.push({ "pyproject.toml": append("# more\n") });
  assertEquals(
    await inTree(...hsmCommand(), "pull", "--app"),
    "the app  updated: 1 new commit of origin/main, by fast-forward\n",
  );
  assertEquals(
    await inTree("git", "rev-parse", "second"),
    await pulled.git("rev-parse", "origin/main"),
  );
});

Deno.test("hsm pull --app brings changes along that git puts aside itself, and tells where they do not go together", async () => {
  await using pulled = await PulledApp.make();
  const { app } = pulled;
  await pulled.git("config", "merge.autoStash", "true");
  await pulled.edit("other.txt", append("mine\n"));
  await pulled.push({ "other.txt": (it) => it.replace("1", "theirs") });
  (await app.hsm("pull", "--app")).expect({ code: 0 });
  assertEquals(await app.read("other.txt"), "theirs\n2\n3\nmine\n");

  await pulled.edit("pyproject.toml", own);
  const mine = await app.read("pyproject.toml");
  await pulled.push({ "other.txt": append("theirs\n") });
  // A git that cannot tell before.
  const old = await wrapGit(app, { "merge-tree": "exit 129" });
  (await app.hsmWith(old, "pull", "--app")).expect({
    code: 3,
    stdout: "",
    stderr: /git stash list(.|\n)*pyproject\.toml\.hsm-original/,
  });
  assertEquals(await app.read("pyproject.toml.hsm-original"), mine);
  assertMatch(await pulled.git("stash", "list"), /autostash/);
  assertEquals(await pulled.git("rev-parse", "HEAD"), await pulled.git("rev-parse", "origin/main"));
});

Deno.test("hsm pull --app stays on the new commit, and says so, where git refuses the way back", async () => {
  await using pulled = await PulledApp.make();
  const { app } = pulled;
  await pulled.git("config", "merge.autoStash", "true");
  await pulled.edit("pyproject.toml", own);
  await pulled.edit("other.txt", append("mine\n"));
  await pulled.push({
    "other.txt": (it) => it.replace("1", "theirs"),
    "hsm.yaml": append('verify: ["uv run --frozen python -c 1/0"]\n'),
  });
  (await app.hsm("pull", "--app")).expect({
    code: 3,
    stdout: "",
    stderr:
      /Cannot bring the app back to main at [\da-f]{7}\n {2}cause: .*would be overwritten by checkout(.|\n)*hint: the app stays on main at [\da-f]{7}, with your own edits: see to what is in the way/,
  });
  assertEquals(await pulled.git("rev-parse", "HEAD"), await pulled.git("rev-parse", "origin/main"));
  assertEquals(await app.read("other.txt"), "theirs\n2\n3\nmine\n");
  assertMatch(
    await pulled.git("diff", "--stat"),
    /^ other\.txt .*\n pyproject\.toml \| 2 \+-\n 2 files/,
  );
  (await app.hsm("status")).expect({ code: 0, stderr: "" });
});

Deno.test("hsm pull --app keeps line endings that git converts, and a byte order mark", async () => {
  await using pulled = await PulledApp.make({
    pyproject: `\uFEFF${APP_PYPROJECT.replaceAll("\n", "\r\n")}`,
    files: { ".gitattributes": "*.toml text eol=crlf\n" },
  });
  const { app } = pulled;
  await pulled.edit("pyproject.toml", own);
  await pulled.push({ "pyproject.toml": append("# theirs\r\n") });
  (await app.hsm("pull", "--app")).expect({
    code: 0,
    stdout: /with your own edits of pyproject\.toml/,
  });
  (await app.hsm("prod", "plug-a")).expect({ code: 0 });
  const text = await app.read("pyproject.toml");
  assertMatch(text, /^\uFEFF\[project\]\r\n(.|\r\n)*# mine\r\n(.|\r\n)*# theirs\r\n$/);
  assertEquals(
    await pulled.git("diff", "--stat"),
    " pyproject.toml | 2 +-\n 1 file changed, 1 insertion(+), 1 deletion(-)\n",
  );
});

Deno.test("hsm pull --app tells of a committed dev source, and lets the remedy come", async () => {
  await using pulled = await PulledApp.make();
  const { app } = pulled;
  await pulled.git("commit", "-q", "-am", "Dev, by mistake");
  await pulled.git("push", "-q");
  await pulled.pullColleague();
  await pulled.pushSynced({ "hsm.yaml": append("# theirs\n") });
  (await app.hsm("pull", "--app")).expect({
    code: 0,
    stderr:
      /^warning: a dev source is committed: plug-a comes from the path packages\/plug-a in pyproject\.toml; /m,
  });
  assertStringIncludes(await pulled.git("show", "HEAD:pyproject.toml"), 'tag = "v1.0.0"');
  assertStringIncludes(await app.read("pyproject.toml"), 'path = "packages/plug-a"');
});

Deno.test("hsm pull --app leaves submodules where they are, and says how they come along", async () => {
  await using pulled = await PulledApp.make();
  const { app } = pulled;
  const { url } = app.plugin("plug-b");
  await pulled.colleague(
    "-c",
    "protocol.file.allow=always",
    "submodule",
    "--quiet",
    "add",
    url,
    "sub",
  );
  await pulled.push({});
  (await app.hsm("pull", "--app")).expect({
    code: 0,
    stderr: /the submodule sub stays where it is; `git submodule update --init`/,
  });
});

/** What kills hsm, and where the repository is then. */
interface Kill {
  readonly title: string;
  /** Scripts before git, by its command; `GIT` is the real one. */
  readonly git: Readonly<Record<string, string>>;
  readonly uv?: string;
  readonly rebase?: boolean;
  /** What the next command ends with and says. */
  readonly code: number;
  readonly told: RegExp;
  /** Whether all is as it was after that. */
  readonly back: boolean;
}

const KILLS: readonly Kill[] = [
  {
    title: "before git has begun",
    git: { merge: "kill -9 $PPID; sleep 0.3; exit 1" },
    code: 0,
    told: /did not end well; restored pyproject\.toml, uv\.lock\n$/,
    back: true,
  },
  {
    title: "and git goes on to its end",
    git: { merge: 'kill -9 $PPID; sleep 0.3; GIT "$@"; exit' },
    code: 3,
    told:
      /^error: Cannot take back `hsm pull --app`: its repository is on main at [\da-f]{7}, and was on main at [\da-f]{7}\nhint: no file was touched; look at `git status`.*pyproject\.toml\.hsm-original/m,
    back: false,
  },
  {
    title: "with git, half way",
    git: { merge: "echo half > other.txt; : > .git/index.lock; kill -9 $PPID; exit 1" },
    code: 3,
    told: /git runs, or was ended while it wrote \(.*index\.lock is there\), and was on main/,
    back: false,
  },
  {
    title: "with git, at a conflict of a rebase",
    git: { rebase: 'GIT "$@"; kill -9 $PPID; exit' },
    rebase: true,
    code: 3,
    told: /git is in the middle of a rebase, and was on main/,
    back: false,
  },
  {
    title: "while uv runs after it",
    git: {},
    uv: "echo half > uv.lock; kill -9 $PPID; sleep 0.3",
    code: 0,
    told:
      /did not end well; restored pyproject\.toml, uv\.lock\nwarning: git had finished its part: the app is on main at [\da-f]{7}; run `hsm sync`\n/,
    back: false,
  },
  {
    title: "on the way back, before git has begun",
    git: { checkout: "kill -9 $PPID; sleep 0.3; exit 1" },
    uv: "exit 1",
    code: 0,
    told: /git had finished its part: the app is on main at [\da-f]{7}/,
    back: false,
  },
  {
    title: "on the way back, after git",
    git: { checkout: 'GIT "$@"; kill -9 $PPID; exit' },
    uv: "exit 1",
    code: 0,
    told: /did not end well; restored pyproject\.toml, uv\.lock\n$/,
    back: true,
  },
];

for (const { title, git, uv, rebase, code, told, back } of KILLS) {
  Deno.test(`hsm pull --app killed ${title}: the next command says where git is, and does not touch it`, async () => {
    await using pulled = await PulledApp.make();
    const { app } = pulled;
    await pulled.edit("pyproject.toml", own);
    if (rebase) {
      await pulled.edit("other.txt", (it) => it.replace("2", "mine"));
      await pulled.commit("other.txt");
      await pulled.git("config", "pull.rebase", "true");
    }
    await pulled.pushSynced({
      "hsm.yaml": append("# theirs\n"),
      "pyproject.toml": append("# theirs\n"),
    });
    await pulled.push({ "other.txt": (it) => it.replace("2", "theirs") });
    const mine = await app.read("pyproject.toml");
    const before = await pulled.everything();
    const real = Object.entries(git).map((
      [name, script],
    ) => [name, script.replace("GIT", 'PATH="${PATH#*:}" git')]);
    const env = {
      ...await wrapGit(app, Object.fromEntries(real)),
      ...uv === undefined ? {} : await fakeUv(app, uv),
    };
    assertEquals((await app.hsmWith(env, "pull", "--app")).code, 137);
    await assertNoProcesses(app.folder);
    const between = await pulled.everything();

    (await app.hsm("status")).expect({ code, stderr: told });

    const after = await pulled.everything();
    if (back) return assertEquals(after, before);
    for (const fact of ["HEAD", "branches", "index", "other.txt"]) {
      assertEquals(after[fact], between[fact], fact);
    }
    if (code === 3) {
      assertEquals(await app.read("pyproject.toml.hsm-original"), mine);
      assertEquals(after["pyproject.toml"], between["pyproject.toml"]);
      assertEquals(after["uv.lock"], between["uv.lock"]);
    } else {
      // As it was committed, with the user's own edit.
      assertMatch(await pulled.git("diff", "--stat"), /^ pyproject\.toml \| 2 \+-\n 1 file/);
      (await app.hsm("sync")).expect({ code: 0 });
      assertStringIncludes(await app.read("pyproject.toml"), 'path = "packages/plug-a"');
    }
    (await app.hsm("list")).expect({ code: 0, stderr: "" });
  });
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`hsm pull --app lets git end on ${signal}, then takes everything back`, async () => {
    await using pulled = await PulledApp.make();
    const { app } = pulled;
    await pulled.edit("pyproject.toml", own);
    await pulled.push({ "other.txt": "theirs\n", "pyproject.toml": append("# theirs\n") });
    const before = await pulled.everything();
    const begun = join(app.folder, "begun");
    const env = await wrapGit(app, { merge: `: > ${begun}; sleep 0.5` });
    const running = app.startWith(env, "pull", "--app");
    await waitForFile(begun);
    running.kill(signal);
    (await running.ended).expect({
      code: signal === "SIGINT" ? 130 : 143,
      stdout: "",
      stderr: /the app is back on main at [\da-f]{7}(.|\n)*restored: pyproject\.toml, uv\.lock/,
    });
    assertEquals(await pulled.everything(), before);
    await assertNoProcesses(app.folder);
  });
}

Deno.test("hsm pull --app is not waited for by a hook of git's that it runs", async () => {
  await using pulled = await PulledApp.make();
  const { app } = pulled;
  const said = join(app.folder, "said");
  const hook = `#!/bin/sh\ntimeout 20 ${hsmCommand().join(" ")} sync --wait 2> ${said}\n`;
  await Deno.writeTextFile(join(pulled.top, ".git/hooks/post-merge"), hook, { mode: 0o755 });
  await pulled.push({ "other.txt": "theirs\n" });
  (await app.hsm("pull", "--app")).expect({ code: 0 });
  assertMatch(
    await Deno.readTextFile(said),
    /^error: Cannot lock the workspace: .*`?hsm pull --app`?/,
  );
});

Deno.test("hsm undo after hsm pull --app gives back what belongs to the new commit", async () => {
  await using pulled = await PulledApp.make();
  await pulled.edit("pyproject.toml", own);
  await pulled.pushSynced({
    "hsm.yaml": append("# theirs\n"),
    "pyproject.toml": append("# theirs\n"),
  });
  (await pulled.app.hsm("pull", "--app")).expect({ code: 0 });
  (await pulled.app.hsm("undo", "--no-sync")).expect({ code: 0 });
  assertMatch(await pulled.git("diff", "--stat"), /^ pyproject\.toml \| 2 \+-\n 1 file/);
});

Deno.test("hsm pull takes --app without names, and its options with it alone", async () => {
  await using pulled = await PulledApp.make();
  (await pulled.app.hsm("pull", "--app", "plug-a")).expect({
    code: 2,
    stdout: "",
    stderr: `error: Cannot run hsm pull: --app and NAME exclude each other
hint: run \`hsm pull --app\`, then \`hsm pull\`
`,
  });
  (await pulled.app.hsm("pull", "--dry-run")).expect({
    code: 2,
    stdout: "",
    stderr: `error: Cannot run hsm pull: --dry-run goes with --app only
hint: a pull of checkouts never overwrites anything
`,
  });
});
