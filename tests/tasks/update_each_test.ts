import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { openWorkspace, updateEach } from "../../mod.ts";
import { type TestApp, testApp } from "../harness/app.ts";
import { waitForFile } from "../harness/fake_uv.ts";

/** An app whose `verify` refuses another plug-d than 1.0.0, with a release of each plugin that is not installed yet. */
async function releasedApp(): Promise<TestApp> {
  const app = await testApp({ plugins: ["plug-a", "plug-b", "plug-c", "plug-d"] });
  const test = "uv run --no-sync python -c \"import plug_d; assert plug_d.VALUE == '1.0.0'\"";
  await app.write("hsm.yaml", `verify:\n  - ${test}\n${await app.read("hsm.yaml")}`);
  (await app.hsm("sync")).expect({ code: 0 });
  for (const name of ["plug-a", "plug-b", "plug-c", "plug-d"]) {
    const dependencies = name === "plug-b" ? ["plug-c>=1.1"] : [];
    await app.plugin(name).release({ name, version: "1.1.0", dependencies });
  }
  return app;
}

Deno.test("hsm update --each keeps the pins that verify, names those that do not, and undo takes all back", async () => {
  await using app = await releasedApp();
  const before = await app.texts();
  const planned = ["a", "b", "c", "d"].map((it) => `plug-${it}  v1.0.0 → v1.1.0\n`).join("");

  await app.untouched(async () => {
    (await app.hsm("update", "--each", "--dry-run")).expect({ code: 0, stdout: planned });
    (await app.hsm("update", "--each", "plug-a", "--to", "v1.1.0")).expect({
      code: 2,
      stdout: "",
      stderr:
        "error: Cannot run hsm update: --each and --to exclude each other\nhint: `--to` moves one pin as it is\n",
    });
  });
  const all = await app.hsm("update");
  all.expect({ code: 1, stdout: "" });
  assert(
    all.stderr.endsWith("\nhint: `hsm update --each` finds out which pin it is\n"),
    all.stderr,
  );
  assertEquals(await app.texts(), before);

  const run = await app.hsm("update", "--each");

  run.expect({
    code: 1,
    stdout: `plug-a  v1.0.0 → v1.1.0
plug-c  v1.0.0 → v1.1.0
plug-b  v1.0.0 → v1.1.0
plug-d  stays at v1.0.0: v1.1.0 does not go in
`,
  });
  const error = run.stderr.slice(run.stderr.lastIndexOf("error: Cannot update"));
  assertEquals(
    error,
    `error: Cannot update plug-d: with it the app does not sync and verify; the other 3 are in
  cause: plug-d v1.0.0 → v1.1.0: Cannot verify the app: \`uv run --no-sync python -c "import plug_d; assert plug_d.VALUE == '1.0.0'"\` exited with code 1
`,
  );
  assertStringIncludes(run.stderr, "plug-b stays at v1.0.0: Cannot sync the app: 1 problem\n");
  assertEquals(
    await app.read("hsm.yaml"),
    before["hsm.yaml"]?.replace(/(plug-[abc]): v1\.0\.0/g, "$1: v1.1.0"),
  );
  const values = "import plug_a, plug_b, plug_c, plug_d as d; " +
    "print(plug_a.VALUE, plug_b.VALUE, plug_c.VALUE, d.VALUE)";
  assertEquals(await app.python(values), "1.1.0 1.1.0 1.1.0 1.0.0");

  await app.unchanged(async () => {
    const again = (await app.hsm("update", "--each", "--json")).expect({ code: 1 }).json();
    const { moved, failed, left, error } = again as Record<string, unknown>;
    const move = { package: "plug-d", from: { tag: "v1.0.0" }, to: { tag: "v1.1.0" } };
    assertEquals([moved, left], [[], []]);
    const [only, ...others] = failed as Record<string, unknown>[];
    const { reason, ...rest } = only!;
    assertEquals([rest, others], [{ ...move, code: "verify-failed" }, []]);
    assertStringIncludes(String(reason), "Cannot verify the app: ");
    const { code, details } = error as { code: string; details: unknown };
    assertEquals([code, details], ["update-failed", { packages: ["plug-d"] }]);
  });

  const { history } = (await app.hsm("undo", "--list", "--json")).expect({ code: 0 }).json() as {
    history: readonly { command: string; files: readonly string[] }[];
  };
  assertEquals(history.map(({ command, files }) => [command, files.join(" ")]), [
    ["hsm update --each", "pyproject.toml hsm.yaml uv.lock"],
    ["hsm sync", "pyproject.toml .gitignore uv.lock"],
  ]);
  (await app.hsm("undo")).expect({ code: 0 });
  assertEquals(await app.texts(), before);
  assertEquals(await app.python(values), "1.0.0 1.0.0 1.0.0 1.0.0");
});

