import { assertEquals } from "@std/assert";
import { uvThat } from "../harness/fake_uv.ts";
import { canDropPrivileges, hsmUnprivileged } from "../harness/limited.ts";
import { must } from "../harness/program.ts";
import { AHEAD, StandInApp } from "../harness/stand_ins.ts";

/** The calls of uv's, as patterns of the shell's. */
const [LOCK, INSTALL, SYNC] = ["'lock '*|lock", "'pip install '*", "'sync '*"] as const;

const FAILS = 'echo "error: The test does not want this" >&2; exit 7';

/** Asserts that a command that fails changes nothing: neither files nor environment. */
async function assertNothing(
  it: StandInApp,
  where: string,
  command: () => Promise<{ readonly code: number }>,
): Promise<void> {
  const [texts, tree] = [await it.app.texts(), it.tree()];
  const { code } = await command();
  assertEquals(code, 1, where);
  assertEquals(await it.app.texts(), texts, where);
  assertEquals(it.tree(), tree, where);
}

Deno.test("where uv fails, files and environment are as before, with the checkout or without it", async () => {
  await using it = await StandInApp.make();
  const { app } = it;
  // What can be done without uv's network has been done.
  await it.dev("my-plugin");
  (await app.hsm("prod", "my-plugin")).expect({ code: 0 });
  /** As long as the files are not as before, uv fails: what brings the environment back comes after them. */
  const fails = async (call: string, isNew: string, ...args: string[]) => {
    const where = `${args.join(" ")}, ${call}`;
    const env = await uvThat(app, call, FAILS, isNew);
    await assertNothing(it, where, () => app.hsmWith(env, ...args));
    await it.assertClean(where);
  };
  const isDev = "grep -q 'mode: dev' hsm.local.yaml";
  for (const call of [INSTALL, SYNC]) await fails(call, isDev, "dev", "my-plugin");
  assertEquals(await it.imported("my-plugin"), "1.0.0 1.0.0");
  await it.dev("my-plugin");
  await fails(SYNC, `! ${isDev}`, "prod", "my-plugin");
  await it.assertStanding("my-plugin", "prod");
  await it.release("my-plugin", "1.1.0");
  for (const call of [LOCK, INSTALL, SYNC]) {
    await fails(call, "grep -q v1.1.0 hsm.yaml", "update", "my-plugin");
    await it.assertStanding("my-plugin", call);
  }
  await it.assertClean();
  (await app.hsm("update", "my-plugin")).expect({ code: 0 });
  await it.assertStanding("my-plugin", "update");
});

Deno.test("a checkout that does not build does not stand in: the pin stays, or what stood in before", async () => {
  await using it = await StandInApp.make();
  const { app } = it;
  const path = "packages/my-plugin/pyproject.toml";
  await it.dev("my-plugin");
  (await app.hsm("prod", "my-plugin")).expect({ code: 0 });
  const pyproject = await app.read(path);
  const broken = pyproject.replace(
    "[build-system]",
    '[tool.uv.build-backend]\nmodule-name = "no"\n\n[build-system]',
  );
  await app.write(path, broken);
  await assertNothing(it, "dev", async () => {
    const run = await app.hsm("dev", "my-plugin");
    return run.expect({ code: 1, stderr: /Expected a Python module at/ });
  });
  assertEquals(await it.imported("my-plugin"), "1.0.0 1.0.0");

  await app.write(path, pyproject);
  await it.dev("my-plugin");
  await app.write(path, broken);
  await assertNothing(it, "sync", () => app.hsm("sync"));
  await it.assertStanding("my-plugin");
  assertEquals(await it.status(), { "my-plugin": ["environment"] });
  await app.write(path, pyproject);
  assertEquals(await it.agrees(), true);
  (await app.hsm("sync")).expect({ code: 0 });
});

Deno.test("one of two checkouts that does not build takes the other one back as well", async () => {
  await using it = await StandInApp.make({ plugins: ["plug-a", "plug-b"] });
  const { app } = it;
  await it.dev("plug-a");
  (await app.hsm("dev", "plug-b", "--inject", "environment", "--yes", "--no-sync"))
    .expect({ code: 0 });
  (await app.hsm("clone", "--yes")).expect({ code: 0 });
  await Deno.remove(`${app.root}/packages/plug-b/src`, { recursive: true });
  const tree = it.tree();
  (await app.hsm("sync")).expect({ code: 1, stderr: /Expected a Python module at/ });
  assertEquals(it.tree(), tree);
  await it.assertStanding("plug-a");
  assertEquals(await it.imported("plug-b"), "1.0.0 1.0.0");
});

