import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { testApp } from "../harness/app.ts";

Deno.test("hsm diff says that there is nothing to do", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  (await app.hsm("sync")).expect({ code: 0 });

  (await app.hsm("diff", "--exit-code")).expect({
    code: 0,
    stdout: "",
    stderr: "A sync would change nothing\n",
  });
  assertEquals((await app.hsm("diff", "--json")).json(), {
    different: false,
    unlocked: false,
    packages: [],
    diff: "",
  });

  await Deno.remove(join(app.root, "uv.lock"));
  (await app.hsm("diff", "--exit-code")).expect({
    code: 1,
    stdout: "There is no lock file yet: a sync writes it\n",
    stderr: "",
  });
});

Deno.test("hsm diff shows what a sync would change, and changes nothing", async () => {
  await using app = await testApp({ plugins: ["moves", "dev-one", "new-one", "goes"] });
  await app.plugin("moves").release({ name: "moves", version: "1.1.0" });
  await app.write(
    "hsm.yaml",
    "git: {remotes}/{name}\npackages:\n  moves: v1.0.0\n  dev-one: v1.0.0\n  goes: v1.0.0\n",
  );
  (await app.hsm("sync")).expect({ code: 0 });
  await app.write(
    "hsm.yaml",
    "git: {remotes}/{name}\npackages:\n  moves: v1.1.0\n  dev-one: { tag: v1.0.0, mode: dev }\n  new-one: v1.0.0\n",
  );
  const before = await app.list(".");

  await app.untouched(async () => {
    const run = await app.hsm("diff");
    run.expect({ code: 0, stderr: "" });
    const [plan = "", patch = ""] = run.stdout.split("\n\n");
    assertEquals(
      plan,
      `moves    prod v1.0.0 → prod v1.1.0
dev-one  prod v1.0.0 → dev packages/dev-one  clones it
new-one  - → prod v1.0.0
goes     prod v1.0.0 → -`,
    );
    assertMatch(patch, /^--- a\/pyproject\.toml\n\+\+\+ b\/pyproject\.toml\n@@ /);
    assertStringIncludes(patch, '\n-goes = { git = "file://');
    (await app.hsm("diff", "--exit-code")).expect({ code: 1, stdout: run.stdout, stderr: "" });
  });
  assertEquals(await app.list("."), before);
  assertEquals(await app.exists("packages"), false);
});

Deno.test("hsm diff of some packages leaves the others out, with versions", async () => {
  await using app = await testApp({ plugins: ["plug-a", "plug-b"] });
  (await app.hsm("sync")).expect({ code: 0 });
  await app.git(".", "clone", "-q", app.plugin("plug-a").url, "packages/plug-a");
  await app.write(
    "packages/plug-a/pyproject.toml",
    '[project]\nname = "plug-a"\nversion = "2.0"\n',
  );
  await app.write("hsm.local.yaml", "mode: dev\n");

  const run = await app.hsm("diff", "plug-a", "--json");

  run.expect({ code: 0 });
  const { packages } = run.json() as { packages: Record<string, unknown>[] };
  assertEquals(packages.map(({ changes: _, ...rest }) => rest), [{
    package: "plug-a",
    from: { mode: "prod", place: "v1.0.0", git: "file://[DIR]/remotes/plug-a", version: "1.0.0" },
    to: { mode: "dev", place: "packages/plug-a", version: "2.0" },
    clone: false,
  }]);
});

Deno.test("hsm diff says what is wrong", async () => {
  await using app = await testApp({
    plugins: ["my-plugin"],
    manifest: "packages:\n  my-plugin:\n",
  });

  (await app.hsm("diff", "nope")).expect({
    code: 2,
    stdout: "",
    stderr: "error: Cannot find `nope` in hsm.yaml\nhint: it names my-plugin\n",
  });
  (await app.hsm("diff")).expect({
    code: 2,
    stdout: "",
    stderr: /^error: Cannot map my-plugin: hsm\.yaml names no repository\n/,
  });
});
