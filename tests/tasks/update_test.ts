import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { testApp } from "../harness/app.ts";

const MANIFEST = `# ours
git: {remotes}/{name}
packages:
  plug-a: 'v1.0.0'   # the first
  plug-b:
    tag: v1.0.0 # the second
  plug-c: { branch: main }
`;

Deno.test("hsm update moves pins, keeps everything else of hsm.yaml, and installs", async () => {
  await using app = await testApp({ plugins: ["plug-a", "plug-b", "plug-c"], manifest: MANIFEST });
  (await app.hsm("sync")).expect({ code: 0 });
  for (const name of ["plug-a", "plug-b", "plug-c"]) {
    await app.plugin(name).release({ name, version: "1.1.0" });
    await app.plugin(name).release({ name, version: "2.0.0rc1" });
  }
  const before = await app.read("hsm.yaml");
  const text = `plug-a  v1.0.0 → v1.1.0
plug-b  v1.0.0 → v1.1.0
plug-c  left alone: it is pinned to branch main: \`hsm sync -- -P plug-c\` takes its newest commit
`;

  await app.untouched(async () => {
    (await app.hsm("update", "--dry-run")).expect({ code: 0, stdout: text, stderr: "" });
  });
  assertEquals((await app.hsm("update", "--dry-run", "--json", "plug-a")).json(), {
    moved: [{ package: "plug-a", from: { tag: "v1.0.0" }, to: { tag: "v1.1.0" } }],
    left: [],
  });
  (await app.hsm("update")).expect({ code: 0, stdout: text, stderr: / \+ plug-a==1\.1\.0 / });

  assertEquals(await app.read("hsm.yaml"), before.replaceAll("v1.0.0", "v1.1.0"));
  assertStringIncludes(await app.read("pyproject.toml"), 'remotes/plug-b", tag = "v1.1.0"');
  assertEquals(await app.python("import plug_b; print(plug_b.VALUE)"), "1.1.0");
  await app.untouched(async () => {
    (await app.hsm("update")).expect({
      code: 0,
      stdout:
        "plug-c  left alone: it is pinned to branch main: `hsm sync -- -P plug-c` takes its newest commit\n",
      stderr: "There is nothing to update\n",
    });
  });
  (await app.hsm("update", "plug-a", "--pre")).expect({
    code: 0,
    stdout: "plug-a  v1.1.0 → v2.0.0rc1\n",
  });
  assertEquals(
    await app.read("hsm.yaml"),
    before.replace("'v1.0.0'", "'v2.0.0rc1'").replace("v1.0.0 # the", "v1.1.0 # the"),
  );
});

Deno.test("hsm update --to moves one package to any tag there is, and lists nearby ones", async () => {
  await using app = await testApp({ plugins: ["plug-a", "plug-b"] });
  for (const version of ["1.1.0", "1.2.0"]) {
    await app.plugin("plug-a").release({ name: "plug-a", version });
  }
  (await app.hsm("update")).expect({ code: 0, stdout: "plug-a  v1.0.0 → v1.2.0\n" });

  await app.untouched(async () => {
    (await app.hsm("update", "plug-a", "--to", "v1.3.0")).expect({
      code: 2,
      stdout: "",
      stderr: `error: Cannot pin plug-a to v1.3.0: its remote has no such tag
hint: nearby: v1.2.0, v1.1.0, v1.0.0
`,
    });
    (await app.hsm("update", "--to", "v1.0.0")).expect({
      code: 2,
      stdout: "",
      stderr: `error: Cannot update to one tag: it needs exactly one package
hint: run \`hsm update NAME --to v1.0.0\`
`,
    });
    (await app.hsm("update", "plug-a", "--to")).expect({ code: 2, stderr: /--to needs a value/ });
    (await app.hsm("update", "plug-a", "--to", "v1.2.0")).expect({
      code: 0,
      stdout: "",
      stderr: "There is nothing to update\n",
    });
    (await app.hsm("update", "plug-x")).expect({ code: 2, stderr: /Cannot find `plug-x`/ });
  });
  (await app.hsm("update", "plug-a", "--to=v1.1.0")).expect({
    code: 0,
    stdout: "plug-a  v1.2.0 → v1.1.0\n",
  });
  assertEquals(await app.python("import plug_a; print(plug_a.VALUE)"), "1.1.0");
});