Deno.test("where a verify command fails, the environment is as before, with the checkout or without it", async () => {
  const check = "import sys, my_plugin; sys.exit(my_plugin.VALUE == sys.argv[1])";
  await using it = await StandInApp.make({ plugins: ["my-plugin"] }, async ({ app }) => {
    await app.write("check.py", check);
  });
  const { app } = it;
  const manifest = await app.read("hsm.yaml");
  const refuse = (version: string) =>
    app.write("hsm.yaml", `${manifest}verify: [.venv/bin/python check.py ${version}]\n`);
  await refuse(AHEAD);
  const dev = ["dev", "my-plugin", "--inject", "environment", "--yes"];
  await assertNothing(it, "dev", () => app.hsm(...dev));
  assertEquals(await it.imported("my-plugin"), "1.0.0 1.0.0");
  await refuse("1.0.0");
  (await app.hsm(...dev)).expect({ code: 0 });
  await it.assertStanding("my-plugin");
  await assertNothing(it, "prod", () => app.hsm("prod", "my-plugin"));
  await it.assertStanding("my-plugin");
  (await app.hsm("prod", "my-plugin", "--no-verify")).expect({ code: 0 });
  await it.assertFresh();
});

Deno.test("two commands at once take turns, whichever lets a checkout stand in", async () => {
  await using it = await StandInApp.make({ plugins: ["plug-a", "plug-b"] });
  const { app } = it;
  const how = ["--inject", "environment", "--yes", "--wait"];
  const runs = await Promise.all(
    ["plug-a", "plug-b"].map((name) => app.hsm("dev", name, ...how)),
  );
  for (const run of runs) run.expect({ code: 0 });
  for (const name of ["plug-a", "plug-b"]) await it.assertStanding(name);
  assertEquals(await it.agrees(), true);
  await Promise.all(["plug-a", "plug-b"].map((name) => app.hsm("prod", name, "--wait")));
  await it.assertFresh();
  await it.assertClean();
});

Deno.test({
  name: "an environment that cannot be written to stays, and what stands in there with it",
  ignore: !canDropPrivileges(),
  async fn() {
    await using it = await StandInApp.make({ plugins: ["plug-a", "plug-b"] });
    const { app } = it;
    await it.dev("--all");
    const [texts, tree] = [await app.texts(), it.tree()];
    const chmod = (mode: string) =>
      must(["chmod", "-R", mode, it.environment], { cwd: app.root, env: app.env });
    await chmod("a-w");

    const run = await hsmUnprivileged(app, {}, "prod", "plug-a");

    await chmod("u+w");
    const said =
      "Cannot write down what stands in: Permission denied (EACCES): open '[DIR]/app/.venv/lib/python3.11/site-packages/_hsm.tmp'";
    run.expect({
      code: 1,
      stderr: `error: ${said}
  restored: hsm.local.yaml
hint: [DIR]/app/.venv/lib/python3.11/site-packages belongs to user ${Deno.uid()}: make it yours with \`chown\`, or writable with \`chmod u+w\`, then run the command again
`,
    });
    assertEquals(await app.texts(), texts);
    assertEquals(it.tree(), tree);
    assertEquals(await it.agrees(), true);
  },
});

Deno.test("where what stood in cannot be brought back, hsm says so of itself, and what does it later", async () => {
  await using it = await StandInApp.make({ plugins: ["plug-a", "plug-b"] });
  const { app } = it;
  await it.dev("plug-a");
  (await app.hsm("dev", "plug-b", "--inject", "environment", "--no-sync", "--yes")).expect({
    code: 0,
  });
  await app.hsm("clone", "--yes");
  const site = await it.site();
  const inTheWay = `mkdir -p "${site}/_hsm.tmp/it"; rm -f "${site}/_hsm.pth"; exit 7`;
  const env = await uvThat(app, INSTALL, inTheWay);
  (await app.hsmWith(env, "sync")).expect({
    code: 1,
    stderr:
      /^warning: \.venv was not brought back: Cannot write down what stands in: .+_hsm\.tmp'; run `hsm sync`$/m,
  });
  await Deno.remove(`${site}/_hsm.tmp`, { recursive: true });
  (await app.hsm("sync")).expect({ code: 0 });
  await it.assertStanding("plug-a");
  await it.assertStanding("plug-b");
});
