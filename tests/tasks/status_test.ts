import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { testApp } from "../harness/app.ts";

const DEV_A = "packages:\n  plug-a: { mode: dev }\n";

Deno.test("hsm status shows mode, pin, checkout, what is installed, and that all of it agrees", async () => {
  await using app = await testApp({
    plugins: ["plug-a", "plug-b"],
    files: { "hsm.local.yaml": DEV_A },
  });
  (await app.hsm("sync", "--yes")).expect({ code: 0 });
  const commit = (await app.plugin("plug-b").git("rev-parse", "HEAD")).trim();
  const head = (await app.git("packages/plug-a", "rev-parse", "HEAD")).trim();

  await app.untouched(async () => {
    (await app.hsm("status", "--exit-code")).expect({
      code: 0,
      stdout: `package  mode  pin     checkout  installed       state
plug-a   dev   v1.0.0  main      1.0.0 editable  ok
plug-b   prod  v1.0.0  -         1.0.0 ${commit.slice(0, 7)}   ok
`,
      stderr: "",
    });
  });
  assertEquals((await app.hsm("status", "--json")).json(), {
    packages: [
      {
        package: "plug-a",
        mode: "dev",
        pin: { tag: "v1.0.0" },
        checkout: {
          path: "packages/plug-a",
          state: "present",
          commit: head,
          branch: "main",
          upstream: "origin/main",
          ahead: 0,
          behind: 0,
          dirty: 0,
          stashes: 0,
        },
        installed: {
          version: "1.0.0",
          origin: { kind: "folder", path: "[DIR]/app/packages/plug-a", editable: true },
        },
        drift: [],
      },
      {
        package: "plug-b",
        mode: "prod",
        pin: { tag: "v1.0.0" },
        installed: {
          version: "1.0.0",
          origin: { kind: "git", url: "file://[DIR]/remotes/plug-b", commit, requested: "v1.0.0" },
        },
        drift: [],
      },
    ],
    agrees: true,
  });
});

Deno.test("hsm status tells what does not agree, and exits 1 only with --exit-code", async () => {
  await using app = await testApp({
    plugins: ["plug-a", "plug-b", "plug-c"],
    manifest: `git: {remotes}/{name}
packages:
  plug-a: v1.0.0
  plug-b: v1.0.0
  plug-c: { branch: main }
`,
    files: { "hsm.local.yaml": DEV_A },
  });
  await app.plugin("plug-b").release({ name: "plug-b", version: "1.1.0" });

  const before = `package  mode  pin          checkout  installed  state
plug-a   dev   v1.0.0       missing   -          packages/plug-a is missing
plug-b   prod  v1.0.0       -         -          pyproject.toml has no source for it
plug-c   prod  branch main  -         -          pyproject.toml has no source for it
`;
  (await app.hsm("status")).expect({ code: 0, stdout: before, stderr: "" });
  (await app.hsm("status", "--exit-code")).expect({ code: 1, stdout: before, stderr: "" });
  const json = await app.hsm("status", "--exit-code", "--json", "plug-a");
  assertEquals(json.expect({ code: 1, stderr: "" }).json(), {
    packages: [{
      package: "plug-a",
      mode: "dev",
      pin: { tag: "v1.0.0" },
      checkout: { path: "packages/plug-a", state: "missing" },
      drift: [{ kind: "checkout", message: "packages/plug-a is missing" }],
    }],
    app: [
      { kind: "lock", message: "there is no uv.lock" },
      { kind: "environment", message: "there is no environment" },
    ],
    agrees: false,
  });
  // It takes no lock and makes no folder.
  assertEquals(await app.list("."), ["hsm.local.yaml", "hsm.yaml", "pyproject.toml"]);

  (await app.hsm("sync", "--yes")).expect({ code: 0 });
  const manifest = await app.read("hsm.yaml");
  await app.write("hsm.yaml", manifest.replace("plug-b: v1.0.0", "plug-b: v1.1.0"));
  (await app.hsm("status", "plug-b")).expect({
    code: 0,
    stdout: /^plug-b {3}prod {2}v1\.1\.0 {2}- +1\.0\.0 \w{7} +pyproject\.toml uses v1\.0\.0$/m,
  });
  (await app.hsm("inject")).expect({ code: 0 });
  (await app.hsm("status", "--exit-code", "plug-b")).expect({
    code: 1,
    stdout: /^plug-b .* installed is v1\.0\.0$/m,
  });
  await Deno.remove(join(app.root, ".venv"), { recursive: true });
  (await app.hsm("status", "--exit-code", "plug-b", "plug-c")).expect({
    code: 1,
    stdout: `package  mode  pin          checkout  installed  state
plug-b   prod  v1.1.0       -         -          not installed
plug-c   prod  branch main  -         -          not installed
`,
  });
});

