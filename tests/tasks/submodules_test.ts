import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { type TestApp, testApp } from "../harness/app.ts";
import { Repository } from "../harness/repository.ts";
import { FROM_FOLDERS, Library, makeLibrary } from "../harness/submodules.ts";
import { wrapGit } from "../harness/wrap_git.ts";

const LIB = "src/plug_a/lib";
const CHECKOUT = "packages/plug-a";

interface Scene extends AsyncDisposable {
  readonly app: TestApp;
  readonly plug: Library;
  readonly lib: Library;
  /** Runs hsm where git takes submodules from folders. */
  hsm(...args: string[]): ReturnType<TestApp["hsm"]>;
  /** Runs git in the checkout, or below it. */
  git(folder: string, ...args: string[]): Promise<string>;
  /** A file of the checkout. */
  read(path: string): Promise<string>;
  sh(line: string): Promise<void>;
}

/** A plugin in dev mode, whose `src/plug_a/lib` is a submodule, in which `deep` is one. */
async function scene(entry = "{ tag: v1.0.0, mode: dev }"): Promise<Scene> {
  const app = await testApp({
    plugins: ["plug-a"],
    manifest: `git: {remotes}/{name}\npackages:\n  plug-a: ${entry}\n`,
  });
  await makeLibrary(app, "deep");
  const lib = await makeLibrary(app, "lib");
  await lib.add("deep", "deep");
  const plug = new Library(app, "plug-a");
  await plug.add("lib", LIB);
  await plug.git("tag", "v1.1.0");
  const checkout = (folder: string) =>
    new Repository(join(app.root, CHECKOUT, folder), { ...app.env, ...FROM_FOLDERS });
  return {
    app,
    plug,
    lib,
    hsm: (...args) => app.hsmWith(FROM_FOLDERS, ...args),
    git: (folder, ...args) => checkout(folder).git(...args),
    read: (path) => app.read(`${CHECKOUT}/${path}`),
    async sh(line) {
      const { success, stderr } = await new Deno.Command("sh", {
        args: ["-ec", line],
        cwd: join(app.root, CHECKOUT),
        env: { ...app.env, ...FROM_FOLDERS },
      }).output();
      if (!success) throw new Error(new TextDecoder().decode(stderr));
    },
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  };
}

/** What git says of the submodules: ` ` as recorded, `-` missing, `+` at another commit. */
async function signs({ git }: Scene): Promise<string> {
  const listed = await git(".", "submodule", "status", "--recursive");
  return listed.split("\n").map((line) => line.replace(/^(.)\S+ (\S+).*/, "$1$2")).join("\n");
}

const WHOLE = ` ${LIB}\n ${LIB}/deep\n`;

async function cloned(entry?: string): Promise<Scene> {
  const it = await scene(entry);
  (await it.hsm("clone", "--yes")).expect({ code: 0 });
  return it;
}

/** A checkout as an older hsm, or a `git clone`, makes one. */
async function clonedWithout(): Promise<Scene> {
  const it = await scene();
  await Deno.mkdir(join(it.app.root, "packages"));
  await it.app.git("packages", "clone", "-q", it.plug.url);
  return it;
}

Deno.test("hsm sync clones a plugin with its submodules, nested ones too", async () => {
  await using it = await scene();
  const { app, hsm } = it;

  (await hsm("sync", "--yes")).expect({ code: 0 });

  assertEquals(await signs(it), WHOLE);
  assertEquals(await app.list("packages"), ["plug-a"]);
  assertEquals(await app.python("import plug_a.lib.deep.data as it; print(it.VALUE)"), "1");
  // An address as `../lib` is seen from the remote, not from the folder.
  assertEquals(
    await it.git(LIB, "remote", "get-url", "origin"),
    `file://${app.folder}/remotes/lib\n`,
  );
  (await hsm("status")).expect({ code: 0, stdout: /main  +1\.0\.0 editable  ok\n$/, stderr: "" });
  (await hsm("doctor")).expect({ code: 0, stdout: /ok +checkouts +plug-a\n/ });
  (await hsm("pull")).expect({ code: 0, stdout: "plug-a  is up to date\n", stderr: "" });
});

