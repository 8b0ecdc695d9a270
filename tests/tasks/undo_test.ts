import { assertEquals, assertMatch } from "@std/assert";
import { testApp } from "../harness/app.ts";

const VALUE = "import my_plugin; print(my_plugin.VALUE)";

Deno.test("hsm undo puts files and environment back, and again brings them forward", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  await app.plugin("my-plugin").release({ name: "my-plugin", version: "1.1.0" });
  (await app.hsm("sync")).expect({ code: 0 });
  const before = await app.texts();
  (await app.hsm("add", "my-plugin")).expect({ code: 2 });
  (await app.hsm("dev", "my-plugin", "--yes")).expect({ code: 0 });
  await app.write("packages/my-plugin/src/my_plugin/__init__.py", 'VALUE = "edited"\n');
  const after = await app.texts();
  assertEquals(await app.python(VALUE), "edited");

  (await app.hsm("undo")).expect({
    code: 0,
    stdout: "undone  2  hsm dev my-plugin --yes  pyproject.toml, hsm.local.yaml, uv.lock\n",
  });

  assertEquals(await app.texts(), before);
  assertEquals(await app.python(VALUE), "1.0.0");
  (await app.hsm("undo")).expect({
    code: 0,
    stdout: "undone  3  hsm undo  pyproject.toml, hsm.local.yaml, uv.lock\n",
  });
  assertEquals(await app.texts(), after);
  assertEquals(await app.python(VALUE), "edited");
});

Deno.test("hsm undo NUMBER goes back before that command, with all that came after it", async () => {
  await using app = await testApp({ plugins: ["plug-a", "plug-b"] });
  const before = await app.texts();
  (await app.hsm("dev", "plug-a", "--no-sync")).expect({ code: 0 });
  (await app.hsm("dev", "plug-b", "--no-sync", "--shared")).expect({ code: 0 });
  (await app.hsm("prod", "plug-a", "--no-sync")).expect({ code: 0 });

  const listed = await app.hsm("undo", "--list");
  listed.expect({ code: 0, stderr: "" });
  const time = "\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z";
  assertMatch(
    listed.stdout,
    new RegExp(`^3  ${time}  hsm prod plug-a --no-sync           hsm\\.local\\.yaml
2  ${time}  hsm dev plug-b --no-sync --shared  hsm\\.yaml
1  ${time}  hsm dev plug-a --no-sync            hsm\\.local\\.yaml, \\.gitignore
$`.replaceAll(/ {2,}/g, " +")),
  );
  await app.untouched(async () => {
    (await app.hsm("undo", "2", "--dry-run")).expect({
      code: 0,
      stdout: `would undo  3  hsm prod plug-a --no-sync          hsm.local.yaml
would undo  2  hsm dev plug-b --no-sync --shared  hsm.yaml

--- /dev/null
+++ b/hsm.local.yaml
@@ -0,0 +1,3 @@
+packages:
+  plug-a:
+    mode: dev
--- a/hsm.yaml
+++ b/hsm.yaml
@@ -1,4 +1,4 @@
 git: file://[DIR]/remotes/{name}
 packages:
   plug-a: v1.0.0
-  plug-b: { tag: v1.0.0, mode: dev }
+  plug-b: v1.0.0
`,
      stderr: "",
    });
    const { files, diff } = (await app.hsm("undo", "--dry-run", "--json")).json();
    assertEquals(files, ["hsm.local.yaml"]);
    assertMatch(String(diff), /^\+ {4}mode: dev$/m);
  });
  const run = await app.hsm("undo", "1", "--no-sync", "--json");

  run.expect({ code: 0, stderr: "" });
  const { undone, files } = run.json() as { undone: { id: string }[]; files: string[] };
  assertEquals(undone.map((it) => it.id), ["3", "2", "1"]);
  assertEquals(files, ["hsm.local.yaml", "hsm.yaml", ".gitignore"]);
  assertEquals(await app.texts(), before);
  const { history } = (await app.hsm("undo", "--list", "--json")).json() as {
    history: { command: string }[];
  };
  assertEquals(history[0]?.command, "hsm undo 1 --no-sync --json");
});

