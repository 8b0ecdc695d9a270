/** What becomes of one package manager's lines in pyproject.toml once hsm.yaml names another. */

import { assertEquals } from "@std/assert";
import { testApp } from "../harness/app.ts";

const MANIFEST = "git: {remotes}/{name}\npackages:\n  plug-a: v1.0.0\n";

Deno.test("another `adapter:` takes the lines of the one before out, and writes its own", async () => {
  const own = '[project]\nname = "app"\nversion = "0.1.0"\ndependencies = ["plug-a"]\n';
  await using app = await testApp({ plugins: ["plug-a"], manifest: MANIFEST, pyproject: own });
  (await app.hsm("inject")).expect({ code: 0 });
  const uv = await app.read("pyproject.toml");
  assertEquals(uv.includes("[tool.uv.sources]"), true);

  await app.write("hsm.yaml", `adapter: poetry\n${MANIFEST}`);
  (await app.hsm("inject")).expect({
    code: 0,
    stdout: /^~ {2}plug-a {2}source {2}\{ git = "file:.*", tag = "v1.0.0" \}$/m,
  });
  const poetry = await app.read("pyproject.toml");
  assertEquals(poetry.startsWith(`${own}\n[tool.poetry.group.hsm]\n`), true, poetry);
  assertEquals(poetry.includes("uv"), false);

  await app.write("hsm.yaml", MANIFEST);
  (await app.hsm("inject")).expect({ code: 0 });
  assertEquals(await app.read("pyproject.toml"), uv);
  await app.write("hsm.yaml", "adapter: poetry\npackages: {}\n");
  (await app.hsm("inject")).expect({ code: 0 });
  assertEquals(await app.read("pyproject.toml"), own);
});

Deno.test("`hsm init` takes Poetry's git dependencies over, and `hsm sync` would write them", async () => {
  await using app = await testApp({
    plugins: ["plug-a", "plug-b"],
    pyproject: '[tool.poetry]\nname = "app"\nversion = "0.1.0"\n',
  });
  const url = (name: string) => app.plugin(name).url;
  await app.write(
    "pyproject.toml",
    '[tool.poetry]\nname = "app"\nversion = "0.1.0"\n\n[tool.poetry.dependencies]\npython = ">=3.9"\n' +
      `plug-a = { git = "${url("plug-a")}", tag = "v1.0.0" }\n` +
      `plug-b = { path = "../b" }\n`,
  );
  await Deno.remove(`${app.root}/hsm.yaml`);
  (await app.hsm("init", "--yes")).expect({
    code: 0,
    stderr: /plug-b is not taken over from pyproject.toml: \.\.\/b is missing/,
  });
  const before = await app.read("pyproject.toml");
  (await app.hsm("inject")).expect({ code: 0 });
  const after = await app.read("pyproject.toml");
  assertEquals(after.includes('\nplug-a = { version = "*" }\n'), true, after);
  await app.write("hsm.yaml", "adapter: poetry\npackages: {}\n");
  (await app.hsm("inject")).expect({ code: 0 });
  assertEquals(await app.read("pyproject.toml"), before);
});
