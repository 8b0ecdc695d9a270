/** An app that has no pyproject.toml: its package manager asks for none. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { type TestApp, testApp } from "../harness/app.ts";
import { must } from "../harness/program.ts";

const MANIFEST = "adapter: pip\ngit: {remotes}/{name}\npackages:\n" +
  "  plug-a: v1.0.0\n  plug-b: { tag: v1.0.0, require: false }\n";

/** The files at stake beside hsm.yaml. */
const FILES = ["requirements-hsm.txt", "constraints-hsm.txt", "pylock.hsm.toml"];

async function appWithout(): Promise<TestApp> {
  const app = await testApp({
    plugins: [{ name: "plug-a", dependencies: ["plug-b>=1"] }, "plug-b"],
    manifest: MANIFEST,
    files: { "requirements.txt": "-r more/base.txt\n", "more/base.txt": "plug-a>=1\n" },
  });
  await Deno.remove(`${app.root}/pyproject.toml`);
  await app.git(".", "init", "-q", "-b", "main");
  await app.write(".gitignore", "/.venv/\n/.hsm/\n/hsm.local.yaml\n/packages/\n");
  return app;
}

const texts = (app: TestApp) => Promise.all(FILES.map((it) => app.read(it).catch(() => undefined)));

Deno.test("an app without pyproject.toml is synced, looked at and undone like any other", async () => {
  await using app = await appWithout();
  (await app.hsm("status")).expect({
    code: 0,
    stdout: /^plug-a +prod .* requirements-hsm\.txt has no source for it$/m,
  });
  const before = await texts(app);
  (await app.hsm("sync")).expect({ code: 0 });
  const prod = await texts(app);
  (await app.hsm("graph")).expect({
    code: 0,
    stdout: "app\n\u2514\u2500\u2500 plug-a >=1  prod: v1.0.0\n" +
      "    \u2514\u2500\u2500 plug-b >=1  prod: v1.0.0\n",
  });
  (await app.hsm("check")).expect({ code: 0 });
  (await app.hsm("dev", "plug-a", "--yes")).expect({ code: 0 });
  (await app.hsm("status")).expect({ code: 0, stdout: /^plug-a +dev .* ok$/m });
  (await app.hsm("diff")).expect({ code: 0, stderr: "A sync would change nothing\n" });
  (await app.hsm("doctor")).expect({
    code: 0,
    stdout: /^ok +requirements-hsm\.txt +it says what hsm\.yaml says$/m,
  });
  (await app.hsm("remove", "plug-b", "--no-sync")).expect({
    code: 0,
    stderr: /^warning: plug-b is still required by plug-a: /,
  });
  // Before the second command that changed anything.
  (await app.hsm("undo", "2", "--no-sync")).expect({ code: 0 });
  assertEquals(await texts(app), prod);
  await app.write("hsm.yaml", `verify: ["false"]\n${await app.read("hsm.yaml")}`);
  await app.plugin("plug-a").git("tag", "v1.1.0");
  (await app.hsm("pin", "plug-a", "v1.1.0")).expect({
    code: 1,
    stderr: /restored: hsm\.yaml, requirements-hsm\.txt, pylock\.hsm\.toml/,
  });
  assertEquals(await texts(app), prod);
  (await app.hsm("undo", "1", "--no-sync", "--force")).expect({ code: 0 });
  assertEquals(await texts(app), before);
  // The others cannot do without.
  await app.write("hsm.yaml", MANIFEST.replace("pip", "uv"));
  (await app.hsm("sync")).expect({
    code: 2,
    stderr: /^error: Cannot find pyproject\.toml in \[DIR\]\/app, beside hsm\.yaml\n/,
  });
});

Deno.test("what is staged of an app without pyproject.toml is judged, hsm.yaml or not", async () => {
  await using app = await appWithout();
  (await app.hsm("sync")).expect({ code: 0 });
  const commit = async () => {
    await app.git(".", "add", "-A");
    await app.git(".", "commit", "-qm", "Commit");
  };
  const staged = () => app.hsm("check", "--prod", "--staged");
  await commit();
  // A file that only its requirements lead to.
  await app.write("more/base.txt", "plug-a>=1\n-e ../elsewhere/other\n");
  await app.git(".", "add", "more/base.txt");
  (await staged()).expect({
    code: 2,
    stdout: /^error: other comes from the path \.\.\/elsewhere\/other\n/,
  });
  await app.git(".", "reset", "-q", "--hard");
  // Another file is none of its.
  await app.write("main.py", "");
  await app.git(".", "add", "main.py");
  (await staged()).expect({ code: 0, stderr: "Nothing is staged that hsm looks at\n" });

  (await app.hsm("dev", "plug-a", "--yes")).expect({ code: 0 });
  await app.git(".", "add", "-A");
  const told = (await staged()).expect({ code: 2 }).stdout;
  assertStringIncludes(told, "error: plug-a comes from the path packages/plug-a\n");
  assertStringIncludes(told, "  plug-a  requirements-hsm.txt:4  -e ./packages/plug-a  # plug-a\n");
  assertEquals(told.includes("more/base.txt"), false, told);
  // What HSM has written says itself that it has.
  await app.git(".", "reset", "-q");
  await app.git(".", "rm", "-q", "--cached", "hsm.yaml");
  await app.git(".", "commit", "-qm", "Keep hsm.yaml to myself");
  await app.git(".", "add", ...FILES);
  (await staged()).expect({ code: 2, stdout: told });
});

Deno.test("a pull brings files that are edited only by what has come, and goes back whole", async () => {
  await using app = await appWithout();
  (await app.hsm("sync")).expect({ code: 0 });
  await app.git(".", "add", "-A");
  await app.git(".", "commit", "-qm", "One");
  const run = (cwd: string, ...args: string[]) => must(["git", ...args], { cwd, env: app.env });
  const [remote, other] = [`${app.folder}/app.git`, `${app.folder}/other`];
  await run(app.folder, "clone", "-q", "--bare", "app", remote);
  await run(app.folder, "clone", "-q", remote, other);
  await app.git(".", "remote", "add", "origin", remote);
  await app.git(".", "fetch", "-q");
  await app.git(".", "branch", "-q", "-u", "origin/main");
  await Deno.writeTextFile(`${other}/more/base.txt`, "plug-a>=1\n-c limits.txt\n");
  await Deno.writeTextFile(`${other}/more/limits.txt`, "plug-a==1.0.0\nidna<4\n");
  await run(other, "add", "-A");
  await run(other, "commit", "-qm", "Two");
  await run(other, "push", "-q");

  (await app.hsm("dev", "plug-a", "--yes")).expect({ code: 0 });
  const local = await app.read("hsm.local.yaml");
  const before = await texts(app);
  await app.write("hsm.local.yaml", `verify: ["false"]\n${local}`);
  (await app.hsm("pull", "--app")).expect({ code: 1, stderr: /\n {2}restored: / });
  assertEquals(await texts(app), before);
  assertEquals(await app.list("more"), ["base.txt"]);
  await app.write("hsm.local.yaml", local);
  (await app.hsm("pull", "--app")).expect({ code: 0 });
  assertEquals(
    await app.read("more/limits.txt"),
    "# plug-a==1.0.0  # set aside by hsm\nidna<4\n",
  );
});