Deno.test("hsm update moves nothing when a remote is away, or when the sync fails", async () => {
  await using app = await testApp({ plugins: ["plug-a", "plug-b"] });
  (await app.hsm("sync")).expect({ code: 0 });
  await app.plugin("plug-a").release({
    name: "plug-a",
    version: "1.1.0",
    dependencies: ["plug-b>=9"],
  });
  const away = join(app.folder, "away");
  await Deno.rename(join(app.folder, "remotes/plug-b"), away);

  await app.untouched(async () => {
    (await app.hsm("update")).expect({
      code: 1,
      stdout: "",
      stderr: /^error: Cannot ask the remote of plug-b: file:\S+\/plug-b does not answer\n/,
    });
  });
  await Deno.rename(away, join(app.folder, "remotes/plug-b"));
  await app.unchanged(async () => {
    const run = await app.hsm("update");
    assertEquals(run.code > 0, true, run.stderr);
    assertEquals(run.stdout, "");
    assertStringIncludes(run.stderr, "plug-b");
  });
  assertEquals(await app.python("import plug_a; print(plug_a.VALUE)"), "1.0.0");
});

Deno.test("hsm update leaves a personal pin alone, and says so", async () => {
  await using app = await testApp({
    plugins: ["plug-a"],
    files: { "hsm.local.yaml": "packages:\n  plug-a: v1.0.0\n" },
  });
  await app.plugin("plug-a").release({ name: "plug-a", version: "1.1.0" });

  await app.untouched(async () => {
    (await app.hsm("update")).expect({
      code: 0,
      stdout: "plug-a  left alone: its pin is in hsm.local.yaml\n",
      stderr: "There is nothing to update\n",
    });
    (await app.hsm("update", "plug-a", "--to", "v1.1.0")).expect({
      code: 2,
      stderr: /^error: Cannot update plug-a: its pin is in hsm\.local\.yaml\n/,
    });
  });
});

Deno.test("hsm update leaves a tag alone whose metadata is older than the pin's, unless told", async () => {
  await using app = await testApp({ plugins: ["plug-a", "plug-b", "plug-c"] });
  const [a, b, c] = ["plug-a", "plug-b", "plug-c"].map((name) => app.plugin(name));
  (await app.hsm("sync")).expect({ code: 0 });
  // A tag that counts years, one of the same version, and one whose version nobody can read.
  await a!.release({ name: "plug-a", version: "0.9.0" });
  await a!.git("tag", "v2024.1");
  await b!.commit("README.md", "As it was\n", "v2.0.0");
  await c!.commit("pyproject.toml", "[build-system]\nrequires = []\n", "v2.0.0");
  const left =
    "left alone: v2024.1 says that it is 0.9.0, v1.0.0 that it is 1.0.0: `hsm update plug-a --to v2024.1` takes it all the same";

  await app.untouched(async () => {
    (await app.hsm("outdated", "plug-a", "plug-b")).expect({
      code: 0,
      stdout: `plug-a  v1.0.0            ${left}\nplug-b  v1.0.0  → v2.0.0\n`,
      stderr: "",
    });
    (await app.hsm("update", "--dry-run")).expect({
      code: 0,
      stdout: `plug-b  v1.0.0 → v2.0.0\nplug-c  v1.0.0 → v2.0.0\nplug-a  ${left}\n`,
      stderr: "",
    });
    (await app.hsm("update", "plug-a")).expect({
      code: 0,
      stdout: `plug-a  ${left}\n`,
      stderr: "There is nothing to update\n",
    });
  });
  (await app.hsm("update", "plug-a", "--to", "v2024.1")).expect({
    code: 0,
    stdout: "plug-a  v1.0.0 → v2024.1\n",
  });
  assertEquals(await app.python("import plug_a; print(plug_a.VALUE)"), "0.9.0");
});

Deno.test("hsm update says where a pinned tag has gone, though there is no newer one", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  await app.plugin("plug-a").git("tag", "-d", "v1.0.0");
  await app.untouched(async () => {
    (await app.hsm("update")).expect({
      code: 0,
      stdout: "plug-a  left alone: its remote has no tag v1.0.0\n",
      stderr: "There is nothing to update\n",
    });
  });
});
