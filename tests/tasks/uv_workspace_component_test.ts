/** Packages that are members of a uv workspace in their repository: the sources of its root are theirs too. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { readUvProject } from "../../lib/adapters/uv/project.ts";
import { APP_PYPROJECT, type TestApp, testApp } from "../harness/app.ts";
import { pluginPyproject } from "../harness/repository.ts";
import { wrapGit } from "../harness/wrap_git.ts";
import { makeUvRepository, type UvRepositoryOptions } from "../harness/uv_repository.ts";

const LIB = { name: "rs-lib", folder: "pkgs/rs-lib" };
const API = { name: "rs-api", folder: "pkgs/rs-api", dependencies: ["rs-lib"] };

const MANIFEST = `packages:
  rs-lib: { git: "{remotes}/rs", tag: v1.0.0, subdirectory: pkgs/rs-lib }
  rs-api: { git: "{remotes}/rs", tag: v1.0.0, subdirectory: pkgs/rs-api }
`;

async function workspaceApp(options: Partial<UvRepositoryOptions> = {}): Promise<TestApp> {
  const app = await testApp({ manifest: MANIFEST });
  await makeUvRepository(app, { name: "rs", members: [LIB, API], ...options });
  return app;
}

const VALUES = "import rs_lib, rs_api; print(rs_lib.VALUE, rs_api.VALUE)";

/** hsm, whose success is asserted. */
async function well(app: TestApp, ...args: string[]): Promise<string> {
  const run = await app.hsm(...args);
  assertEquals(run.code, 0, `hsm ${args.join(" ")}\n${run.stdout}${run.stderr}`);
  return run.stdout;
}

async function overrides(app: TestApp): Promise<readonly string[]> {
  return readUvProject(await app.read("pyproject.toml"), "pyproject.toml").ownOverrides;
}

Deno.test("hsm dev, pin and prod work for members of a uv workspace whose root has the sources", async () => {
  await using app = await workspaceApp();
  await well(app, "sync");
  assertEquals(await overrides(app), []);
  assertStringIncludes(await well(app, "check"), "2 packages fit");
  await well(app, "pin", "rs-lib", "v1.1.0");
  assertEquals(await app.python(VALUES), "1.1.0 1.0.0");
  assertEquals(await overrides(app), ["rs-lib"]);
  assertStringIncludes(await well(app, "check"), "2 packages fit");
  await well(app, "dev", "--yes", "rs-lib");
  assertEquals(await app.python(VALUES), "1.1.0 1.0.0");
  await well(app, "dev", "--yes", "rs-api");
  assertEquals(await app.python(VALUES), "1.1.0 1.1.0");
  assertEquals(await overrides(app), ["rs-lib"]);
  assertStringIncludes(await well(app, "check"), "2 packages fit");
  await well(app, "prod", "rs-lib", "rs-api");
  await well(app, "update");
  assertEquals(await app.python(VALUES), "1.1.0 1.1.0");
  assertEquals(await overrides(app), []);
  await well(app, "sync", "--locked");
});

Deno.test("hsm dev works for members whose dependencies are computed when they are built", async () => {
  await using app = await workspaceApp({ members: [LIB, { ...API, isComputed: true }] });
  await well(app, "sync");
  assertEquals(await app.python(VALUES), "1.0.0 1.0.0");
  assertEquals(await overrides(app), []);
  await well(app, "pin", "rs-lib", "v1.1.0");
  assertEquals(await overrides(app), ["rs-lib"]);
  assertEquals(await app.python(VALUES), "1.1.0 1.0.0");
  const { code, stdout } = await app.hsm("check");
  assertEquals(code, 0);
  // What uv does not look at any more is told, with the file that holds the line.
  assertStringIncludes(
    stdout,
    "rs-api 1.0.0 may need another version of rs-lib, or extras of it: its dependencies are computed",
  );
  assertStringIncludes(stdout, "rs-api@v1.0.0:pyproject.toml:5");
  await well(app, "dev", "--yes", "rs-lib");
  assertEquals(await app.python(VALUES), "1.1.0 1.0.0");
});

