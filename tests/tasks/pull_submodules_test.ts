import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { Repository } from "../harness/repository.ts";
import {
  CHECKOUT,
  cloned,
  clonedWithout,
  LIB,
  Library,
  makeLibrary,
  scene,
  signs,
  WHOLE,
} from "../harness/submodules.ts";

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
    stderr: `Cloned the submodule vendor/more of ${CHECKOUT}
Cloned the submodule ${LIB}/more of ${CHECKOUT}
`,
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
  const brought = `Cloned the submodule vendor/more of ${CHECKOUT}\n`;
  (await hsm("pull")).expect({ code: 0, stdout: "plug-a  is up to date\n", stderr: brought });
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
  (await app.hsm("pin", "plug-a", "--no-sync")).expect({ code: 0, stdout: /dev → prod/ });
});

Deno.test("hsm pull brings a submodule to its new folder, and leaves the old one as git does", async () => {
  await using it = await cloned();
  const { plug, hsm, read, sh } = it;
  await sh(`echo mine > ${LIB}/own.secret; echo '*.secret' >> .git/info/exclude`);
  await plug.git("mv", LIB, "src/plug_a/moved");
  await plug.git("commit", "-q", "-m", "Move it");

  (await hsm("pull")).expect({
    code: 0,
    stdout: "plug-a  updated: 1 new commit\n",
    stderr: `Cloned the submodule src/plug_a/moved of ${CHECKOUT}
Cloned the submodule src/plug_a/moved/deep of ${CHECKOUT}
`,
  });

  assertEquals(await signs(it), " src/plug_a/moved\n src/plug_a/moved/deep\n");
  assertEquals(await read(`${LIB}/own.secret`), "mine\n");
});

Deno.test("hsm pull and clone leave a submodule missing whose work nobody else has", async () => {
  await using it = await cloned();
  const { app, plug, hsm, git, sh, read } = it;
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
  const gitdir = new Repository(join(app.root, CHECKOUT, kept.trim()), app.env);
  assertEquals(
    await gitdir.git("--work-tree=.", "rev-parse", "HEAD"),
    head,
  );
});

Deno.test("a submodule whose clone was cut off is cloned again", async () => {
  await using it = await clonedWithout();
  const { hsm, git, sh } = it;
  await git(".", "submodule", "--quiet", "update", "--init");
  // What git leaves between its clone and its checkout.
  await sh(`rm .git/modules/${LIB}/index; cd ${LIB}; rm -r data.py deep .gitmodules`);

  (await hsm("pull")).expect({
    code: 0,
    stdout: "plug-a  is up to date\n",
    stderr: `Cloned the submodule ${LIB} of ${CHECKOUT}
Cloned the submodule ${LIB}/deep of ${CHECKOUT}
`,
  });

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
