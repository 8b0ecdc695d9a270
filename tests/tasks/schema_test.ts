import { assertEquals, assertStringIncludes } from "@std/assert";
import { ensureDir } from "@std/fs";
import { join } from "@std/path";
import { testApp } from "../harness/app.ts";

Deno.test("hsm schema prints the JSON Schema of hsm.yaml, in a workspace or not", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });

  await app.untouched(async () => {
    const run = (await app.hsm("schema")).expect({ code: 0, stderr: "" });
    const schema = run.json();
    assertEquals(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assertEquals(Object.keys(schema["properties"] as object), [
      "adapter",
      "environment",
      "mode",
      "inject",
      "packages_dir",
      "filter",
      "verify",
      "git",
      "packages",
    ]);
    assertEquals(schema["additionalProperties"], false);
    assertEquals((await app.hsm("schema", "--json", "-C", "..")).json(), { schema: run.json() });
  });
  (await app.hsm("schema", "hsm.yaml")).expect({
    code: 2,
    stdout: "",
    stderr: "error: Cannot run hsm schema: `hsm.yaml` is one word too many\n" +
      "hint: run `hsm schema --help` for its options\n",
  });
});

const LINE = "# yaml-language-server: $schema=.hsm/schema.json\n";

/** An app whose hsm.yaml names the schema, and a fresh clone of it. */
async function clonedApp() {
  const app = await testApp({ plugins: ["plug-a"] });
  await app.write("hsm.yaml", LINE + await app.read("hsm.yaml"));
  return app;
}

Deno.test("the schema is there after the first command that may write, and no other writes it", async () => {
  await using app = await clonedApp();
  for (const command of ["status", "diff", "check", "sync --dry-run", "sync --locked"]) {
    await app.hsm(...command.split(" "));
    assertEquals(await app.exists(".hsm/schema.json"), false, command);
  }

  (await app.hsm("dev", "plug-a", "--no-sync")).expect({ code: 0 });
  const schema = JSON.parse(await app.read(".hsm/schema.json"));
  assertEquals(schema.title, "hsm.yaml");

  // Another HSM's is replaced, this one's left alone.
  const text = await app.read(".hsm/schema.json");
  await app.write(".hsm/schema.json", text.replace(schema.$comment, "made by hsm 0.0.1"));
  (await app.hsm("sync", "--dry-run")).expect({ code: 0 });
  assertStringIncludes(await app.read(".hsm/schema.json"), "hsm 0.0.1");
  (await app.hsm("dev", "plug-a", "--no-sync")).expect({ code: 0 });
  assertEquals(await app.read(".hsm/schema.json"), text);
  const before = (await Deno.stat(join(app.root, ".hsm/schema.json"))).mtime;
  (await app.hsm("dev", "plug-a", "--no-sync")).expect({ code: 0 });
  assertEquals((await Deno.stat(join(app.root, ".hsm/schema.json"))).mtime, before);

  // Something else of its name is no reason to fail.
  await Deno.remove(join(app.root, ".hsm/schema.json"));
  await ensureDir(join(app.root, ".hsm/schema.json/x"));
  (await app.hsm("prod", "plug-a", "--no-sync")).expect({ code: 0 });
});

Deno.test("hsm.local.yaml names the schema where hsm.yaml does, and goes with its last key", async () => {
  await using app = await clonedApp();

  (await app.hsm("dev", "plug-a", "--no-sync")).expect({ code: 0 });
  assertEquals(
    await app.read("hsm.local.yaml"),
    `${LINE}packages:\n  plug-a:\n    mode: dev\n`,
  );
  (await app.hsm("prod", "plug-a", "--no-sync")).expect({ code: 0 });
  assertEquals(await app.exists("hsm.local.yaml"), false);

  // What is somebody's own stays.
  await app.write("hsm.local.yaml", `${LINE}# mine\n`);
  (await app.hsm("dev", "plug-a", "--no-sync")).expect({ code: 0 });
  (await app.hsm("prod", "plug-a", "--no-sync")).expect({ code: 0 });
  assertEquals(await app.read("hsm.local.yaml"), `${LINE}# mine\n`);

  // Who does not want the line in hsm.yaml does not get it here.
  await app.write("hsm.yaml", (await app.read("hsm.yaml")).replace(LINE, ""));
  await Deno.remove(join(app.root, "hsm.local.yaml"));
  (await app.hsm("dev", "plug-a", "--no-sync")).expect({ code: 0 });
  assertEquals(await app.read("hsm.local.yaml"), "packages:\n  plug-a:\n    mode: dev\n");
});
