import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { testApp } from "./harness/app.ts";
import { PROJECT } from "./harness/ci.ts";
import { must } from "./harness/program.ts";
import { uvProgram } from "./harness/repository.ts";
import { readBlocks } from "./harness/steps.ts";

/** What direnv's own functions come to here. */
const DIRENV = `watch_file() { :; }\nPATH_add() { export PATH="$1:$PATH"; }\n`;

Deno.test("docs/guides/editors.md: with .envrc, programs and uv in a checkout run in the app's environment, and leave it", async () => {
  await using app = await testApp({
    plugins: [{ name: "plug-a", dependencies: ["plug-b"] }, "plug-b"],
    manifest: "git: {remotes}/{name}\npackages:\n  plug-a: v1.0.0\n  plug-b: v1.0.0\n",
  });
  (await app.hsm("dev", "plug-a", "--yes")).expect({ code: 0 });
  const before = [await app.freeze(), await app.git("packages/plug-a", "status", "--porcelain")];
  const text = await Deno.readTextFile(join(PROJECT, "docs/guides/editors.md"));
  const envrc = readBlocks(text).find((it) => it.lines.some((line) => line.includes(".envrc")));
  const [, uv = ""] = /`uv (run [^`]*)pytest`/.exec(text) ?? [];
  const python = `python -c 'import plug_a; print(plug_a.__file__)'`;
  const script = `${DIRENV}${envrc?.lines.join("\n")}\ncd packages/plug-a\n${python}\n` +
    `'${uvProgram()}' ${uv}${python}\n`;

  const out = await must(["bash", "-e", "-c", script], { cwd: app.root, env: app.env });

  const file = join(app.root, "packages/plug-a/src/plug_a/__init__.py");
  assertEquals(out, `${file}\n${file}\n`);
  assertEquals(
    [await app.freeze(), await app.git("packages/plug-a", "status", "--porcelain")],
    before,
  );
});