Deno.test("hsm clone leaves nothing where git refuses a submodule, and says so with the way out", async () => {
  await using it = await scene();
  const { app } = it;

  (await app.hsm("clone", "--yes")).expect({
    code: 1,
    stdout: "",
    stderr:
      `error: Cannot clone plug-a\n  cause: plug-a: its submodule ${LIB} could not be cloned: fatal: transport 'file' not allowed (file://[DIR]/remotes/lib)\n` +
      "hint: set `submodules: false` of plug-a in hsm.yaml to do without them in dev mode; whether git may fetch them is up to its `protocol.file.allow`\n",
  });

  assertEquals(await app.list("packages"), []);
});

Deno.test("hsm clone leaves nothing where a submodule's repository or commit is gone", async () => {
  await using it = await scene();
  const { app, lib, hsm } = it;
  await lib.git("checkout", "-q", "--orphan", "other");
  await lib.git("commit", "-q", "-m", "Other");
  await lib.git("branch", "-D", "-q", "main");
  await lib.git("reflog", "expire", "--expire=now", "--all");
  await lib.git("gc", "-q", "--prune=now");

  (await hsm("clone", "--yes")).expect({
    code: 1,
    stdout: "",
    stderr:
      /^error: Cannot clone plug-a\n.*its submodule src\/plug_a\/lib could not be cloned: .*\nhint: set `submodules: false` of plug-a in hsm\.yaml/,
  });
  assertEquals(await app.list("packages"), []);

  await Deno.remove(lib.path, { recursive: true });
  (await hsm("clone", "--yes")).expect({ code: 1, stderr: /does not (?:exist|appear to be)/ });
  assertEquals(await app.list("packages"), []);
});

Deno.test("submodules: false leaves them out in dev mode, and nothing speaks of them", async () => {
  await using it = await scene("{ tag: v1.0.0, mode: dev, submodules: false }");
  const { app, plug, lib } = it;

  (await app.hsm("sync", "--yes")).expect({ code: 0 });

  assertEquals(await signs(it), `-${LIB}\n`);
  (await app.hsm("status")).expect({ code: 0, stdout: /main  +1\.0\.0 editable  ok\n$/ });
  (await app.hsm("doctor")).expect({ code: 0, stdout: /ok +checkouts +plug-a\n/ });
  await lib.commit("data.py", "VALUE = 2\n");
  await plug.bump(LIB);
  (await app.hsm("pull")).expect({
    code: 0,
    stdout: "plug-a  updated: 1 new commit\n",
    stderr: "",
  });
  (await app.hsm("clone")).expect({ code: 0, stderr: "" });
  assertEquals(await signs(it), `-${LIB}\n`);
});

Deno.test("submodules: false of one package counts for all that share its checkout", async () => {
  await using it = await scene("{ tag: v1.0.0, mode: dev }");
  const { app } = it;
  await app.write(
    "hsm.yaml",
    `mode: dev
git: {remotes}/plug-a
packages:
  plug-a: { path: packages/plug-a }
  plug-b: { path: packages/plug-a, submodules: false }
`,
  );

  (await app.hsm("clone", "--yes")).expect({ code: 0 });

  assertEquals(await signs(it), `-${LIB}\n`);
});

Deno.test("submodules that git is told to leave alone are left alone", async () => {
  await using it = await scene();
  const { app, plug, hsm } = it;
  for (const name of ["none", "inactive", "active"]) {
    await makeLibrary(app, name);
    await plug.add(name, `vendor/${name}`);
  }
  await plug.git("config", "--file=.gitmodules", "submodule.vendor/none.update", "none");
  await plug.git("commit", "-q", "-a", "-m", "Leave one alone");
  const config = join(app.folder, "home/.gitconfig");
  await Deno.writeTextFile(
    config,
    `[submodule]\n\tactive = vendor\n\tactive = :(exclude)*/inactive\n`,
  );

  (await hsm("clone", "--yes")).expect({ code: 0 });

  const left = `-${LIB}\n vendor/active\n-vendor/inactive\n-vendor/none\n`;
  assertEquals(await signs(it), left);
  (await hsm("pull")).expect({ code: 0, stdout: "plug-a  is up to date\n", stderr: "" });
  (await hsm("status")).expect({ code: 0, stdout: /  main  / });
  assertEquals(await signs(it), left);

  // The user's own word about one goes before that, in both directions.
  await Deno.remove(config);
  await it.git(".", "config", `submodule.${LIB}.active`, "false");
  await it.git(".", "config", "submodule.vendor/none.update", "checkout");
  (await hsm("pull")).expect({ code: 0, stdout: "plug-a  is up to date\n", stderr: "" });
  assertEquals(await signs(it), `-${LIB}\n vendor/active\n vendor/inactive\n vendor/none\n`);
});

