import { assertEquals } from "@std/assert";
import { type TestApp, testApp } from "../harness/app.ts";
import { assertNoProcesses } from "../harness/processes.ts";
import { wrapGit } from "../harness/wrap_git.ts";

async function mixedApp(): Promise<TestApp> {
  return await testApp({
    plugins: ["plug-a", "plug-b"],
    manifest: `git: {remotes}/{name}
packages:
  plug-a: v1.0.0
  plug-b: { tag: v1.0.0, mode: dev }
`,
  });
}

Deno.test("hsm sync reads pins while it clones", async () => {
  await using app = await mixedApp();
  const env = await wrapGit(app, {
    fetch: `: > ${app.folder}/fetching`,
    clone: `for _ in $(seq 100); do [ -e ${app.folder}/fetching ] && break; sleep 0.1; done
      [ -e ${app.folder}/fetching ] || exit 9`,
  });
  (await app.hsmWith(env, "sync", "--yes")).expect({
    code: 0,
    stdout: `+  plug-a  requirement  plug-a
+  plug-b  requirement  plug-b
+  plug-a  source       { git = "file://[DIR]/remotes/plug-a", tag = "v1.0.0" }
+  plug-b  source       { path = "packages/plug-b", editable = true }
`,
    stderr: /^Cloned plug-b into packages\/plug-b\n/,
  });
  const commit = (await app.plugin("plug-a").git("rev-parse", "v1.0.0^{commit}")).trim();
  assertEquals((await app.freeze()).trim().split("\n").sort(), [
    "-e file://[DIR]/app/packages/plug-b",
    `plug-a @ git+file://[DIR]/remotes/plug-a@${commit}`,
  ]);
});

Deno.test("hsm sync asks again, after cloning, a remote that had no answer before", async () => {
  await using app = await testApp({
    plugins: [{ name: "plug-a", dependencies: ["plug-b>=7"] }, "plug-b"],
    manifest: `git: {remotes}/{name}
packages:
  plug-a: v1.0.0
  plug-b: { tag: v1.0.0, mode: dev }
`,
  });
  // As one that needs a password, which the clone asks for.
  const env = await wrapGit(app, { fetch: `[ -e ${app.root}/packages/plug-b ] || exit 128` });
  await app.unchanged(async () => {
    (await app.hsmWith(env, "sync", "--yes")).expect({
      code: 2,
      stdout: "",
      stderr: /plug-a 1\.0\.0 needs plug-b>=7, plug-b is 1\.0\.0/,
    });
  });
});

Deno.test("hsm sync waits for no remote where it cannot go on", async () => {
  await using app = await mixedApp();
  const env = await wrapGit(app, { fetch: "sleep 60 & wait" });
  const started = performance.now();
  await app.untouched(async () => {
    (await app.hsmWith(env, "sync")).expect({
      code: 2,
      stdout: "",
      stderr: `error: Cannot go on without the checkout of plug-b: packages/plug-b is missing
hint: run \`hsm sync --yes\`
`,
    });
  });
  const seconds = (performance.now() - started) / 1000;
  assertEquals(seconds < 30, true, `it took ${seconds} s`);
  await assertNoProcesses(app.folder);
});
