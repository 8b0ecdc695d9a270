import { assertEquals } from "@std/assert";
import { testApp } from "../harness/app.ts";

Deno.test("what is wrong with a pin names the file that says it", async () => {
  await using app = await testApp({
    plugins: ["own", "shared"],
    manifest: "git: {remotes}/{name}\npackages:\n  own: v1.0.0\n  shared: v9.0.0\n",
    files: { "hsm.local.yaml": "packages:\n  own: v8.0.0\n" },
  });

  const run = (await app.hsm("check", "--json")).expect({ code: 2 });

  const { problems } = run.json() as {
    problems: { code: string; sides: { component: string; file: string }[] }[];
  };
  assertEquals(problems.map(({ code, sides }) => [code, sides[0]!.component, sides[0]!.file]), [
    ["pin-not-found", "own", "hsm.local.yaml"],
    ["pin-not-found", "shared", "hsm.yaml"],
  ]);
  (await app.hsm("check")).expect({
    code: 2,
    stdout: /hsm\.local\.yaml.*v8\.0\.0|v8\.0\.0.*hsm\.local\.yaml/s,
  });
});

Deno.test("what refuses its arguments has changed nothing, and is not advised again", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  (await app.hsm("sync")).expect({ code: 0 });

  const run = (await app.hsm("sync", "--", "--extra", "nope")).expect({ code: 1, stdout: "" });

  assertEquals(/not brought back|run `uv sync/.test(run.stderr), false, run.stderr);
});
