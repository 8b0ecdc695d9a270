import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { type TestApp, testApp } from "../harness/app.ts";
import { fakeUv } from "../harness/fake_uv.ts";
import { uvProgram } from "../harness/repository.ts";

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
    assertStringIncludes(
      run.stderr,
      "  restored: hsm.local.yaml, pyproject.toml, uv.lock, .venv\n",
    );
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

/** The real uv, but for what an install does the first and the second time. */
async function uvThatInstalls(app: TestApp, first: string, second: string) {
  const uv = uvProgram();
  const turn = join(app.folder, "turn");
  const script = `if [ ! -e ${turn} ]; then : > ${turn}; ${uv} "$@"; ${first}; fi; ${second}`;
  return await fakeUv(app, `exec ${uv} "$@"`, script.replaceAll("UV", `exec ${uv} "$@"`));
}

/** An app that has plug-a at v1.0.0 installed, and pins v2.0.0; UV_PROJECT_ENVIRONMENT names its environment. */
async function movedApp(): Promise<TestApp> {
  const app = await testApp({ plugins: ["plug-a"] });
  (await app.hsmWith(ENVIRONMENT, "sync")).expect({ code: 0 });
  await app.plugin("plug-a").release({ name: "plug-a", version: "2.0.0" });
  await app.write("hsm.yaml", (await app.read("hsm.yaml")).replace("v1.0.0", "v2.0.0"));
  return app;
}

const ENVIRONMENT = { UV_PROJECT_ENVIRONMENT: "env" };

Deno.test("an install that fails half way is brought back, and told by the environment's name", async () => {
  await using app = await movedApp();
  const env = { ...await uvThatInstalls(app, "exit 1", "UV"), ...ENVIRONMENT };

  await app.unchanged(async () => {
    const run = (await app.hsmWith(env, "sync", "--json")).expect({ code: 1 });
    const { code, restored, details } = run.json()["error"] as Record<string, unknown>;
    assertEquals([code, restored], ["uv-failed", ["pyproject.toml", "uv.lock", "env"]]);
    assertEquals(Object.hasOwn(details as object, "notRestored"), false);
    assertEquals(run.stderr.includes("warning:"), false, run.stderr);
  });

  assertStringIncludes(
    (await app.list("env/lib/" + (await app.list("env/lib"))[0] + "/site-packages")).join(),
    "plug_a-1.0.0.dist-info",
  );
});

Deno.test("an environment that cannot be brought back is told, with the command that does it", async () => {
  await using app = await movedApp();
  const fails = "echo 'error: no luck' >&2; exit 2";
  const env = { ...await uvThatInstalls(app, "exit 1", fails), ...ENVIRONMENT };

  await app.unchanged(async () => {
    const run = (await app.hsmWith(env, "sync", "--json")).expect({
      code: 1,
      stderr: /^warning: env was not brought back, for uv says "no luck": run `uv sync --frozen`$/m,
    });
    const { restored, details } = run.json()["error"] as Record<string, unknown>;
    assertEquals(restored, ["pyproject.toml", "uv.lock"]);
    assertEquals((details as Record<string, unknown>)["notRestored"], ["env"]);
  });
});

Deno.test("an environment that Poetry cannot bring back is told with what was the matter", async () => {
  await using app = await testApp({
    plugins: ["plug-a"],
    manifest: "adapter: poetry\ngit: {remotes}/{name}\npackages:\n  plug-a: v1.0.0\n",
    files: { "poetry.lock": '[metadata]\nlock-version = "2.1"\n' },
  });
  const poetry = join(app.folder, "poetry");
  const script = `#!/bin/sh
case "$*" in
*--version*) echo "Poetry (version 2.5.1)" ;;
*" lock") ;;
*) echo "No git repository was found at /nothere" >&2; exit 1 ;;
esac
`;
  await Deno.writeTextFile(poetry, script, { mode: 0o755 });

  await app.unchanged(async () => {
    (await app.hsmWith({ HSM_POETRY: poetry }, "sync")).expect({
      code: 1,
      stdout: "",
      stderr:
        /^warning: the environment was not brought back, for poetry says "there is no git repository at \/nothere": run `poetry sync`$/m,
    });
  });
});