Deno.test("a checkout without its submodules is told, and hsm clone, sync or pull brings them", async () => {
  for (const command of ["clone", "sync", "pull"]) {
    await using it = await clonedWithout();
    const { hsm } = it;
    (await hsm("status")).expect({
      code: 0,
      stdout: new RegExp(
        `  main, ${LIB} missing  .*  its submodule ${LIB} is missing: run \`hsm clone plug-a\``,
      ),
    });
    (await hsm("doctor")).expect({
      code: 1,
      stdout: new RegExp(
        `plug-a: a submodule is missing in ${CHECKOUT}: ${LIB}\n.*hsm clone plug-a`,
      ),
    });

    (await hsm(command)).expect({ code: 0 });

    assertEquals(await signs(it), WHOLE, command);
  }
});

Deno.test("a submodule that cannot be had is a warning where the checkout is there, and no end of it", async () => {
  await using it = await clonedWithout();
  const { app, hsm } = it;
  const warning =
    `warning: ${CHECKOUT} is not whole: its submodule ${LIB} could not be cloned: fatal: transport 'file' not allowed (file://[DIR]/remotes/lib); set \`submodules: false\` of plug-a in hsm.yaml to do without them in dev mode; whether git may fetch them is up to its \`protocol.file.allow\`\n`;

  const run = await app.hsm("clone", "--json");
  run.expect({ code: 0, stderr: warning });
  assertEquals(run.json(), {
    checkouts: [{
      package: "plug-a",
      path: CHECKOUT,
      state: "present",
      missingSubmodules: [LIB],
    }],
  });

  // Each sync looks again, until they are there.
  (await app.hsm("sync")).expect({ code: 0 });
  assertStringIncludes((await app.hsm("sync")).expect({ code: 0 }).stderr, warning);
  (await hsm("sync")).expect({ code: 0, stderr: /^(?!.*warning)/ });
  assertEquals(await signs(it), WHOLE);

  (await app.hsm("pull")).expect({ code: 0, stdout: "plug-a  is up to date\n" });
});

Deno.test("hsm sync clones what a new .gitmodules names", async () => {
  await using it = await scene();
  const { app, plug, hsm, git } = it;
  (await hsm("sync", "--yes")).expect({ code: 0 });
  (await hsm("sync")).expect({ code: 0 });
  await makeLibrary(app, "more");
  await plug.add("more", "vendor/more");
  await git(".", "pull", "-q", "--no-recurse-submodules");

  (await hsm("sync")).expect({ code: 0 });

  assertEquals(await signs(it), `${WHOLE} vendor/more\n`);
});

Deno.test("hsm pull moves submodules along, and clones those that are new", async () => {
  await using it = await cloned();
  const { app, plug, lib, hsm, read } = it;
  await makeLibrary(app, "more");
  await lib.commit("data.py", "VALUE = 2\n");
  await lib.add("more", "more");
  await plug.bump(LIB);
  await plug.add("more", "vendor/more");

  (await hsm("pull")).expect({
    code: 0,
    stdout: "plug-a  updated: 2 new commits\n",
    stderr: "",
  });

  assertEquals(await signs(it), `${WHOLE} ${LIB}/more\n vendor/more\n`);
  assertEquals(await read(`${LIB}/data.py`), "VALUE = 2\n");
  (await hsm("pull")).expect({ code: 0, stdout: "plug-a  is up to date\n", stderr: "" });
});

Deno.test("hsm pull tells of a new submodule that it cannot have, and the next one tries again", async () => {
  await using it = await cloned();
  const { app, plug, hsm } = it;
  const more = await makeLibrary(app, "more");
  await plug.add("more", "vendor/more");
  await Deno.rename(more.path, `${more.path}-away`);

  (await hsm("pull")).expect({
    code: 1,
    stdout: "plug-a  updated: 1 new commit, submodules not fetched\n",
    stderr:
      /^error: Cannot fetch plug-a\n  cause: plug-a: its submodule vendor\/more could not be cloned: .*\nhint: set `submodules: false` of plug-a in hsm\.yaml to do without them in dev mode\n$/,
  });
  (await hsm("pull")).expect({ code: 1, stdout: "plug-a  not fetched\n" });

  await Deno.rename(`${more.path}-away`, more.path);
  (await hsm("pull")).expect({ code: 0, stdout: "plug-a  is up to date\n", stderr: "" });
  assertEquals(await signs(it), `${WHOLE} vendor/more\n`);
});

