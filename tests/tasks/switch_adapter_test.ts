/** What becomes of one package manager's lines in pyproject.toml once hsm.yaml names another. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { testApp } from "../harness/app.ts";

const MANIFEST = "git: {remotes}/{name}\npackages:\n  plug-a: v1.0.0\n";

Deno.test("another `adapter:` takes the lines of the one before out, and writes its own", async () => {
  const own =
    '[project]\nname = "app"\nversion = "0.1.0"\nrequires-python = ">=3.9"\ndependencies = ["plug-a"]\n';
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

const SWITCHED = `[project]
name = "app"
version = "0.1.0"
requires-python = ">=3.9"
dependencies = ["plug-a"]
`;

Deno.test("package managers take over from each other, in whatever files HSM has written for them, and back", async () => {
  await using app = await testApp({
    plugins: ["plug-a"],
    manifest: MANIFEST,
    pyproject: SWITCHED,
    files: {
      "requirements.txt": "-r more/base.txt\n",
      "more/base.txt": "-c limits.txt\n",
      "more/limits.txt": "plug-a==1.0.0\nidna<4\n",
    },
  });
  const FILES = [
    ...["pyproject.toml", "requirements.txt", "requirements-hsm.txt", "constraints-hsm.txt"],
    ...["more/base.txt", "more/limits.txt"],
  ];
  const texts = () => Promise.all(FILES.map((it) => app.read(it).catch(() => undefined)));
  const states = new Map<string, readonly (string | undefined)[]>();
  states.set("none", await texts());
  for (const name of ["uv", "pip", "poetry", "pip", "uv"]) {
    await app.write("hsm.yaml", `adapter: ${name}\n${MANIFEST}`);
    (await app.hsm("inject")).expect({ code: 0, stdout: /plug-a {2}source/ });
    // However it came to that, it is the same.
    const known = states.get(name) ?? await texts();
    assertEquals(await texts(), known, name);
    states.set(name, known);
  }
  assertEquals(states.get("pip")?.[0], SWITCHED);
  assertStringIncludes(states.get("pip")?.[5] ?? "", "# plug-a==1.0.0  # set aside by hsm\n");
  assertEquals(states.get("uv")?.slice(1), states.get("none")?.slice(1));

  // After a failure the files of both go back.
  await app.write("hsm.yaml", `adapter: pip\n${MANIFEST}`);
  (await app.hsm("sync")).expect({ code: 0 });
  assertEquals(await texts(), states.get("pip"));
  await app.write("hsm.yaml", `adapter: uv\nverify: ["false"]\n${MANIFEST}`);
  (await app.hsm("sync")).expect({
    code: 1,
    stderr: /\n {2}restored: requirements-hsm\.txt, more\/limits\.txt, pyproject\.toml, uv\.lock\n/,
  });
  assertEquals(await texts(), states.get("pip"));
  await app.write("hsm.yaml", `adapter: uv\n${MANIFEST}`);
  (await app.hsm("sync")).expect({ code: 0 });
  assertEquals(await texts(), states.get("uv"));
  (await app.hsm("undo", "--no-sync")).expect({ code: 0 });
  assertEquals(await texts(), states.get("pip"));

  // A manifest that has lost its content names no package manager either.
  await app.write("hsm.yaml", "");
  (await app.hsm("sync")).expect({
    code: 2,
    stderr: "error: Cannot go by an empty hsm.yaml: requirements-hsm.txt has plug-a from it\n" +
      "hint: bring it back, or write `packages: {}` to take them out\n",
  });
  await app.write("hsm.yaml", "packages: {}\n");
  (await app.hsm("inject")).expect({ code: 0 });
  assertEquals(await texts(), states.get("none"));
});

Deno.test("a file that only bears the name of one of HSM's stays", async () => {
  await using app = await testApp({
    plugins: ["plug-a"],
    manifest: MANIFEST,
    files: { "requirements-hsm.txt": "idna\n" },
  });
  (await app.hsm("inject")).expect({ code: 0 });
  assertEquals(await app.read("requirements-hsm.txt"), "idna\n");
});

Deno.test("another `adapter:` goes for all packages at once, and says which lock file stays", async () => {
  await using app = await testApp({
    plugins: ["plug-a", "plug-b"],
    manifest: `adapter: pip\n${MANIFEST}  plug-b: v1.0.0\n`,
    files: { "requirements.txt": "plug-b\n" },
  });
  (await app.hsm("inject")).expect({ code: 0 });
  await app.write("pylock.hsm.toml", "lock-version = '1.0'\n");
  await app.write("hsm.yaml", `${MANIFEST}  plug-b: v1.0.0\n`);
  await app.untouched(async () => {
    (await app.hsm("inject", "plug-a")).expect({
      code: 2,
      stderr: `error: Cannot sync plug-a alone: the others still have their sources for pip
hint: name no package, so that all of them go over
`,
    });
    (await app.hsm("inject", "--dry-run")).expect({ code: 0, stderr: /^(?!.*stays)/s });
  });
  (await app.hsm("inject")).expect({
    code: 0,
    stderr:
      /^pylock\.hsm\.toml of pip stays, and uv does not go by it: delete it where nobody needs it$/m,
  });
  assertEquals(await app.read("pylock.hsm.toml"), "lock-version = '1.0'\n");
  (await app.hsm("inject")).expect({ code: 0, stderr: /^(?!.*pylock)/s });
});
