import { assertEquals, assertStringIncludes } from "@std/assert";
import { ensureDir } from "@std/fs";
import { join } from "@std/path";
import { type TestApp, testApp } from "../harness/app.ts";
import { wrapGit } from "../harness/wrap_git.ts";

Deno.test("hsm clone clones the dev packages, and only those", async () => {
  await using app = await testApp({
    plugins: ["plug-a", "plug-b", "plug-c"],
    manifest: `git: {remotes}/{name}
mode: dev
packages:
  plug-a: v1.0.0
  plug-b: { tag: v1.0.0, mode: prod }
  plug-c: { checkout: next }
`,
  });
  await app.plugin("plug-c").git("branch", "next");

  (await app.hsm("clone", "--yes")).expect({
    code: 0,
    stdout: "plug-a  packages/plug-a  cloned\nplug-c  packages/plug-c  cloned\n",
    stderr: /^(?:Cloned plug-[ac] into packages\/plug-[ac]\n){2}$/,
  });

  assertEquals(await app.list("packages"), ["plug-a", "plug-c"]);
  assertEquals(await app.git("packages/plug-a", "branch", "--show-current"), "main\n");
  assertEquals(await app.git("packages/plug-c", "branch", "--show-current"), "next\n");
  (await app.hsm("clone", "--json")).expect({ code: 0, stderr: "" });
  assertEquals((await app.hsm("clone", "plug-a", "--json")).json(), {
    checkouts: [{ package: "plug-a", path: "packages/plug-a", state: "present" }],
  });
});

Deno.test("hsm clone --dry-run says what it would clone", async () => {
  await using app = await testApp({
    plugins: ["plug-a"],
    files: { "hsm.local.yaml": "mode: dev\n" },
  });

  (await app.hsm("clone", "--dry-run")).expect({
    code: 0,
    stdout: "plug-a  packages/plug-a  missing\n",
    stderr: "",
  });

  assertEquals(await app.list("."), ["hsm.local.yaml", "hsm.yaml", "pyproject.toml"]);
});

Deno.test("hsm clone clones all others when one fails, and names that one", async () => {
  const names = Array.from({ length: 12 }, (_, index) => `plug-${index}`);
  await using app = await testApp({ plugins: names, files: { "hsm.local.yaml": "mode: dev\n" } });
  await Deno.remove(join(app.folder, "remotes/plug-7"), { recursive: true });

  const run = await app.hsm("clone", "--yes");

  run.expect({ code: 1, stdout: "" });
  assertStringIncludes(
    run.stderr,
    "error: Cannot clone plug-7: the other 11 are there\n  plug-7: fatal: ",
  );
  const others = names.filter((it) => it !== "plug-7");
  assertEquals(await app.list("packages"), others.toSorted());

  await Deno.remove(join(app.root, "packages/plug-3"), { recursive: true });
  const json = await app.hsm("clone", "--yes", "--json");
  const { code, details } = json.json()["error"] as { code: string; details: unknown };
  assertEquals({ code, details }, {
    code: "clone-failed",
    details: { packages: ["plug-7"], clones: ["packages/plug-3"] },
  });
});

Deno.test("hsm clone refuses a package in prod mode", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });

  (await app.hsm("clone", "plug-a", "--yes")).expect({
    code: 2,
    stdout: "",
    stderr: `error: Cannot clone plug-a: in prod mode there is no checkout
hint: run \`hsm dev plug-a\`
`,
  });
});

Deno.test("hsm clone never prints a token, nor asks for one", async () => {
  await using app = await testApp({ plugins: [], manifest: "packages: {}\n" });
  // git itself puts the token in: hsm.yaml may not hold one.
  await app.write(
    "../home/.gitconfig",
    `[url "http://me:s3cret@127.0.0.1:1/"]\n  insteadOf = https://example.invalid/\n`,
  );
  await app.write(
    "hsm.yaml",
    "mode: dev\ngit: https://example.invalid/{name}\npackages:\n  plug-a: v1\n",
  );

  const run = await app.hsm("clone", "--yes", "-v");

  run.expect({ code: 1, stderr: /error: Cannot clone plug-a/ });
  assertEquals(run.stderr.includes("s3cret"), false, run.stderr);
  assertEquals(await app.list("packages"), []);
});