Deno.test("hsm pull brings submodules up that stayed behind, nested ones too", async () => {
  await using it = await cloned();
  const { app, plug, lib, hsm, git, read } = it;
  await new Library(app, "deep").commit("data.py", "VALUE = 2\n");
  await lib.bump("deep");
  await plug.bump(LIB);
  // As a pull does that is killed halfway, or a `git pull` of the user's.
  await git(".", "pull", "-q", "--no-recurse-submodules");
  assertEquals(await signs(it), `+${LIB}\n ${LIB}/deep\n`);

  (await hsm("pull")).expect({ code: 0, stdout: "plug-a  is up to date\n", stderr: "" });

  assertEquals(await signs(it), WHOLE);
  assertEquals(await read(`${LIB}/deep/data.py`), "VALUE = 2\n");

  await git(LIB, "submodule", "--quiet", "update", "--init");
  await git(`${LIB}/deep`, "checkout", "-q", "HEAD~1");
  assertEquals(await signs(it), ` ${LIB}\n+${LIB}/deep\n`);
  (await hsm("pull")).expect({ code: 0, stdout: "plug-a  is up to date\n", stderr: "" });
  assertEquals(await signs(it), WHOLE);
});

Deno.test("hsm pull leaves a submodule where a developer put it, and says how to go on", async () => {
  await using it = await cloned();
  const { app, lib, hsm, git, sh } = it;
  await lib.commit("data.py", "VALUE = 2\n");
  await git(LIB, "fetch", "-q");
  await git(LIB, "checkout", "-q", "origin/main");

  (await hsm("pull")).expect({
    code: 0,
    stdout:
      `plug-a  left alone: its submodule ${LIB} is at another commit than recorded, and would be moved; ` +
      "commit that, or go back by `git submodule update --recursive`\n",
  });
  (await hsm("status")).expect({
    code: 0,
    stdout: new RegExp(`  main, 1 dirty, ${LIB} at another commit  `),
  });
  const { packages } = (await hsm("status", "--json")).json() as {
    packages: { checkout: Record<string, unknown> }[];
  };
  assertEquals(packages[0]?.checkout["submodules"], [{ path: LIB, state: "moved" }]);
  (await hsm("pin", "plug-a")).expect({
    code: 1,
    stderr:
      /not committed\n.*\nhint: commit the submodule's new commit, or go back to the recorded one: `git -C packages\/plug-a submodule update --init --recursive`\n$/,
  });
  assertEquals(await signs(it), `+${LIB}\n ${LIB}/deep\n`);

  await git(LIB, "checkout", "-q", "-");
  await sh(`echo mine >> ${LIB}/data.py`);
  (await hsm("pull")).expect({
    code: 0,
    stdout: `plug-a  left alone: its submodule ${LIB} has 1 changed file\n`,
  });
  (await hsm("status")).expect({
    code: 0,
    stdout: new RegExp(`  main, 1 dirty, ${LIB} changed  `),
  });
  (await hsm("pin", "plug-a")).expect({
    code: 1,
    stderr:
      /hint: commit and push in the submodule first, or put it aside: `git -C packages\/plug-a\/src\/plug_a\/lib stash -u`\n$/,
  });
  await sh(`cd ${LIB}; git checkout -q .; echo mine > untracked`);
  // What is only untracked is in nobody's way.
  await app.plugin("plug-a").commit("more.txt", "1\n");
  (await hsm("pull")).expect({ code: 0, stdout: "plug-a  updated: 1 new commit\n" });
});

