import { assertEquals } from "@std/assert";
import { testApp } from "../harness/app.ts";

const MANIFEST = "mode: dev\ngit: {remotes}/{name}\npackages:\n  plug-a: v1.0.0\n";

Deno.test("a clone of a remote whose HEAD leads nowhere fails, names its branches, and leaves nothing", async () => {
  await using app = await testApp({ plugins: ["plug-a"], manifest: MANIFEST });
  const remote = app.plugin("plug-a");
  await remote.git("branch", "develop");
  await remote.git("symbolic-ref", "HEAD", "refs/heads/gone");

  for (const command of [["clone", "--yes"], ["sync", "--yes"]]) {
    (await app.hsm(...command)).expect({
      code: 1,
      stdout: "",
      stderr: `error: Cannot clone plug-a
  cause: plug-a: the HEAD of its remote names a branch that is not there; there are: develop, main
hint: name the branch to check out by \`checkout:\` in hsm.yaml, or set the remote's default branch
`,
    });
    assertEquals(await app.list("packages"), []);
  }

  await app.write("hsm.local.yaml", "packages: { plug-a: { checkout: develop } }\n");
  (await app.hsm("clone", "--yes")).expect({ code: 0 });
  assertEquals(await app.git("packages/plug-a", "branch", "--show-current"), "develop\n");
});

Deno.test("a clone of an empty remote fails, and says that nothing was pushed", async () => {
  await using app = await testApp({ plugins: ["plug-a"], manifest: MANIFEST });
  await Deno.remove(app.plugin("plug-a").path, { recursive: true });
  await Deno.mkdir(app.plugin("plug-a").path);
  await app.plugin("plug-a").git("init", "--quiet", "--bare");

  (await app.hsm("clone", "--yes")).expect({
    code: 1,
    stdout: "",
    stderr: `error: Cannot clone plug-a
  cause: plug-a: its remote has no branch: nothing has been pushed to it yet
hint: push a first commit to it
`,
  });
  assertEquals(await app.list("packages"), []);
});

Deno.test("a checkout that is at no commit is told as such", async () => {
  await using app = await testApp({ plugins: ["plug-a"], manifest: MANIFEST });
  (await app.hsm("clone", "--yes")).expect({ code: 0 });
  await app.git("packages/plug-a", "switch", "--quiet", "--orphan", "fresh");

  (await app.hsm("map")).expect({
    code: 2,
    stdout: "",
    stderr:
      `error: Cannot find plug-a in its checkout: packages/plug-a has no commit on its branch fresh
hint: switch to one that is there: \`git -C packages/plug-a branch --all\` lists them
`,
  });
});

Deno.test("a checkout of somebody else's is told with git's own advice by every command", async () => {
  await using app = await testApp({ plugins: ["plug-a"], manifest: MANIFEST });
  (await app.hsm("sync", "--quiet", "--yes")).expect({ code: 0 });
  const other = { GIT_TEST_ASSUME_DIFFERENT_OWNER: "1" };
  const advice = "git config --global --add safe.directory [DIR]/app/packages/plug-a";
  const reasons = ["is", "as the checkout of plug-a: it is"].map((it) =>
    `packages/plug-a ${it} somebody else's, so git does not use it before you run \`${advice}\``
  );

  const told = async (...args: string[]) => {
    const { stdout, stderr } = await app.hsmWith(other, ...args);
    return reasons.some((it) => (stdout + stderr).includes(it));
  };
  const commands = [
    ["status"],
    ["diff"],
    ["sync"],
    ["sync", "--locked"],
    ["clone"],
    ["pull"],
    [
      "pin",
      "plug-a",
    ],
    ["doctor"],
    [],
  ];
  for (const command of commands) {
    assertEquals(await told(...command), true, command.join(" "));
  }
  const mismatch = "packages: { plug-a: { git: https://example.invalid/other } }\n";
  await app.write("hsm.local.yaml", mismatch);
  (await app.hsmWith(other, "clone")).expect({
    code: 2,
    stderr:
      /^error: Cannot use packages\/plug-a as the checkout of plug-a: it is somebody else's, /,
  });
  await Deno.remove(`${app.root}/hsm.local.yaml`);

  await app.git(
    ".",
    ...advice.replace("[DIR]", app.folder).split(" ").slice(1),
  );
  assertEquals(await told("status"), false);
  // Of the remote, which is a folder of the same disk here, git says so itself.
  await app.git(".", "config", "--global", "--add", "safe.directory", "*");
  (await app.hsmWith(other, "pull")).expect({ code: 0 });
});

Deno.test("hsm check takes a package whose checkout is missing for no third party", async () => {
  await using app = await testApp({
    plugins: ["plug-a", "plug-b"],
    manifest: `git: {remotes}/{name}
packages:
  plug-a: { mode: dev }
  plug-b: { mode: dev }
  plug-c: { mode: dev }
`,
  });
  (await app.hsm("clone", "plug-a", "plug-b", "--yes")).expect({ code: 0 });
  for (const name of ["plug-a", "plug-b"]) {
    const file = `packages/${name}/pyproject.toml`;
    const text = (await app.read(file)).replace("dependencies = []", 'dependencies = ["plug-c"]');
    const source = `plug-c = { git = "https://example.org/${name}.git" }`;
    await app.write(file, `${text}\n[tool.uv.sources]\n${source}\n`);
  }

  (await app.hsm("check")).expect({
    code: 2,
    stdout: `error: Cannot map plug-c: packages/plug-c is missing
  plug-c  packages/plug-c
  fix: run \`hsm clone plug-c\`

1 problem, 2 packages fit
`,
    stderr: "",
  });
});
