import { assertEquals } from "@std/assert";
import { testApp } from "../harness/app.ts";

Deno.test("hsm check asks a remote once for all packages of one pin", async () => {
  await using app = await testApp({
    plugins: [{ name: "plug-a", folder: "a" }],
    manifest: `git: {remotes}/plug-a
packages:
  plug-a: { tag: v2.0.0, subdirectory: a }
  plug-b: { tag: v2.0.0, subdirectory: b }
  plug-c: { tag: v2.0.0, subdirectory: c }
`,
  });
  const repository = app.plugin("plug-a");
  await repository.release({ name: "plug-b", folder: "b", version: "1.1.0" });
  await repository.release({
    name: "plug-c",
    folder: "c",
    version: "2.0.0",
    dependencies: ["plug-b>=2"],
  });
  const calls = async (...args: string[]) => {
    const run = (await app.hsm("check", "-v", ...args)).expect({
      code: 2,
      stdout: /plug-b[^]*1 problem, 1 package fits\n$/,
    });
    return ["fetch", "ls-remote"].map((name) =>
      run.stderr.split("\n").filter((line) => line.includes("git") && line.includes(` ${name} `))
        .length
    );
  };

  assertEquals(await calls(), [1, 0]);
  assertEquals(await calls(), [0, 1]);
  assertEquals(await calls("--offline"), [0, 0]);
});