Deno.test("hsm clone clones a repository once that holds two packages", async () => {
  await using app = await testApp({
    plugins: [{ name: "plug-a", folder: "a" }],
    manifest: `mode: dev
git: {remotes}/plug-a
packages:
  plug-a: { path: packages/both, subdirectory: a }
  plug-b: { path: packages/both, subdirectory: b, checkout: develop }
`,
  });
  await app.plugin("plug-a").release({ name: "plug-b", folder: "b", version: "1.1.0" });
  await app.plugin("plug-a").git("branch", "develop");

  (await app.hsm("sync", "--yes")).expect({
    code: 0,
    stderr: /^Cloned plug-a, plug-b into packages\/both\n(?!Cloned)/,
  });

  assertEquals(await app.python("import plug_a, plug_b; print(plug_b.VALUE)"), "1.1.0");
  assertEquals(await app.git("packages/both", "branch", "--show-current"), "develop\n");
});

/** Two apps whose manifests name one checkout between them. */
async function twoApps(): Promise<TestApp> {
  const app = await testApp({
    plugins: ["plug-a"],
    manifest: "git: {remotes}/{name}\nmode: dev\npackages:\n  plug-a: { path: ../shared/plug-a }\n",
  });
  for (const file of ["hsm.yaml", "pyproject.toml"]) {
    await app.write(`../other/${file}`, await app.read(file));
  }
  return app;
}

Deno.test("hsm clone takes the checkout that another app clones at the same time", async () => {
  await using app = await twoApps();
  // Whoever comes first waits for the other one, and so both clone.
  const env = await wrapGit(app, {
    clone: `: > ${app.folder}/begun.$$
      while [ "$(ls ${app.folder} | grep -c begun)" -lt 2 ]; do sleep 0.05; done`,
  });

  const runs = await Promise.all([
    app.hsmWith(env, "clone", "--yes"),
    app.hsmWith(env, "-C", "../other", "clone", "--yes"),
  ]);

  const told = runs.map((run) => {
    run.expect({ code: 0, stdout: /^plug-a {2}\.\.\/shared\/plug-a {2}(cloned|present)\n$/ });
    return [run.stdout.trim().split("  ")[2], run.stderr];
  });
  assertEquals(told.sort(), [
    ["cloned", "Cloned plug-a into ../shared/plug-a\n"],
    ["present", "Took ../shared/plug-a as it is: it was cloned meanwhile\n"],
  ]);
  assertEquals(await app.list("../shared"), ["plug-a"]);
  assertEquals(await app.git("../shared/plug-a", "status", "--porcelain"), "");
});

