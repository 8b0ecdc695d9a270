import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { PulledApp } from "../harness/pulled_app.ts";
import { wrapGit } from "../harness/wrap_git.ts";

const append = (more: string) => (text: string) => text + more;

/** A commit of the user's own, and one that comes. */
async function diverge(pulled: PulledApp, settings: Readonly<Record<string, string>>) {
  await pulled.app.write("mine.py", "mine = 1\n");
  await pulled.commit("mine.py");
  await pulled.push({ "theirs.py": "theirs = 1\n" });
  for (const [key, value] of Object.entries(settings)) await pulled.git("config", key, value);
}

Deno.test("hsm pull --app refuses where the branches have diverged and merge.ff is only", async () => {
  await using pulled = await PulledApp.make();
  await diverge(pulled, { "pull.rebase": "false", "merge.ff": "only" });
  const before = await pulled.everything();
  (await pulled.app.hsm("pull", "--app")).expect({
    code: 2,
    stdout: "",
    stderr: /have diverged, by 1 and 1 commit\nhint: `merge.ff` is `only`/,
  });
  assertEquals(await pulled.everything(), before);
  // What git pull is told counts more.
  await pulled.git("config", "pull.ff", "true");
  (await pulled.app.hsm("pull", "--app")).expect({ code: 0, stdout: /by merge/ });
});

for (const [key, value] of [["merge.ff", "false"], ["branch.main.mergeOptions", "--no-ff"]]) {
  Deno.test(`hsm pull --app merges where ${key} is ${value}, as git pull does`, async () => {
    await using pulled = await PulledApp.make();
    await pulled.git("config", "pull.rebase", "false");
    await pulled.git("config", key!, value!);
    await pulled.push({ "other.txt": append("theirs\n") });
    (await pulled.app.hsm("pull", "--app")).expect({ code: 0, stdout: /by merge/ });
    assertMatch(await pulled.git("log", "--format=%s", "-1"), /^Merge remote-tracking branch/);
  });
}

for (const option of ["--squash", "--no-commit"]) {
  Deno.test(`hsm pull --app commits a merge though branch.main.mergeOptions is ${option}`, async () => {
    await using pulled = await PulledApp.make();
    await diverge(pulled, { "pull.rebase": "false", "branch.main.mergeOptions": option });
    (await pulled.app.hsm("pull", "--app")).expect({ code: 0, stdout: /by merge/ });
    assertEquals(
      await pulled.git("rev-parse", "HEAD^2"),
      await pulled.git("rev-parse", "origin/main"),
    );
    assertEquals(await pulled.git("diff", "--cached", "--stat"), "");
  });
}

Deno.test("hsm pull --app waits while another git writes the index", async () => {
  await using pulled = await PulledApp.make();
  const { app } = pulled;
  await pulled.push({ "other.txt": append("theirs\n") });
  const before = await pulled.everything();
  const lock = join(pulled.top, ".git/index.lock");
  const release = `(sleep 0.5; rm ${lock}) > /dev/null 2>&1 &`;
  const env = await wrapGit(app, { merge: `: > ${lock}; ${release}` });
  (await app.hsmWith(env, "pull", "--app")).expect({
    code: 1,
    stderr: /index\.lock(.|\n)*restored: pyproject\.toml, uv\.lock\nhint: the app is as it was/,
  });
  assertEquals(await pulled.everything(), before);
  await Deno.writeTextFile(lock, "");
  const removed = new Promise((resolve) => setTimeout(resolve, 1500)).then(() => Deno.remove(lock));
  (await app.hsm("pull", "--app")).expect({ code: 0 });
  await removed;
});

