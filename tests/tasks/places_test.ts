import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { checkPlaces } from "../../lib/checkout/places.ts";
import { HsmError } from "../../lib/errors.ts";
import { silentReporter } from "../../lib/report.ts";
import { openWorkspace } from "../../lib/workspace/open.ts";
import { APP_PYPROJECT, testApp } from "../harness/app.ts";

const members = (...globs: string[]) =>
  `${APP_PYPROJECT}\n[tool.uv.workspace]\nmembers = ${JSON.stringify(globs)}\n`;

Deno.test("hsm sync means the same folders as uv where the app is behind a link", async () => {
  await using app = await testApp({
    plugins: ["plug-a"],
    manifest: `mode: dev
git: {remotes}/{name}
packages:
  plug-a: { path: ../other }
`,
  });
  await Deno.mkdir(join(app.folder, "links"));
  await Deno.symlink(app.root, join(app.folder, "links/app"));

  (await app.hsm("-C", "../links/app", "sync", "--yes")).expect({ code: 0 });

  assertEquals(await app.list("../links"), ["app"]);
  assertEquals(await app.exists("../other/pyproject.toml"), true);
  assertEquals(await app.python("import plug_a; print(plug_a.VALUE)"), "1.0.0");
});

Deno.test("hsm prod excludes the subdirectory that is a member of the app's workspace", async () => {
  await using app = await testApp({
    plugins: [{ name: "plug-a", folder: "python" }],
    pyproject: members("packages/*/python"),
    manifest: `git: {remotes}/{name}
packages:
  plug-a: { tag: v1.0.0, subdirectory: python }
`,
  });
  (await app.hsm("dev", "plug-a", "--yes")).expect({ code: 0 });
  const dev = await app.read("pyproject.toml");
  assertMatch(dev, /^plug-a = \{ workspace = true \}$/m);

  (await app.hsm("prod", "plug-a")).expect({ code: 0 });

  assertMatch(
    await app.read("pyproject.toml"),
    /^exclude = \[\n {4}"packages\/plug-a\/python",\n\]$/m,
  );
  assertStringIncludes(await app.freeze(), "plug-a @ git+file://");
  (await app.hsm("dev", "plug-a")).expect({ code: 0 });
  assertEquals(await app.read("pyproject.toml"), dev);
});

Deno.test("hsm sync NAME goes by the sources that the other members keep", async () => {
  await using app = await testApp({
    plugins: ["plug-a", "plug-b"],
    pyproject: members("packages/*"),
    files: { "hsm.local.yaml": "mode: dev\n" },
  });
  (await app.hsm("sync", "--yes")).expect({ code: 0 });
  await Deno.remove(join(app.root, "hsm.local.yaml"));

  (await app.hsm("sync", "plug-a")).expect({ code: 0 });

  const mixed = await app.read("pyproject.toml");
  assertMatch(mixed, /^plug-a = \{ git = /m);
  assertMatch(mixed, /^plug-b = \{ workspace = true \}$/m);
  assertMatch(mixed, /^exclude = \[\n {4}"packages\/plug-a",\n\]$/m);

  // And the other way round: dev by now, and still from git.
  (await app.hsm("sync")).expect({ code: 0 });
  await app.write("hsm.local.yaml", "mode: dev\n");
  (await app.hsm("sync", "plug-a")).expect({ code: 0 });
  assertMatch(
    await app.read("pyproject.toml"),
    /^exclude = \[\n {4}"packages\/plug-b",\n\]$/m,
  );
});

Deno.test("hsm sync --locked adds nothing to .gitignore", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  (await app.hsm("dev", "plug-a", "--yes")).expect({ code: 0 });
  await Deno.remove(join(app.root, ".gitignore"));

  (await app.hsm("sync", "--locked")).expect({ code: 0 });

  assertEquals(await app.exists(".gitignore"), false);
});

Deno.test("a package named like a device of Windows is cloned elsewhere, and doctor warns of it everywhere", async () => {
  await using app = await testApp({
    plugins: ["aux"],
    manifest: "mode: dev\ngit: {remotes}/{name}\npackages:\n  aux:\n",
  });
  {
    const reporter = silentReporter();
    await using workspace = await openWorkspace({ directory: app.root, readonly: true, reporter });
    const check = (system: "linux" | "darwin" | "windows") =>
      checkPlaces(workspace, workspace.manifest.packages, system);
    await check("linux");
    await check("darwin");
    const { code, message, hint } = await assertRejects(() => check("windows"), HsmError);
    assertEquals(
      [code, message, hint],
      [
        "checkout-mismatch",
        "Cannot clone aux into packages/aux: Windows has a device of this name, whatever stands behind a dot",
        "set `path` of aux in hsm.local.yaml to where it is to be",
      ],
    );
  }
  (await app.hsm("clone", "--yes")).expect({ code: 0 });
  assertMatch(
    (await app.hsm("doctor")).stdout,
    /warning +hsm.yaml +packages\/aux of aux cannot be/,
  );
});