Deno.test("hsm clone and hsm new leave alone what somebody puts into the place meanwhile", async () => {
  const hint = (name: string) =>
    `hint: move it away and run this again, or set \`path\` of ${name} in hsm.local.yaml`;
  const what: Readonly<Record<string, readonly [make: string, says: string]>> = {
    "a folder": [
      "mkdir PLACE; echo mine > PLACE/mine.txt",
      "a folder that is no git checkout\nHINT",
    ],
    "an empty folder": ["mkdir PLACE", "a folder that is no git checkout\nHINT"],
    "a file": ["echo mine > PLACE", "a file\nHINT"],
    "a link": ["ln -s nowhere PLACE", "a link that leads nowhere\nHINT"],
    "another checkout": [
      "mkdir PLACE; mv FOLDER/another PLACE/.git",
      "a checkout of https://example.invalid/x, not of GIT\nHINT, or correct \`git\` of plug-a in hsm.yaml",
    ],
  };
  for (const [name, [make, says]] of Object.entries(what)) {
    await using app = await testApp({
      plugins: ["plug-a"],
      files: { "hsm.local.yaml": "mode: dev\n" },
    });
    await app.git("..", "init", "-q", "--bare", "another");
    await app.git("../another", "config", "core.bare", "false");
    await app.git("../another", "remote", "add", "origin", "https://example.invalid/x");
    const script = (place: string) =>
      make.replaceAll("PLACE", join(app.root, place)).replaceAll("FOLDER", app.folder);
    const env = await wrapGit(app, {
      clone: script("packages/plug-a"),
      commit: script("packages/plug-n"),
    });

    const run = await app.hsmWith(env, "clone", "--yes");

    const reason = says.replace("HINT", hint("plug-a")).replace(
      "GIT",
      "file://[DIR]/remotes/plug-a",
    );
    run.expect({
      code: 2,
      stdout: "",
      stderr: `error: Cannot use packages/plug-a as the checkout of plug-a: it is ${reason}\n`,
    });
    if (name === "another checkout") continue;
    (await app.hsmWith(env, "new", "plug-n", "--no-sync")).expect({
      code: 2,
      stdout: "",
      stderr: `error: Cannot make plug-n: there is something at packages/plug-n
hint: to use what is there, run \`hsm add plug-n --dev\`
`,
    });
    assertEquals(await app.list("packages"), ["plug-a", "plug-n"], name);
    if (name === "a folder") assertEquals(await app.list("packages/plug-n"), ["mine.txt"]);
    if (name === "an empty folder") assertEquals(await app.list("packages/plug-n"), []);
  }
});

Deno.test("hsm clone refuses places that are another checkout's or the app's own, links followed", async () => {
  await using app = await testApp({
    plugins: ["plug-a", "plug-b"],
    files: { "src/app/__init__.py": "", "vendor/plug-b/mine.txt": "mine\n" },
  });
  await app.git(".", "init", "-q");
  await app.git(".", "add", "vendor");
  await Deno.remove(join(app.root, "vendor"), { recursive: true });
  await ensureDir(join(app.folder, "shared/x"));
  await Deno.symlink("../shared", join(app.root, "outer"));
  await Deno.symlink("../.git", join(app.root, "src/git"));
  const place = (path: string, says: string, hint = "") =>
    [{ "plug-b": path }, says, hint] as const;
  const cases = [
    [
      { "plug-a": "../shared/x", "plug-b": "outer/x/sub" },
      "use outer/x/sub as the checkout of plug-b: it lies in ../shared/x, the checkout of plug-a",
      "",
    ],
    [
      { "plug-a": "outer/x/sub", "plug-b": "../shared/x" },
      "use ../shared/x as the checkout of plug-b: outer/x/sub, the checkout of plug-a, lies in it",
      "",
    ],
    place("../app", "use ../app as the checkout of plug-b: it is the app's own folder"),
    place(
      "../app/.hsm/x",
      "use ../app/.hsm/x as the checkout of plug-b: it lies in the app's .hsm",
    ),
    place("src/git/x", "use src/git/x as the checkout of plug-b: it lies in the app's .git"),
    place(
      "src/app/__init__.py/x",
      "clone plug-b into src/app/__init__.py/x: src/app/__init__.py is a file",
    ),
    place(
      "vendor/plug-b",
      "clone plug-b into vendor/plug-b: the app's own repository tracks it",
      "run \`git rm -r --cached vendor/plug-b\`, or ",
    ),
  ] as const;
  for (const [paths, says, hint] of cases) {
    const packages = Object.entries(paths)
      .map(([name, path]) => `  ${name}: { tag: v1.0.0, path: ${path} }\n`).join("");
    await app.write("hsm.yaml", `git: file://${app.folder}/remotes/{name}\npackages:\n${packages}`);
    for (const args of [["clone", "plug-b", "--yes"], ["sync", "--yes"]]) {
      await app.write("hsm.local.yaml", "packages: { plug-b: { mode: dev } }\n");
      (await app.hsm(...args)).expect({
        code: 2,
        stdout: "",
        stderr: `error: Cannot ${says}
hint: ${hint}set \`path\` of plug-b in hsm.local.yaml to where it is to be
`,
      });
    }
  }
  assertEquals(await app.list("../shared/x"), []);
});