for (const flag of ["skip-worktree", "assume-unchanged"]) {
  Deno.test(`hsm pull --app says how git is to look again at files that are ${flag}`, async () => {
    await using pulled = await PulledApp.make();
    const { app } = pulled;
    await pulled.git("update-index", `--${flag}`, "pyproject.toml", "uv.lock");
    await pulled.edit("pyproject.toml", (it) => `# mine\n${it}`);
    await pulled.push({ "pyproject.toml": append("# theirs\n") });
    const before = await pulled.everything();
    (await app.hsm("pull", "--app")).expect({
      code: 2,
      stdout: "",
      stderr: `error: Cannot pull the app: git was told not to look at pyproject.toml
hint: \`git update-index --no-${flag} pyproject.toml\`, then run the command again
`,
    });
    assertEquals(await pulled.everything(), before);
    await pulled.git("update-index", `--no-${flag}`, "pyproject.toml");
    (await app.hsm("pull", "--app")).expect({ code: 0 });
    assertMatch(await app.read("pyproject.toml"), /^# mine\n(.|\n)*# theirs\n$/);
  });
}

/** Something else than a file comes in the place of one at stake. */
const KINDS: readonly {
  title: string;
  file: string;
  make: (pulled: PulledApp) => Promise<void>;
}[] = [
  {
    title: "a link comes in the place of pyproject.toml",
    file: "pyproject.toml",
    make: (it) => linkTheirs(it, "pyproject.toml"),
  },
  {
    title: "a link comes in the place of .gitignore",
    file: ".gitignore",
    make: (it) => linkTheirs(it, ".gitignore"),
  },
  {
    title: "a folder comes in the place of uv.lock",
    file: "uv.lock",
    make: async (pulled) => {
      await pulled.push({ "uv.lock": null });
      await pulled.push({ "uv.lock/new.txt": "theirs\n" });
    },
  },
];

async function linkTheirs(pulled: PulledApp, file: string): Promise<void> {
  await Deno.rename(pulled.theirs(file), pulled.theirs("linked"));
  await Deno.symlink("linked", pulled.theirs(file));
  await pulled.push({});
}

for (const { title, file, make } of KINDS) {
  Deno.test(`hsm pull --app leaves all as it was where ${title}`, async () => {
    await using pulled = await PulledApp.make();
    await make(pulled);
    const before = await pulled.everything();
    (await pulled.app.hsm("pull", "--app")).expect({
      code: 2,
      stdout: "",
      stderr: `error: Cannot pull the app: origin/main has something else than a file as ${file}
hint: put the packages back in prod mode (\`hsm prod NAME\`), then \`git pull\` by hand
`,
    });
    assertEquals(await pulled.everything(), before);
  });
}

Deno.test("hsm pull --app leaves all as it was where a link of the app's comes to lead elsewhere", async () => {
  await using pulled = await PulledApp.make({ dev: [] });
  const { app } = pulled;
  await Deno.mkdir(join(app.root, "conf"));
  await Deno.rename(join(app.root, "pyproject.toml"), join(app.root, "conf/pyproject.toml"));
  await Deno.symlink("conf/pyproject.toml", join(app.root, "pyproject.toml"));
  await pulled.commit("conf", "pyproject.toml");
  await pulled.git("push", "-q");
  await pulled.pullColleague();
  (await app.hsm("dev", "plug-a", "--yes")).expect({ code: 0 });
  await pulled.push({ "conf/pyproject.toml": append("# theirs\n") });
  (await app.hsm("pull", "--app")).expect({ code: 0 });
  assertStringIncludes(await app.read("conf/pyproject.toml"), "# theirs\n");
  await pulled.colleague("mv", "conf", "other");
  await Deno.remove(pulled.theirs("pyproject.toml"));
  await Deno.symlink("other/pyproject.toml", pulled.theirs("pyproject.toml"));
  await pulled.push({});
  const before = await pulled.everything();
  (await app.hsm("pull", "--app")).expect({
    code: 2,
    stderr: /origin\/main has something else than a file as pyproject\.toml/,
  });
  assertEquals(await pulled.everything(), before);
});

for (const [how, from, to] of [["true", "\n", "\n"], ["input", "\n", "\r\n"]] as const) {
  Deno.test(`hsm pull --app goes by what git takes for the same line, with core.autocrlf ${how}`, async () => {
    await using pulled = await PulledApp.make();
    const { app } = pulled;
    await pulled.git("config", "core.autocrlf", how);
    for (const file of ["pyproject.toml", "hsm.yaml"]) {
      await pulled.edit(file, (it) => it.replaceAll(from, to));
    }
    await pulled.edit("pyproject.toml", (it) => it.replace('"0.1.0"', '"0.1.0" # mine'));
    await pulled.push({
      "pyproject.toml": append("# theirs\n"),
      "hsm.yaml": append("# theirs\n"),
    });
    (await app.hsm("pull", "--app")).expect({
      code: 0,
      stdout: /; with your own edits of pyproject\.toml\n/,
    });
    (await app.hsm("prod", "plug-a")).expect({ code: 0 });
    assertEquals(
      (await pulled.git("diff", "--unified=0")).split("\n").filter((it) => /^[-+][^-+]/.test(it)),
      ['-version = "0.1.0"', '+version = "0.1.0" # mine'],
    );
  });
}

for (const way of ["fast-forward", "rebase", "merge"]) {
  Deno.test(`hsm pull --app refuses a ${way} with autostash where what git would put aside does not go together with what has come`, async () => {
    await using pulled = await PulledApp.make();
    if (way !== "fast-forward") await diverge(pulled, { "pull.rebase": `${way === "rebase"}` });
    for (const key of ["merge.autoStash", "rebase.autoStash"]) {
      await pulled.git("config", key, "true");
    }
    await pulled.edit("other.txt", (it) => it.replace("2", "mine"));
    await pulled.edit("pyproject.toml", (it) => `# mine\n${it}`);
    await pulled.push({ "other.txt": (it) => it.replace("2", "theirs") });
    const before = await pulled.everything();
    (await pulled.app.hsm("pull", "--app")).expect({
      code: 2,
      stdout: "",
      stderr:
        /^error: Cannot pull the app: your own edits of other\.txt and those of origin\/main do not go together\nhint: commit yours/,
    });
    assertEquals(await pulled.everything(), before);
    await pulled.edit("other.txt", (it) => it.replace("mine", "2") + "mine\n");
    (await pulled.app.hsm("pull", "--app")).expect({ code: 0 });
    assertMatch(await pulled.app.read("other.txt"), /^1\ntheirs\n3\nmine\n$/);
  });
}

Deno.test("hsm pull --app leaves a personal manifest where it is when it goes out of git", async () => {
  await using pulled = await PulledApp.make({ dev: [] });
  const { app } = pulled;
  (await app.hsm("dev", "plug-a", "--yes")).expect({ code: 0 });
  await pulled.git("add", "--force", "hsm.local.yaml");
  await pulled.git("commit", "-q", "-m", "By mistake");
  await pulled.git("push", "-q");
  await pulled.pullColleague();
  await pulled.push({ "hsm.local.yaml": null });
  (await app.hsm("dev", "plug-b", "--yes")).expect({ code: 0 });
  const mine = await app.read("hsm.local.yaml");
  (await app.hsm("pull", "--app")).expect({ code: 0 });
  assertEquals(await app.read("hsm.local.yaml"), mine);
  assertMatch(await app.freeze(), /packages\/plug-a\n(.|\n)*packages\/plug-b\n/);
  assertEquals(await pulled.git("status", "--porcelain"), " M pyproject.toml\n M uv.lock\n");
});

for (
  const [file, change] of [
    ["pyproject.toml", append("[broken\n")],
    ["uv.lock", (it: string) => `<<<<<<< a\n${it}=======\n>>>>>>> b\n`],
  ] as const
) {
  Deno.test(`hsm pull --app leaves all as it was where a ${file} comes that is wrong`, async () => {
    await using pulled = await PulledApp.make();
    await pulled.edit("pyproject.toml", (it) => `# mine\n${it}`);
    await pulled.push({ [file]: change });
    const before = await pulled.everything();
    (await pulled.app.hsm("pull", "--app")).expect({
      code: 2,
      stdout: "",
      stderr: new RegExp(
        `^error: Cannot pull the app: origin/main has a ${file} that is wrong\\n(.|\\n)*` +
          `${file}:\\d+(.|\\n)*hint: nothing was changed`,
      ),
    });
    assertEquals(await pulled.everything(), before);
  });
}

Deno.test("hsm pull --app names files as they are seen from the app's folder", async () => {
  await using pulled = await PulledApp.make({ below: "apps/main" });
  await pulled.edit("hsm.yaml", append("# mine\n"));
  await pulled.git("add", "apps/main/hsm.yaml");
  await pulled.push({ "other.txt": "theirs\n" });
  (await pulled.app.hsm("pull", "--app")).expect({
    code: 2,
    stderr: /hint: commit them, or `git restore --staged hsm\.yaml`\n/,
  });
});

Deno.test("hsm pull --app says what git has left half way, and has its own files back", async () => {
  await using pulled = await PulledApp.make();
  const { app } = pulled;
  await pulled.edit("hsm.yaml", append("# mine\n"));
  await pulled.push({ "hsm.yaml": (it) => `# theirs\n${it}`, "other.txt": append("theirs\n") });
  await pulled.push({ "new.txt": "theirs\n" });
  await pulled.git("fetch", "-q");
  const before = await pulled.everything();
  // As on a full disk: some files are written, and then no more.
  const files = "hsm.yaml other.txt";
  const half =
    `for file in ${files}; do git show origin/main:$file > $file; done; : > new.txt; exit 1`;
  const env = await wrapGit(app, { merge: half.replaceAll("git ", 'PATH="${PATH#*:}" git ') });
  (await app.hsmWith(env, "pull", "--app")).expect({
    code: 1,
    stderr:
      /hint: the app is as it was, on main at [\da-f]{7}, but for 2 files that git has left half way \(`git status`\), such as other\.txt; /,
  });
  await pulled.git("checkout", "-q", "other.txt");
  await Deno.remove(join(pulled.top, "new.txt"));
  assertEquals(await pulled.everything(), before);
});