Deno.test("hsm pull follows a submodule to another address, but not past the user's own", async () => {
  await using it = await cloned();
  const { app, plug, lib, hsm, git, read } = it;
  await Deno.rename(lib.path, `${lib.path}-moved`);
  const moved = new Library(app, "lib-moved");
  await moved.commit("data.py", "VALUE = 2\n");
  await plug.git("config", "--file=.gitmodules", `submodule.${LIB}.url`, "../lib-moved");
  await plug.git("submodule", "--quiet", "sync");
  await plug.bump(LIB);

  (await hsm("pull")).expect({ code: 0, stdout: "plug-a  updated: 1 new commit\n", stderr: "" });

  assertEquals(await read(`${LIB}/data.py`), "VALUE = 2\n");
  assertEquals(
    await git(LIB, "remote", "get-url", "origin"),
    `file://${app.folder}/remotes/lib-moved\n`,
  );

  const own = `file://${app.folder}/remotes/own`;
  await git(".", "config", `submodule.${LIB}.url`, own);
  await plug.git("config", "--file=.gitmodules", `submodule.${LIB}.url`, "../elsewhere");
  await plug.git("commit", "-q", "-a", "-m", "Move again");
  (await hsm("pull")).expect({ code: 0, stdout: "plug-a  updated: 1 new commit\n" });
  assertEquals(await git(".", "config", `submodule.${LIB}.url`), `${own}\n`);
});

Deno.test("hsm pull fetches nothing for a submodule that git would not, and goes on without submodules", async () => {
  await using it = await cloned();
  const { app, plug, lib } = it;
  await lib.commit("data.py", "VALUE = 2\n");
  await plug.bump(LIB);

  const refused = {
    code: 1,
    stdout: "plug-a  not fetched\n",
    stderr:
      `error: Cannot fetch plug-a\n  cause: plug-a: its submodule ${LIB} lacks its new commit: fatal: transport 'file' not allowed\n` +
      "hint: set `submodules: false` of plug-a in hsm.yaml to do without them in dev mode; whether git may fetch them is up to its `protocol.file.allow`\n",
  };
  (await app.hsm("pull")).expect(refused);
  await plug.git("config", "--file=.gitmodules", `submodule.${LIB}.url`, "../lib/.git");
  await plug.git("commit", "-q", "-a", "-m", "Another address of it");
  (await app.hsm("pull")).expect(refused);
  assertEquals(await signs(it), WHOLE);

  await app.write("hsm.local.yaml", "packages:\n  plug-a:\n    submodules: false\n");
  (await app.hsm("pull")).expect({
    code: 0,
    stdout: "plug-a  updated: 2 new commits\n",
    stderr: "",
  });
  assertEquals(await signs(it), `+${LIB}\n ${LIB}/deep\n`);
  (await app.hsm("pull")).expect({ code: 0, stdout: "plug-a  is up to date\n", stderr: "" });
});

Deno.test("a .gitmodules with conflicts ends no command", async () => {
  await using it = await cloned();
  const { hsm, sh } = it;
  (await hsm("sync")).expect({ code: 0 });
  await sh("printf '<<<<<<< HEAD\\n' >> .gitmodules");

  assertStringIncludes(
    (await hsm("sync")).expect({ code: 0 }).stderr,
    `warning: ${CHECKOUT} is not whole: git cannot read its .gitmodules\n`,
  );
  (await hsm("status")).expect({ code: 0 });
  (await hsm("pull")).expect({ code: 0, stdout: /^plug-a  left alone: / });
});

Deno.test("hsm pull brings a submodule to its new folder, and leaves the old one as git does", async () => {
  await using it = await cloned();
  const { plug, hsm, read, sh } = it;
  await sh(`echo mine > ${LIB}/own.secret; echo '*.secret' >> .git/info/exclude`);
  await plug.git("mv", LIB, "src/plug_a/moved");
  await plug.git("commit", "-q", "-m", "Move it");

  (await hsm("pull")).expect({ code: 0, stdout: "plug-a  updated: 1 new commit\n", stderr: "" });

  assertEquals(await signs(it), " src/plug_a/moved\n src/plug_a/moved/deep\n");
  assertEquals(await read(`${LIB}/own.secret`), "mine\n");
});

Deno.test("hsm pull and clone leave a submodule missing whose work nobody else has", async () => {
  await using it = await cloned();
  const { plug, hsm, git, sh, read } = it;
  await sh(`echo mine > ${LIB}/data.py`);
  await plug.git("mv", LIB, "src/plug_a/moved");
  await plug.git("commit", "-q", "-m", "Move it");

  // The old folder is in nobody's way while its files differ, so the checkout stays where it is.
  const first = await hsm("pull");
  first.expect({ code: 0 });
  assertEquals(await read(`${LIB}/data.py`), "mine\n");
  assertStringIncludes(first.stdout, "1 changed file");

  await git(LIB, "checkout", "-q", ".");
  await git(LIB, "commit", "-q", "--allow-empty", "-m", "mine");
  const head = await git(LIB, "rev-parse", "HEAD");
  await sh(`rm -r ${LIB}`);
  const second = await hsm("pull");
  second.expect({ code: 0 });
  assertStringIncludes(second.stdout, "is at a commit that no branch has");
  (await hsm("clone")).expect({ code: 0, stderr: /is at a commit that no branch has\n$/ });
  const kept = await git(".", "rev-parse", "--git-path", `modules/${LIB}`);
  const it2 = new Repository(join(plug.checkout(CHECKOUT).path, kept.trim()), it.app.env);
  assertEquals(
    await it2.git("--work-tree=.", "rev-parse", "HEAD"),
    head,
  );
});

