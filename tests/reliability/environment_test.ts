import { assertEquals, assertStringIncludes } from "@std/assert";
import { testApp } from "../harness/app.ts";

Deno.test("a failing verify after dev → prod brings files and environment back", async () => {
  await using app = await testApp({ plugins: ["my-plugin", "other"] });
  (await app.hsm("dev", "my-plugin", "--yes")).expect({ code: 0 });
  await app.write("packages/my-plugin/src/my_plugin/__init__.py", 'VALUE = "edited"\n');
  await app.write(
    "hsm.yaml",
    `verify: ['uv run --no-sync python -c "import my_plugin; assert my_plugin.VALUE == \\"edited\\""']\n${await app
      .read("hsm.yaml")}`,
  );
  (await app.hsm("sync")).expect({ code: 0 });
  const installed = await app.freeze();

  await app.unchanged(async () => {
    const run = await app.hsm("prod", "my-plugin");
    run.expect({ code: 1, stdout: "", stderr: /error: Cannot verify the app: / });
    assertStringIncludes(run.stderr, "  restored: hsm.local.yaml, pyproject.toml, uv.lock\n");
  });

  assertEquals(await app.freeze(), installed);
  assertEquals(await app.python("import my_plugin; print(my_plugin.VALUE)"), "edited");
});

Deno.test("a failing verify of the first sync ever says that there is no environment to go back to", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  await app.write("hsm.yaml", `verify: ["false"]\n${await app.read("hsm.yaml")}`);

  await app.unchanged(async () => {
    const run = await app.hsm("sync");
    run.expect({ code: 1, stdout: "" });
    assertStringIncludes(
      run.stderr,
      "warning: the environment stays as it is: there was no lock file before, to bring it back to\n",
    );
    assertStringIncludes(run.stderr, "  restored: .gitignore, pyproject.toml, uv.lock\n");
  });

  assertEquals(await app.exists("uv.lock"), false);
});
