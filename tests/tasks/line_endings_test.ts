import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { type TestApp, testApp } from "../harness/app.ts";

/** The app's files whose lines do not all end in one way. */
async function mixed(app: TestApp): Promise<readonly string[]> {
  const texts = Object.entries(await app.texts());
  return texts.filter(([, text]) => /\r\n/.test(text ?? "") && /(?<!\r)\n/.test(text ?? ""))
    .map(([file]) => file);
}

Deno.test("with core.autocrlf nothing is dirty that nobody changed, and no file ends its lines in two ways", async () => {
  await using app = await testApp({
    plugins: ["plug-a", "plug-b"],
    files: { ".gitignore": "# mine\n.venv/\n" },
  });
  const well = async (...args: string[]) => {
    const run = await app.hsm(...args);
    assertEquals([args, run.code, await mixed(app)], [args, 0, []], run.stderr);
    return run;
  };
  const commit = async () => {
    await app.git(".", "add", "--all");
    await app.git(".", "commit", "--quiet", "--message=app");
    // As somebody else gets it.
    await app.git(".", "rm", "--quiet", "--cached", "-r", ".");
    await app.git(".", "reset", "--quiet", "--hard");
  };
  await Deno.writeTextFile(join(app.folder, "home/.gitconfig"), "[core]\n\tautocrlf = true\n");
  await app.git(".", "init", "--quiet", "--initial-branch=main");
  await commit();
  for (const file of ["hsm.yaml", "pyproject.toml", ".gitignore"]) {
    assertEquals((await app.read(file)).includes("\r\n"), true, file);
  }
  await well("sync");
  await well("dev", "plug-a", "--yes");
  await app.plugin("plug-a").commit("src/plug_a/more.py", "MORE = 1\n", "v1.1.0");
  await app.plugin("plug-b").release({ name: "plug-b", version: "1.1.0" });
  await well("pull");
  await well("update");
  assertEquals(await app.git("packages/plug-a", "status", "--porcelain"), "");
  await well("prod", "--all");
  await well("check", "--prod");

  await commit();
  assertEquals((await app.read("uv.lock")).includes("\r\n"), true);
  const before = await app.texts();
  await well("diff", "--exit-code");
  await well("check", "--prod", "--staged");
  await well("sync", "--locked");
  await well("sync");
  assertEquals(await app.texts(), before);
  assertEquals(await app.git(".", "status", "--porcelain"), "");
});
