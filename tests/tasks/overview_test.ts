import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { testApp } from "../harness/app.ts";
import { fakeUv, waitForFile } from "../harness/fake_uv.ts";

Deno.test("hsm alone says how to begin where there is no workspace", async () => {
  await using app = await testApp();

  const run = await app.hsm("-C", "..");

  run.expect({ code: 0, stdout: /hsm init {2,}.*\n {2}hsm add NAME --git URL/, stderr: "" });
  assertEquals((await app.hsm("--json", "-C", "..")).json(), { root: null });
});

Deno.test("hsm alone shows the state of the workspace and the next command, and writes nothing", async () => {
  await using app = await testApp({
    plugins: ["plug-a", "plug-b"],
    files: { "hsm.local.yaml": "packages:\n  plug-b: { mode: dev }\n" },
  });

  await app.untouched(async () => {
    (await app.hsm()).expect({
      code: 0,
      stdout: `2 packages: 1 in prod, 1 in dev (plug-b)
not cloned yet: plug-b
pyproject.toml does not match hsm.yaml
not installed yet

Next: \`hsm sync\` installs what hsm.yaml says
`,
      stderr: "",
    });
  });
  assertEquals(await app.list("."), ["hsm.local.yaml", "hsm.yaml", "pyproject.toml"]);

  (await app.hsm("sync", "--yes")).expect({ code: 0 });
  // Without git there is nothing that it could ask.
  await app.untouched(async () => {
    (await app.hsmWith({ GIT_DIR: "/nowhere", GIT_EXEC_PATH: "/nowhere" })).expect({
      code: 0,
      stdout: `2 packages: 1 in prod, 1 in dev (plug-b)
pyproject.toml matches hsm.yaml

Next: \`hsm status\` shows the state of each package
`,
      stderr: "",
    });
  });

  await app.write("hsm.local.yaml", "");
  (await app.hsm("sync")).expect({ code: 0 });
  assertMatch((await app.hsm()).stdout, /\n\nNext: `hsm dev plug-a` clones a package/);
  assertEquals((await app.hsm("--json")).json(), {
    root: app.root.replace(app.folder, "[DIR]"),
    prod: ["plug-a", "plug-b"],
    dev: [],
    missing: [],
    upToDate: true,
    installed: true,
  });
});

Deno.test("hsm alone says what keeps a sync from working", async () => {
  await using app = await testApp({
    plugins: ["plug-a"],
    files: { "hsm.local.yaml": "mode: dev\n", "packages/plug-a": "" },
  });

  const blocked = (await app.hsm()).expect({ code: 0, stderr: "" });
  assertEquals(
    blocked.stdout.replace(/run .*, or/, "…, or"),
    `1 package: 0 in prod, 1 in dev (plug-a)
Cannot use packages/plug-a as the checkout of plug-a: it is a file
not installed yet

Next: move it away and …, or set \`path\` of plug-a in hsm.local.yaml
`,
  );

  await app.write("hsm.yaml", "packages: {}\n");
  await app.write("hsm.local.yaml", "");
  (await app.hsm()).expect({
    code: 0,
    stdout: "hsm.yaml names no packages yet\n\nNext: `hsm add NAME --git URL` adds a package\n",
  });
  await app.write("hsm.yaml", "package: {}\n");
  (await app.hsm()).expect({
    code: 2,
    stdout: "",
    stderr: /unknown key `package`, did you mean `packages/,
  });
});

Deno.test("hsm alone leaves the repair of a crash to the next command", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  const begun = join(app.folder, "begun");
  const uv = await fakeUv(app, `: > ${begun}; sleep 0.2`);
  const running = app.startWith(uv, "sync");
  await waitForFile(begun);
  running.kill("SIGKILL");
  await running.ended;
  await new Promise((resolve) => setTimeout(resolve, 500));

  await app.untouched(async () => {
    (await app.hsm()).expect({
      code: 0,
      stdout: /^The last hsm here did not come to its end; .*\n\nNext: `hsm sync`\n$/,
      stderr: "",
    });
  });
});

Deno.test("hsm alone ends as it is told to, while uv is asked", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  (await app.hsm("sync")).expect({ code: 0 });
  await Deno.remove(join(app.root, ".hsm"), { recursive: true });
  const begun = join(app.folder, "begun");
  const running = app.startWith(await fakeUv(app, `: > ${begun}; exec sleep 60`));
  await waitForFile(begun);
  running.kill("SIGINT");
  const { code, stdout, stderr } = await running.ended;
  assertEquals(
    [code, stdout, stderr],
    [130, "", "error: Cannot go on: interrupted by SIGINT\n"],
  );
});
