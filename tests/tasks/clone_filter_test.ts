import { assertEquals } from "@std/assert";
import { type TestApp, testApp } from "../harness/app.ts";

/** An app whose plugin's remote allows filters, and has a file that no branch has any more. */
async function filteringApp(): Promise<TestApp> {
  const app = await testApp({ plugins: ["plug-a"], files: { "hsm.local.yaml": "mode: dev\n" } });
  const remote = app.plugin("plug-a");
  await remote.git("config", "uploadpack.allowFilter", "true");
  await remote.commit("old.txt", "old\n", "v1.1.0");
  await remote.commit("old.txt", "new\n");
  return app;
}

/** The objects that a clone left out. */
async function missingObjects(app: TestApp): Promise<number> {
  const args = ["rev-list", "--objects", "--all", "--missing=print"];
  const text = await app.git("packages/plug-a", ...args);
  return text.split("\n").filter((line) => line.startsWith("?")).length;
}

const COMMANDS = [["clone"], ["sync"], ["dev", "plug-a"]];

for (const command of COMMANDS) {
  Deno.test(`hsm ${command[0]} --filter makes partial clones, with all tags`, async () => {
    await using app = await filteringApp();

    (await app.hsm(...command, "--yes", "--filter=blob:none")).expect({ code: 0 });

    assertEquals(await missingObjects(app), 1);
    assertEquals(await app.git("packages/plug-a", "tag"), "v1.0.0\nv1.1.0\n");
    assertEquals(await app.read("packages/plug-a/old.txt"), "new\n");
    // What is missing comes when it is needed.
    assertEquals(await app.git("packages/plug-a", "show", "v1.1.0:old.txt"), "old\n");
  });
}

Deno.test("hsm clone heeds the manifest's filter, and clones in full without one", async () => {
  await using app = await filteringApp();
  (await app.hsm("clone", "--yes")).expect({ code: 0 });
  assertEquals(await missingObjects(app), 0);
  assertEquals(await app.git("packages/plug-a", "tag"), "v1.0.0\nv1.1.0\n");

  await Deno.remove(`${app.root}/packages`, { recursive: true });
  await app.write("hsm.yaml", `filter: blob:none\n${await app.read("hsm.yaml")}`);
  (await app.hsm("clone", "--yes")).expect({ code: 0 });
  assertEquals(await missingObjects(app), 1);
});

Deno.test("hsm clone refuses a filter that is none", async () => {
  await using app = await filteringApp();
  for (const filter of ["blob", "--upload-pack=touch x", "sparse:oid=HEAD:x"]) {
    const run = await app.hsm("clone", "--yes", `--filter=${filter}`);
    run.expect({ code: 2, stdout: "" });
    assertEquals(
      run.stderr,
      `error: Cannot run hsm clone: --filter is \`${filter}\`, and must be ` +
        "`blob:none`, `tree:0` or `blob:limit=SIZE`\nhint: run `hsm clone --help` for its options\n",
    );
    assertEquals(await app.exists("packages"), false);
  }
});