Deno.test("hsm update --each moves together what goes in only together", async () => {
  await using app = await testApp({
    plugins: ["plug-a", { name: "plug-b", dependencies: ["plug-a<2"] }, "plug-c"],
  });
  (await app.hsm("sync")).expect({ code: 0 });
  await app.plugin("plug-a").release({ name: "plug-a", version: "2.0.0" });
  const dependencies = ["plug-a>=2"];
  await app.plugin("plug-b").release({ name: "plug-b", version: "2.0.0", dependencies });

  const run = await app.hsm("update", "--each");

  run.expect({
    code: 0,
    stdout: "plug-a  v1.0.0 → v2.0.0\nplug-b  v1.0.0 → v2.0.0\n",
    stderr: /\nplug-a, plug-b are in\n$/,
  });
  assertEquals(await app.python("import plug_b; print(plug_b.VALUE)"), "2.0.0");
  await using workspace = await openWorkspace({ directory: app.root, env: app.env });
  assertEquals(await updateEach(workspace), { moved: [], failed: [], left: [] });
});

Deno.test("hsm update --each, killed between two pins, leaves what is in whole", async () => {
  await using app = await testApp({ plugins: ["plug-a", "plug-b"] });
  // The second pin's turn never ends.
  await app.write(
    "verify.sh",
    `grep -q 'plug-b: v1.0.0' hsm.yaml && exit 0
: > ${app.folder}/begun
while [ ! -e ${app.folder}/end ]; do sleep 0.05; done
`,
  );
  await app.write("hsm.yaml", `verify: [sh verify.sh]\n${await app.read("hsm.yaml")}`);
  (await app.hsm("sync")).expect({ code: 0 });
  const first = await app.read("hsm.yaml");
  for (const name of ["plug-a", "plug-b"]) {
    await app.plugin(name).release({ name, version: "1.1.0" });
  }

  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    const running = app.start("update", "--each", "--json");
    await waitForFile(join(app.folder, "begun"));
    await Deno.remove(join(app.folder, "begun"));
    running.kill(signal);
    const run = await running.ended;
    await Deno.writeTextFile(join(app.folder, "end"), "");
    if (signal === "SIGTERM") {
      const { error } = run.expect({ code: 143 }).json() as {
        error: { details: { moved: readonly { package: string }[] } };
      };
      assertEquals(error.details.moved.map((it) => it.package), ["plug-a"]);
    }
    await app.hsm("list");

    assertEquals(await app.read("hsm.yaml"), first.replace("plug-a: v1.0.0", "plug-a: v1.1.0"));
    assertStringIncludes(await app.read("pyproject.toml"), 'remotes/plug-a", tag = "v1.1.0"');
    assertStringIncludes(await app.read("pyproject.toml"), 'remotes/plug-b", tag = "v1.0.0"');
    (await app.hsm("undo", "--no-sync")).expect({ code: 0 });
    assertEquals(await app.read("hsm.yaml"), first);
    (await app.hsm("sync")).expect({ code: 0 });
    await Deno.remove(join(app.folder, "end"));
  }
});
