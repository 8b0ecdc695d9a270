import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { hsmCommands } from "../../tasks/mod.ts";
import { APP_PYPROJECT, type TestApp, testApp } from "../harness/app.ts";
import { fakeUv } from "../harness/fake_uv.ts";
import { treeOf } from "./tree.ts";

/** Puts the checkout `packages/NAME`, a fresh clone, into a state. */
type Prepare = (app: TestApp, folder: string) => Promise<unknown>;

const commit = (app: TestApp, folder: string, file: string, text: string) =>
  app.write(`${folder}/${file}`, text)
    .then(() => app.git(folder, "add", "-A"))
    .then(() => app.git(folder, "commit", "-q", "-m", `Change ${file}`));

const STATES: Readonly<Record<string, Prepare>> = {
  "plug-dirty": async (app, folder) => {
    await app.write(`${folder}/src/plug_dirty/__init__.py`, "stashed\n");
    await app.git(folder, "stash", "-q");
    await app.write(`${folder}/staged.txt`, "staged\n");
    await app.git(folder, "add", "staged.txt");
    await app.write(`${folder}/src/plug_dirty/__init__.py`, "edited\n");
    await app.write(`${folder}/untracked.txt`, "untracked\n");
  },
  "plug-unpushed": async (app, folder) => {
    await app.git(folder, "checkout", "-q", "-b", "topic");
    await commit(app, folder, "mine.txt", "mine\n");
  },
  "plug-detached": async (app, folder) => {
    await app.git(folder, "checkout", "-q", "--detach");
    await commit(app, folder, "mine.txt", "only here\n");
  },
  "plug-rebase": async (app, folder) => {
    await app.git(folder, "checkout", "-q", "-b", "topic");
    await commit(app, folder, "same.txt", "mine\n");
    await app.git(folder, "checkout", "-q", "main");
    await commit(app, folder, "same.txt", "theirs\n");
    await app.git(folder, "rebase", "topic").catch(() => {});
    assertEquals(await app.exists(`${folder}/.git/rebase-merge`), true);
  },
  "plug-ignored": async (app, folder) => {
    // The news are a file of that name.
    await app.write(`${folder}/.git/info/exclude`, "news.txt\n");
    await app.write(`${folder}/news.txt`, "mine\n");
  },
  "plug-link": async (app, folder) => {
    await Deno.rename(join(app.root, folder), join(app.folder, "elsewhere"));
    await Deno.symlink("../../elsewhere", join(app.root, folder));
    await app.write(`${folder}/src/plug_link/__init__.py`, "edited\n");
  },
};

const NAMES = Object.keys(STATES);

/** Commands that ask remotes for news: what git keeps of that in the checkout does not count. */
const FETCHING = ["pull", "pin", "update"];
const NEWS =
  /^\.git\/(?:FETCH_HEAD|packed-refs|objects\/.*|refs\/remotes\/.*|logs\/refs\/remotes\/.*|refs\/tags\/.*)$/;

/** More ways to run a command than with no package, and with all. */
const MORE: Readonly<Record<string, readonly (readonly string[])[]>> = {
  sync: [["--locked"], ["--dry-run"]],
  prod: [[...NAMES, "--shared", "--yes"], [...NAMES, "--no-sync"]],
  dev: [[...NAMES, "--shared", "--yes"]],
  remove: NAMES.map((name) => [name, "--yes"]),
  pin: NAMES.map((name) => [name, "--yes"]),
  pull: NAMES.map((name) => [name]),
};

Deno.test("no command changes a checkout that is dirty, unpushed, detached, mid-rebase or a link", async () => {
  const dev = NAMES.map((name) => `  ${name}: { tag: v1.0.0, mode: dev }\n`).join("");
  await using app = await testApp({
    plugins: NAMES,
    manifest: `git: {remotes}/{name}\npackages:\n${dev}`,
  });
  (await app.hsm("clone", "--yes")).expect({ code: 0 });
  for (const [name, prepare] of Object.entries(STATES)) await prepare(app, `packages/${name}`);
  // There is news, and it is not taken.
  for (const name of NAMES) await app.plugin(name).commit("news.txt", "news\n", "v1.1.0");
  const uv = await fakeUv(app, "echo '# locked' > uv.lock");
  const manifest = await app.read("hsm.yaml");
  const trees = (skip?: RegExp) => ({
    ...Object.fromEntries(
      NAMES.map((name) => [name, treeOf(join(app.root, "packages", name), skip)]),
    ),
    elsewhere: treeOf(join(app.folder, "elsewhere"), skip),
  });
  const sacred = trees(NEWS);

  for (const name of hsmCommands().names) {
    const fetching = FETCHING.includes(name);
    // The overview has no word of its own.
    const words = name === "" ? [] : [name];
    const ways = [["--yes"], [...NAMES, "--yes"], ...(MORE[name] ?? [])];
    const before = trees();
    let understood = false;
    for (const way of ways) {
      await app.write("hsm.yaml", manifest);
      await app.write("pyproject.toml", APP_PYPROJECT);
      for (const file of ["hsm.local.yaml", "uv.lock"]) {
        await Deno.remove(join(app.root, file)).catch(() => {});
      }
      const args = [...words, ...way];
      if (name === "exec") args.push("--", "git", "--version");
      const run = await app.hsmWith(uv, ...args);
      const where = `hsm ${args.join(" ")}\n${run.stderr}`;
      assert(!run.stderr.includes("this is a bug in hsm"), where);
      understood ||= run.code !== 2;
      assertEquals(trees(NEWS), sacred, where);
      if (!fetching) assertEquals(trees(), before, where);
    }
    if (MORE[name]) assert(understood, `hsm ${name} was never run to its end`);
    assertEquals((await app.list("packages")).filter((it) => it.startsWith(".")), []);
  }
});

Deno.test("hsm pull fast-forwards a clean checkout, and keeps the branch", async () => {
  if (!hsmCommands().names.includes("pull")) {
    return console.log("hsm pull: skipped, there is none");
  }
  await using app = await testApp({
    plugins: ["plug-a"],
    files: { "hsm.local.yaml": "mode: dev\n" },
  });
  (await app.hsm("clone", "--yes")).expect({ code: 0 });
  await app.plugin("plug-a").commit("news.txt", "news\n");

  (await app.hsm("pull")).expect({ code: 0 });

  assertEquals(await app.read("packages/plug-a/news.txt"), "news\n");
  assertEquals(await app.git("packages/plug-a", "branch", "--show-current"), "main\n");
});