Deno.test("hsm undo overwrites nothing that somebody changed since, unless forced", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  const before = await app.texts();
  (await app.hsm("dev", "my-plugin", "--no-sync")).expect({ code: 0 });
  await app.write("hsm.local.yaml", "# mine\npackages:\n  my-plugin: { mode: dev }\n");

  await app.untouched(async () => {
    (await app.hsm("undo", "--no-sync")).expect({
      code: 1,
      stdout: "",
      stderr: `error: Cannot undo \`hsm dev my-plugin --no-sync\`: hsm.local.yaml was changed since
hint: nothing was changed; \`--force\` puts it back all the same, and \`hsm undo\` after that brings the present state back
`,
    });
  });

  (await app.hsm("undo", "--no-sync", "--force")).expect({ code: 0 });
  assertEquals(await app.texts(), before);
  (await app.hsm("undo", "--no-sync")).expect({ code: 0 });
  assertMatch(await app.read("hsm.local.yaml"), /^# mine\n/);
});

Deno.test("hsm undo NUMBER sees what was changed by hand between two commands", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  (await app.hsm("dev", "my-plugin", "--no-sync")).expect({ code: 0 });
  await app.write("hsm.local.yaml", "# mine\npackages:\n  my-plugin: { mode: dev }\n");
  (await app.hsm("prod", "my-plugin", "--no-sync")).expect({ code: 0 });

  await app.untouched(async () => {
    (await app.hsm("undo", "1", "--no-sync")).expect({
      code: 1,
      stderr: /hsm\.local\.yaml was changed since\n/,
    });
  });
  (await app.hsm("undo", "--no-sync")).expect({ code: 0 });
  assertMatch(await app.read("hsm.local.yaml"), /^# mine\n/);
});

Deno.test("hsm undo says what is wrong before anything is touched", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  await app.untouched(async () => {
    (await app.hsm("undo")).expect({
      code: 2,
      stdout: "",
      stderr: `error: Cannot undo: no command has changed anything yet
hint: run \`hsm undo --list\` for the commands that can be undone
`,
    });
    (await app.hsm("undo", "--list")).expect({
      code: 0,
      stdout: "",
      stderr: "No command has changed anything yet\n",
    });
  });
  (await app.hsm("dev", "my-plugin", "--yes")).expect({ code: 0 });
  (await app.hsm("prod", "my-plugin", "--no-sync")).expect({ code: 0 });
  await Deno.remove(`${app.root}/packages`, { recursive: true });

  await app.unchanged(async () => {
    (await app.hsm("undo", "9")).expect({
      code: 2,
      stdout: "",
      stderr: `error: Cannot undo 9: there is no command of that number
hint: run \`hsm undo --list\` for the commands that can be undone
`,
    });
    (await app.hsm("undo", "1", "2")).expect({
      code: 2,
      stdout: "",
      stderr: /`\S+` is one word too many/,
    });
    (await app.hsm("undo")).expect({
      code: 2,
      stdout: "",
      stderr: /^error: Cannot undo: my-plugin was in dev mode, and the checkout is gone\n/,
    });
  });
});

Deno.test("hsm undo puts everything back when the sync fails", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  (await app.hsm("sync")).expect({ code: 0 });
  (await app.hsm("dev", "my-plugin", "--yes")).expect({ code: 0 });
  await app.write("hsm.yaml", await app.read("hsm.yaml") + "verify: ['false']\n");

  await app.unchanged(async () => {
    (await app.hsm("undo")).expect({ code: 1, stdout: "" });
  });

  assertEquals(await app.python(VALUE), "1.0.0");
  assertMatch(await app.freeze(), /^-e file:\/\/\[DIR\]\/app\/packages\/my-plugin\n$/);
});