Deno.test("hsm sync sees a change of the workspace's root in a checkout", async () => {
  await using app = await workspaceApp({ pyproject: "" });
  await well(app, "dev", "--yes", "rs-lib", "rs-api");
  await well(app, "sync");
  assertEquals(await overrides(app), []);
  await app.write(
    "packages/rs-api/pyproject.toml",
    '[tool.uv.workspace]\nmembers = ["pkgs/*"]\n[tool.uv.sources]\nrs-lib = { workspace = true }\n',
  );
  await well(app, "sync");
  assertEquals(await overrides(app), ["rs-lib"]);
  // What the answer depends on is noted, for a sync with nothing to do.
  const { files } = JSON.parse(await app.read(".hsm/synced.json"));
  assert(files.includes("packages/rs-api/pyproject.toml"));
});

Deno.test("hsm check says where two uv workspaces bring a third package from two places", async () => {
  const sources = (folder: string) =>
    `[tool.uv.workspace]\nmembers = ["pkgs/*"]\n[tool.uv.sources]\ntp = { path = "${folder}" }\n`;
  await using app = await testApp({
    manifest: `packages:
  rs-lib: { git: "{remotes}/one", tag: v1.0.0, subdirectory: pkgs/rs-lib }
  rs-api: { git: "{remotes}/two", tag: v1.0.0, subdirectory: pkgs/rs-api }
`,
  });
  const member = { dependencies: ["tp"] };
  const tp = { name: "tp", folder: "vendor/tp" };
  for (const [name, it] of [["one", LIB], ["two", { ...API }]] as const) {
    const members = [{ ...it, ...member }, tp];
    const pyproject = sources("vendor/tp");
    await makeUvRepository(app, { name, versions: ["1.0.0"], members, pyproject });
  }
  const run = await app.hsm("check");
  run.expect({
    code: 2,
    stdout:
      `error: rs-lib 1.0.0 needs tp from file://[DIR]/remotes/one @ v1.0.0, in vendor/tp, rs-api 1.0.0 needs tp from file://[DIR]/remotes/two @ v1.0.0, in vendor/tp
  rs-lib  rs-lib@v1.0.0:pyproject.toml:4  tp = { path = "vendor/tp" }
  rs-api  rs-api@v1.0.0:pyproject.toml:4  tp = { path = "vendor/tp" }
  fix: name tp in hsm.yaml, whose source then counts for all

1 problem, 0 packages fit
`,
    stderr: "",
  });
  const sync = await app.hsm("sync", "--no-check");
  assertEquals(sync.code, 1);
  assertStringIncludes(sync.stderr, "tp is to come from");
  assertStringIncludes(
    sync.stderr,
    "hint: name tp in hsm.yaml, whose source then counts for all; now rs-lib@v1.0.0:pyproject.toml:4 " +
      "and rs-api@v1.0.0:pyproject.toml:4 say where it comes from\n",
  );
  // As the fix says.
  const named =
    `  tp: { git: "{remotes}/one", tag: v1.0.0, subdirectory: vendor/tp, require: false }\n`;
  await app.write("hsm.yaml", `${await app.read("hsm.yaml")}${named}`);
  assertStringIncludes(await well(app, "check"), "3 packages fit");
  await well(app, "sync");
});

Deno.test("hsm check reads the root of a uv workspace once for all members, and of others nothing more", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  await makeUvRepository(app, { name: "rs", members: [LIB, API] });
  const log = join(app.folder, "log");
  const env = await wrapGit(app, { "cat-file": `echo >> '${log}'` });
  (await app.hsmWith(env, "check")).expect({ code: 0 });
  assertEquals((await Deno.readTextFile(log)).length, 1);
  await app.write("hsm.yaml", MANIFEST);
  (await app.hsmWith(env, "check")).expect({ code: 0 });
  assertEquals((await Deno.readTextFile(log)).length, 1 + 3);
  (await app.hsmWith(env, "check")).expect({ code: 0, stdout: "2 packages fit\n" });
  assertEquals((await Deno.readTextFile(log)).length, 1 + 3);
});

