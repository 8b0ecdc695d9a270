import { assertEquals } from "@std/assert";
import { testApp } from "../harness/app.ts";

Deno.test("hsm schema prints the JSON Schema of hsm.yaml, in a workspace or not", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });

  await app.untouched(async () => {
    const run = (await app.hsm("schema")).expect({ code: 0, stderr: "" });
    const schema = run.json();
    assertEquals(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assertEquals(Object.keys(schema["properties"] as object), [
      "adapter",
      "mode",
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