Deno.test("a submodule whose clone was cut off is cloned again", async () => {
  await using it = await clonedWithout();
  const { hsm, git, sh } = it;
  await git(".", "submodule", "--quiet", "update", "--init");
  // What git leaves between its clone and its checkout.
  await sh(`rm .git/modules/${LIB}/index; cd ${LIB}; rm -r data.py deep .gitmodules`);

  (await hsm("pull")).expect({ code: 0, stdout: "plug-a  is up to date\n", stderr: "" });

  assertEquals(await signs(it), WHOLE);
});

Deno.test("hsm pull moves a submodule whose commit a shallow clone has no branch of", async () => {
  await using it = await scene();
  const { plug, lib, hsm, read } = it;
  await lib.git("config", "uploadpack.allowAnySHA1InWant", "true");
  await plug.git("config", "--file=.gitmodules", `submodule.${LIB}.shallow`, "true");
  await plug.git("commit", "-q", "-a", "-m", "Shallow");
  // The recorded commit is not the newest.
  await lib.commit("data.py", "VALUE = 2\n");
  (await hsm("clone", "--yes")).expect({ code: 0 });
  assertEquals(await it.git(LIB, "rev-parse", "--is-shallow-repository"), "true\n");
  await plug.bump(LIB);

  (await hsm("pull")).expect({ code: 0, stdout: "plug-a  updated: 1 new commit\n", stderr: "" });

  assertEquals(await read(`${LIB}/data.py`), "VALUE = 2\n");
});

Deno.test("hsm clone makes submodules partial, too, where it is told a filter", async () => {
  await using it = await scene();
  const { lib, hsm } = it;
  await lib.git("config", "uploadpack.allowFilter", "true");
  await lib.git("config", "uploadpack.allowAnySHA1InWant", "true");

  (await hsm("clone", "--yes", "--filter", "blob:none")).expect({ code: 0 });

  assertEquals(await signs(it), WHOLE);
  assertEquals(await it.git(LIB, "config", "remote.origin.partialCloneFilter"), "blob:none\n");
});

Deno.test("checkouts without submodules take hsm no git more", async () => {
  await using app = await testApp({
    plugins: ["plug-a"],
    files: { "hsm.local.yaml": "mode: dev\n" },
  });
  const log = join(app.folder, "log");
  const note = `echo "$word" >> ${log}`;
  const env = await wrapGit(app, { submodule: note, "ls-files": note, "--get-regexp": note });
  (await app.hsmWith(env, "clone", "--yes")).expect({ code: 0 });
  await Deno.writeTextFile(log, "");

  (await app.hsmWith(env, "status")).expect({ code: 0 });
  (await app.hsmWith(env, "clone")).expect({ code: 0 });
  (await app.hsmWith(env, "pull")).expect({ code: 0 });

  assertEquals((await Deno.readTextFile(log)).includes("submodule"), false);
  assertEquals(await Deno.readTextFile(log), "");
});

Deno.test("hsm check says that prod mode has no way without submodules", async () => {
  await using it = await scene("{ tag: v1.1.0, submodules: false }");
  const { app } = it;
  const warning = `warning: uv fetches the submodules of plug-a in prod mode, always
  plug-a  hsm.yaml  submodules: false
  fix: make sure that uv can fetch them: this key leaves them out in dev mode only

1 warning, 1 package fits
`;

  for (const args of [[], ["--prod"], ["--offline"]]) {
    (await app.hsm("check", ...args)).expect({ code: 0, stdout: warning });
  }
  await app.write("hsm.yaml", (await app.read("hsm.yaml")).replace("v1.1.0", "v1.0.0"));
  (await app.hsm("check")).expect({ code: 0, stdout: "1 package fits\n" });
});
