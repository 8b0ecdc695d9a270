import { type TestApp, testApp } from "../harness/app.ts";
import { pluginPyproject } from "../harness/repository.ts";

/** An app, and a repository `mono` with `mono` at its top, `tok` in libs/tok and `mono-util` in libs/util. */
async function appWithMono(manifest: string): Promise<TestApp> {
  const app = await testApp({ plugins: ["mono"], manifest });
  const mono = app.plugin("mono");
  for (const [name, folder] of [["tok", "libs/tok"], ["mono-util", "libs/util"]] as const) {
    await mono.commit(`${folder}/src/${name.replace("-", "_")}/__init__.py`, "");
    await mono.commit(`${folder}/pyproject.toml`, await pluginPyproject({ name }));
  }
  // What only looks like it: the name of something else, and the text of a fixture.
  await mono.commit("tests/pyproject.toml", '[project]\nname = "tests"\n[tool.x]\nname = "tok"\n');
  await mono.git("tag", "-f", "v1.0.0");
  return app;
}

const manifest = (entry: string) => `git: {remotes}/mono\npackages:\n  tok: ${entry}\n`;

Deno.test("hsm check says in which folder a package lies, where hsm.yaml names another or none", async () => {
  await using app = await appWithMono(manifest("{ tag: v1.0.0, subdirectory: lib/tok }"));
  const outcome = (problem: string) => ({
    code: 2,
    stdout: `${problem}\n1 problem, 0 packages fit\n`,
  });
  const fix = "  fix: set `subdirectory: libs/tok` of tok in hsm.yaml\n";

  (await app.hsm("check")).expect(outcome(
    `error: tok has neither pyproject.toml nor setup.py in lib/tok
  tok  hsm.yaml  subdirectory: lib/tok
${fix}`,
  ));
  await app.untouched(async () => (await app.hsm("sync")).expect({ code: 2 }));
  const renamed =
    `  tok  hsm.yaml                       tok\n  tok  tok@v1.0.0:pyproject.toml:2    mono\n`
      .replaceAll("    mono", "  mono").replace(
        "yaml                       tok",
        "yaml                     tok",
      );
  await app.write("hsm.yaml", manifest("v1.0.0"));
  (await app.hsm("check")).expect(outcome(
    `error: tok is called "mono" in tok@v1.0.0:pyproject.toml\n${renamed}${fix}`,
  ));
  await app.write("hsm.yaml", manifest("{ tag: v1.0.0, subdirectory: libs }"));
  (await app.hsm("check")).expect({ code: 2, stdout: /^error: tok has neither .* in libs\n/ });
  // Nobody has it.
  await app.write(
    "hsm.yaml",
    "git: {remotes}/mono\npackages:\n  nope: { tag: v1.0.0, subdirectory: x }\n",
  );
  (await app.hsm("check")).expect(outcome(
    `error: nope has neither pyproject.toml nor setup.py in x
  nope  hsm.yaml  subdirectory: x
  fix: correct the name or the \`subdirectory\` of nope in hsm.yaml, or pin it to a version that has it
`,
  ));
  // And offline nobody knows.
  await app.write("hsm.yaml", manifest("{ tag: v1.0.0, subdirectory: lib/tok }"));
  (await app.hsm("check", "--offline")).expect({ code: 0, stdout: /^unchecked: tok was not / });
});

Deno.test("hsm check does not know what lies behind a link or in a submodule", async () => {
  await using app = await appWithMono(manifest("{ tag: v1.1.0, subdirectory: link/tok }"));
  const mono = app.plugin("mono");
  await Deno.symlink("libs", `${mono.path}/link`);
  const commit = (await mono.git("rev-parse", "HEAD")).trim();
  await mono.git("update-index", "--add", "--cacheinfo", `160000,${commit},sub`);
  await mono.git("add", "link");
  await mono.git("commit", "-q", "-m", "Link");
  await mono.git("tag", "v1.1.0");

  for (const folder of ["link/tok", "sub", "sub/python"]) {
    await app.write("hsm.yaml", manifest(`{ tag: v1.1.0, subdirectory: ${folder} }`));
    (await app.hsm("check")).expect({ code: 0, stdout: /^unchecked: tok was not checked/ });
  }
});

Deno.test("hsm says in which folder of its checkout a package lies", async () => {
  await using app = await appWithMono(
    manifest("{ tag: v1.0.0, subdirectory: lib/tok, mode: dev }"),
  );
  (await app.hsm("sync", "--yes")).expect({
    code: 2,
    stderr: `Cloned tok into packages/tok
warning: the clone stays at packages/tok: the next run takes it as it is; delete it if you need it no longer
error: Cannot find tok in its checkout: packages/tok/lib/tok has no pyproject.toml, setup.cfg or setup.py
hint: set \`subdirectory: libs/tok\` of tok in hsm.yaml
`,
  });
  await app.write("hsm.yaml", manifest("{ tag: v1.0.0, subdirectory: libs/util, mode: dev }"));
  (await app.hsm("check")).expect({
    code: 2,
    stdout:
      /^error: tok is called "mono-util" .*\n.*\n.*\n  fix: set `subdirectory: libs\/tok` of tok in hsm\.yaml\n/,
  });
});
