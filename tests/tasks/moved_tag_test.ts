import { assertEquals } from "@std/assert";
import { type TestApp, testApp } from "../harness/app.ts";

const PATH = "packages/my-plugin";

async function short(app: TestApp, commit: string): Promise<string> {
  return (await app.plugin("my-plugin").git("rev-parse", `${commit}^{commit}`)).slice(0, 7);
}

/** Moves a tag of the remote to a new commit. */
async function retag(app: TestApp, tag = "v1.0.0"): Promise<readonly [from: string, to: string]> {
  const from = await short(app, tag);
  await app.plugin("my-plugin").git("tag", "-d", tag);
  await app.plugin("my-plugin").commit(
    "src/my_plugin/__init__.py",
    `VALUE = "${tag} again"\n`,
    tag,
  );
  return [from, await short(app, tag)];
}

Deno.test("hsm outdated, update and check tell of a tag that has moved since it was locked", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  (await app.hsm("sync")).expect({ code: 0 });
  (await app.hsm("outdated")).expect({
    code: 0,
    stdout: "",
    stderr: "Every package is at its newest release\n",
  });
  const [from, to] = await retag(app);
  const reason = `its remote has another commit as v1.0.0, ${to}, than the lock file, ${from}`;

  (await app.hsm("outdated")).expect({
    code: 0,
    stdout: `my-plugin  v1.0.0  ${reason}: \`hsm sync -- -P my-plugin\` takes it\n`,
    stderr: "",
  });
  (await app.hsm("update")).expect({
    code: 0,
    stdout: `my-plugin  left alone: ${reason}: \`hsm sync -- -P my-plugin\` takes it\n`,
    stderr: "There is nothing to update\n",
  });
  (await app.hsm("check")).expect({
    code: 0,
    stdout: `warning: my-plugin: ${reason}
  my-plugin  hsm.yaml  v1.0.0
  fix: \`hsm sync -- -P my-plugin\` takes it

1 warning, 1 package fits
`,
    stderr: "",
  });
  (await app.hsm("pin", "my-plugin", "v1.0.0", "--no-sync")).expect({
    code: 0,
    stdout: "my-plugin  v1.0.0\n",
    stderr: `warning: my-plugin: ${reason}: \`hsm sync -- -P my-plugin\` takes it\n`,
  });

  // The way out is one.
  (await app.hsm("sync", "--", "-P", "my-plugin")).expect({ code: 0 });
  assertEquals(await app.python("import my_plugin; print(my_plugin.VALUE)"), "v1.0.0 again");
  (await app.hsm("outdated")).expect({ code: 0, stdout: "" });
  (await app.hsm("check")).expect({ code: 0, stdout: "1 package fits\n" });
});

Deno.test("hsm pull, status --fetch and pin NAME TAG tell of a checkout's tag that is another one at its remote", async () => {
  await using app = await testApp({
    plugins: ["my-plugin"],
    files: { "hsm.local.yaml": "mode: dev\n" },
  });
  (await app.hsm("clone", "--yes")).expect({ code: 0 });
  const [from, to] = await retag(app);
  const warning = `warning: ${PATH}: its remote has another commit as v1.0.0; ` +
    `\`git -C ${PATH} fetch --force origin tag v1.0.0\` takes it\n`;

  (await app.hsm("status", "--fetch")).expect({
    code: 0,
    stdout: `package    mode  pin     checkout        installed  state
my-plugin  dev   v1.0.0  main, 1 behind  -          pyproject.toml has no source for it
`,
    stderr: warning,
  });
  (await app.hsm("pull")).expect({
    code: 0,
    stdout: "my-plugin  updated: 1 new commit\n",
    stderr: warning,
  });
  (await app.hsm("pin", "my-plugin", "v1.0.0", "--no-sync")).expect({
    code: 0,
    stdout: "my-plugin  dev → prod, v1.0.0\n",
    stderr:
      `warning: my-plugin: its remote has another commit as v1.0.0, ${to}, than ${PATH}, ${from}: ` +
      `\`git -C ${PATH} fetch --force origin tag v1.0.0\` takes it there, too\n`,
  });

  // Whoever wants no tags gets none, and no news of them.
  (await app.hsm("dev", "my-plugin", "--no-sync")).expect({ code: 0 });
  await app.git(PATH, "config", "remote.origin.tagOpt", "--no-tags");
  (await app.hsm("pull")).expect({ code: 0, stdout: "my-plugin  is up to date\n", stderr: "" });
});

Deno.test("a tag that has moved is told by the switch that takes its new commit, in either direction", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  (await app.hsm("sync")).expect({ code: 0 });
  (await app.hsm("dev", "my-plugin", "--yes")).expect({ code: 0 });
  const [from, to] = await retag(app);
  const warning = `warning: my-plugin: its remote has another commit as v1.0.0, ${to}, than ` +
    `${PATH}, ${from}: \`git -C ${PATH} fetch --force origin tag v1.0.0\` takes it there, too\n`;
  const told = async (...args: string[]) => {
    const run = (await app.hsm(...args)).expect({ code: 0 });
    return run.stderr.split(/(?<=\n)/).filter((it) => it.startsWith("warning: "));
  };

  assertEquals(await told("status"), []);
  await app.write("hsm.local.yaml", "packages: { my-plugin: { mode: prod } }\n");
  assertEquals(await told("diff"), [warning]);
  assertEquals((await app.hsm("check")).stdout.includes(to), true);
  assertEquals(await told("pin", "my-plugin", "v1.0.0"), [warning]);
  assertEquals(await app.python("import my_plugin; print(my_plugin.VALUE)"), "v1.0.0 again");

  // The checkout has the old one still, and what is locked is the new one.
  const { path } = app.plugin("my-plugin");
  const commit = await app.plugin("my-plugin").git("rev-parse", "v1.0.0^{commit}");
  const back = `warning: my-plugin: ${PATH} has another commit as v1.0.0, ${from}, than the lock ` +
    `file, ${to}: \`rev: ${commit.trim()}\` in hsm.yaml stays at what was locked\n`;
  assertEquals(await told("dev", "my-plugin"), [back]);
  assertEquals(await told("prod", "my-plugin"), [warning]);

  await app.git(PATH, "fetch", "--quiet", "--force", path, "tag", "v1.0.0");
  assertEquals(await told("dev", "my-plugin"), []);
  assertEquals(await told("prod", "my-plugin"), []);
});

Deno.test("hsm pull brings a shallow checkout no history", async () => {
  await using app = await testApp({
    plugins: ["my-plugin"],
    files: { "hsm.local.yaml": "mode: dev\n" },
  });
  const plugin = app.plugin("my-plugin");
  await plugin.commit("one.txt", "1\n", "v1.1.0");
  await plugin.commit("two.txt", "2\n", "v1.2.0");
  await app.git(".", "clone", "-q", "--depth=1", plugin.url, PATH);
  await plugin.commit("three.txt", "3\n");

  (await app.hsm("pull")).expect({ code: 0, stdout: "my-plugin  updated: 1 new commit\n" });

  assertEquals(await app.git(PATH, "rev-list", "--count", "--all"), "2\n");
});