Deno.test("hsm sync and dev heed the nearest root above, exclude, and a member's own source", async () => {
  const own = "\n[tool.uv.sources]\nrs-lib = { workspace = true }\n";
  const outer =
    '[tool.uv.workspace]\nmembers = ["none"]\n[tool.uv.sources]\nrs-lib = { path = "x" }\n';
  await using app = await workspaceApp({
    members: [
      { ...LIB, folder: "python/pkgs/rs-lib" },
      { ...API, folder: "python/pkgs/rs-api", pyproject: own },
      { ...API, name: "rs-old", folder: "python/pkgs/rs-old" },
    ],
    pyproject: outer,
    files: {
      "python/pyproject.toml":
        '[project]\nname = "rs"\nversion = "0"\n[tool.uv.workspace]\nmembers = ["pkgs/*"]\nexclude = ["pkgs/rs-old"]\n[tool.uv.sources]\nrs-lib = { workspace = true }\n',
    },
  });
  const old = '  rs-old: { git: "{remotes}/rs", tag: v1.0.0, subdirectory: pkgs/rs-old }\n';
  await app.write(
    "hsm.yaml",
    `${MANIFEST}${old}`.replaceAll("pkgs/", "python/pkgs/")
      .replaceAll("{ git", "{ path: packages/rs, git"),
  );
  await well(app, "sync");
  assertEquals(await overrides(app), []);
  await well(app, "pin", "rs-lib", "v1.1.0");
  assertEquals(await overrides(app), ["rs-lib"]);
  await well(app, "dev", "--yes", "rs-api", "rs-old");
  assertEquals(await app.python(VALUES), "1.1.0 1.1.0");
  // In one checkout they are of one workspace.
  await well(app, "dev", "rs-lib");
  assertEquals(await overrides(app), []);
  await well(app, "prod", "rs-lib");
  // Who has no source asks for no place in particular.
  await well(app, "remove", "rs-api");
  assertEquals(await overrides(app), []);
});

Deno.test("hsm dev and prod work where a checkout that is a uv workspace lies among the app's members", async () => {
  await using app = await testApp({
    manifest: `${MANIFEST}  rs: { git: "{remotes}/rs", tag: v1.0.0 }\n`,
    pyproject: `${APP_PYPROJECT}\n[tool.uv.workspace]\nmembers = ["packages/*"]\n`,
  });
  const pyproject = (await pluginPyproject({ name: "rs", dependencies: ["rs-lib"] })) +
    '[tool.uv.workspace]\nmembers = ["pkgs/*"]\n[tool.uv.sources]\nrs-lib = { workspace = true }\n';
  const files = { "src/rs/__init__.py": "" };
  await makeUvRepository(app, { name: "rs", members: [LIB, API], pyproject, files });
  await well(app, "dev", "--yes", "rs-lib");
  assertEquals(await app.python(VALUES), "1.1.0 1.0.0");
  await well(app, "dev", "--yes", "rs");
  await well(app, "sync", "--locked");
  assertStringIncludes(
    await app.read("pyproject.toml"),
    'rs = { path = "packages/rs", editable = true }',
  );
  await well(app, "prod", "rs-lib", "rs");
  assertEquals(await app.python(VALUES), "1.0.0 1.0.0");
  // The checkout stays, and uv would refuse it as a member.
  await well(app, "remove", "rs-lib", "rs-api");
  await well(app, "remove", "rs");
  await Deno.remove(join(app.root, "packages"), { recursive: true });
  await well(app, "sync");
  assert(!(await app.read("pyproject.toml")).includes("exclude"));
});