Deno.test("hsm status shows what is going on in checkouts, and --fetch what is new at the remotes", async () => {
  const names = ["ahead", "behind", "detached", "dirty", "foreign", "merging", "other"];
  await using app = await testApp({
    plugins: names,
    files: { "hsm.local.yaml": "mode: dev\n" },
  });
  (await app.hsm("clone", "--yes")).expect({ code: 0 });
  const git = (name: string, ...args: string[]) => app.git(`packages/${name}`, ...args);
  await git("ahead", "commit", "-q", "--allow-empty", "-m", "mine");
  await app.plugin("behind").commit("new.txt", "new\n");
  await git("detached", "checkout", "-q", "--detach");
  await app.write("packages/dirty/pyproject.toml", "");
  await git("dirty", "stash", "-q");
  await app.write("packages/dirty/pyproject.toml", "");
  await app.write("packages/dirty/new file.txt", "");
  await Deno.remove(join(app.root, "packages/foreign"), { recursive: true });
  await app.git(".", "clone", "-q", app.plugin("other").url, "packages/foreign");
  await app.write("packages/merging/x.txt", "mine\n");
  await git("merging", "add", "x.txt");
  await git("merging", "commit", "-q", "-m", "mine");
  await app.plugin("merging").commit("x.txt", "theirs\n");
  await git("merging", "pull", "-q", "--no-rebase").catch(() => {});
  await Deno.rename(join(app.folder, "remotes/dirty"), join(app.folder, "remotes/away"));
  const commit = (await git("detached", "rev-parse", "--short=7", "HEAD")).trim();
  const column = (text: string) =>
    text.trimEnd().split("\n").slice(1).map((line) => line.split(/ {2,}/)[3]);

  const run = await app.hsm("status");

  run.expect({ code: 0, stderr: "" });
  assertEquals(column(run.stdout), [
    "main, 1 ahead",
    "main",
    `detached at ${commit}`,
    "main, 2 dirty, 1 stashed",
    "foreign",
    "main, 1 ahead, 1 behind, 1 dirty, in the middle of a merge",
    "main",
  ]);
  const fetched = await app.hsm("status", "--fetch");
  fetched.expect({
    code: 0,
    stdout: /^foreign .*packages\/foreign is a checkout of file:.*\/other, not of file:/m,
    stderr: /^warning: Cannot fetch dirty: fatal: .*\n$/,
  });
  assertEquals(column(fetched.stdout)[1], "main, 1 behind");
});

Deno.test("hsm status runs nothing of what it looks at, and asks git once for each dev checkout, and uv", async () => {
  await using app = await testApp({
    plugins: ["plug-a", "plug-b"],
    files: { "hsm.local.yaml": DEV_A },
  });
  (await app.hsm("sync", "--yes")).expect({ code: 0 });

  const called = async () => {
    const { stderr } = (await app.hsm("status", "-v")).expect({ code: 0 });
    const lines = stderr.trimEnd().split("\n").map((line) => line.replace(/ {2}# .*$/, ""));
    return lines.map((line) => line.replace(/ -c \S+/g, "").replace(/^\$ \S*\/uv /, "$ uv "))
      .sort();
  };
  const git =
    "$ git --no-optional-locks status --porcelain=v2 --branch --show-stash --untracked-files=normal -z";
  const [look, sync] = ["--offline --no-python-downloads", "$ uv sync"];
  assertEquals(await called(), [git, `${sync} --locked --dry-run ${look}`]);

  // Something may have to be built for that now, which only these never do.
  await app.write("hsm.local.yaml", `${DEV_A}# another\n`);
  assertEquals(await called(), [
    git,
    `$ uv lock --check --no-build ${look}`,
    `${sync} --frozen --dry-run ${look}`,
  ]);
});

Deno.test("hsm status goes by the commit where a pin is called otherwise than what was installed", async () => {
  await using app = await testApp({
    plugins: ["plug-a"],
    manifest: "git: {remotes}/{name}\npackages:\n  plug-a: { branch: main }\n",
  });
  (await app.hsm("sync")).expect({ code: 0 });
  const commit = (await app.plugin("plug-a").git("rev-parse", "HEAD")).trim();

  // uv leaves what is installed alone: it is the same commit.
  for (const pin of ["v1.0.0", `{ rev: ${commit} }`, "v1.0.0", "{ branch: main }"]) {
    await app.write("hsm.yaml", `git: {remotes}/{name}\npackages:\n  plug-a: ${pin}\n`);
    (await app.hsm("sync")).expect({ code: 0 });
    (await app.hsm("status", "--exit-code")).expect({ code: 0, stdout: / ok$/m });
  }

  await app.plugin("plug-a").release({ name: "plug-a", version: "1.1.0" });
  await app.write("hsm.yaml", "git: {remotes}/{name}\npackages:\n  plug-a: v1.1.0\n");
  (await app.hsm("inject")).expect({ code: 0 });
  (await app.hsm("status", "--exit-code")).expect({ code: 1, stdout: / installed is main$/m });
});

Deno.test("hsm status refuses a name that is not there", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });

  (await app.hsm("status", "plug-aa")).expect({
    code: 2,
    stdout: "",
    stderr: "error: Cannot find `plug-aa` in hsm.yaml\nhint: did you mean `plug-a`?\n",
  });
});

Deno.test("hsm status, list and map say that there are no packages", async () => {
  await using app = await testApp({ manifest: "packages: {}\n" });
  (await app.hsm("sync")).expect({ code: 0 });

  const none = { code: 0, stdout: "", stderr: "hsm.yaml names no packages yet\n" };
  for (const args of [["status", "--exit-code"], ["list"], ["map"]]) {
    (await app.hsm(...args)).expect(none);
  }
  const noneInDev = { ...none, stderr: "No package is in dev mode\n" };
  for (const args of [["list", "--mode", "dev"], ["clone"], ["pull"]]) {
    (await app.hsm(...args)).expect(noneInDev);
    (await app.hsm(...args, "--quiet")).expect({ ...none, stderr: "" });
  }
});
