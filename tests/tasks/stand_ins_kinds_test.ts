import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { APP_PYPROJECT } from "../harness/app.ts";
import { makeRepository, pluginPyproject } from "../harness/repository.ts";
import { StandInApp } from "../harness/stand_ins.ts";
import { writeWheel } from "../harness/wheel.ts";

/** An index in a folder, and no other. */
const INDEX = `
[[tool.uv.index]]
name = "local"
url = "../index"
format = "flat"
default = true
`;

Deno.test("checkouts stand in for a branch, a commit, a folder of a repository, and for what only another needs, at once", async () => {
  const plugins = [
    { name: "plug-branch" },
    { name: "plug-rev" },
    { name: "plug-folder", folder: "libs/it" },
    { name: "plug-needs", dependencies: ["plug-needed"] },
    { name: "plug-needed" },
    { name: "plug-group" },
    { name: "plug-extra", extras: { more: [] } },
  ];
  await using it = await StandInApp.make({ plugins }, async ({ app }) => {
    const rev = await app.plugin("plug-rev").git("rev-parse", "v1.0.0^{commit}");
    await app.plugin("plug-branch").git("branch", "stable", "v1.0.0");
    await app.write(
      "hsm.yaml",
      `git: {remotes}/{name}
packages:
  plug-branch: { branch: stable }
  plug-rev: { rev: ${rev.trim().slice(0, 12)} }
  plug-folder: { tag: v1.0.0, subdirectory: libs/it }
  plug-needs: v1.0.0
  plug-needed: { tag: v1.0.0, require: false }
  plug-group: { tag: v1.0.0, group: dev }
  plug-extra: { tag: v1.0.0, extras: [more] }
`,
    );
  });
  const { app } = it;
  const names = plugins.map((plugin) => plugin.name).filter((name) => name !== "plug-needs");
  // Of a branch the checkout is at that branch.
  const ahead = names.filter((name) => name !== "plug-branch");

  await it.dev(...names);

  await it.assertClean();
  for (const name of ahead) await it.assertStanding(name);
  await app.git("packages/plug-branch", "checkout", "-q", "main");
  (await app.hsm("sync")).expect({ code: 0 });
  await it.assertStanding("plug-branch");
  assertEquals(await it.imported("plug-needs"), "1.0.0 1.0.0");
  await it.uv("sync");
  for (const name of names) await it.assertStanding(name, "uv sync");
  assertEquals(await it.agrees(), true);

  // One of them leaves, and no other.
  (await app.hsm("prod", "plug-folder")).expect({ code: 0 });
  assertEquals(await it.imported("plug-folder"), "1.0.0 1.0.0");
  for (const name of names.filter((name) => name !== "plug-folder")) await it.assertStanding(name);
  (await app.hsm("prod", "--all")).expect({ code: 0 });
  await it.assertClean();
  await it.assertFresh();
});

Deno.test("a checkout stands in for what the app's own files say, from an index, its workspace or a folder of its own", async () => {
  const pyproject = APP_PYPROJECT.replace("[]", '["plug-index", "plug-path", "plug-member"]') + `
[tool.uv.sources]
plug-path = { path = "own/plug-path", editable = true }
plug-member = { workspace = true }

[tool.uv.workspace]
members = ["members/*"]
${INDEX}`;
  const own = { "plug-path": "own/plug-path", "plug-member": "members/plug-member" };
  const names = ["plug-index", ...Object.keys(own)];
  const listed = names.map((name) => `  ${name}: { inject: environment }\n`).join("");
  const manifest = `git: {remotes}/{name}\npackages:\n${listed}`;
  const options = { manifest, pyproject, env: { UV_NO_CONFIG: "0" } };
  await using it = await StandInApp.make(options, async ({ app }) => {
    await Deno.mkdir(join(app.folder, "index"));
    await writeWheel(join(app.folder, "index"), "plug-index", "1.0.0");
    for (const [name, folder] of Object.entries(own)) {
      await app.write(`${folder}/src/${name.replace("-", "_")}/__init__.py`, 'VALUE = "1.0.0"\n');
      await app.write(`${folder}/pyproject.toml`, await pluginPyproject({ name }));
    }
  });
  const { app } = it;
  for (const name of names) {
    const path = join(app.folder, "remotes", name);
    app.plugins.set(name, await makeRepository(path, { name }, app.env));
    await it.advance({ name });
  }

  (await app.hsm("dev", "--all", "--yes")).expect({
    code: 0,
    stdout: /^plug-index +prod → dev +packages\/plug-index stands in for what is locked; /,
  });

  await it.assertClean();
  for (const name of names) await it.assertStanding(name);
  await it.uv("sync");
  for (const name of names) await it.assertStanding(name, "uv sync");
  const origins = await it.status();
  for (const name of names) {
    assertEquals(origins[name], {
      kind: "stand-in",
      path: `[DIR]/app/packages/${name}`,
      for: "1.0.0",
    });
  }
  assertEquals(await it.agrees(), true);

  (await app.hsm("prod", "--all")).expect({ code: 0 });
  await it.assertClean();
  assertEquals(await it.imported("plug-path"), "1.0.0 1.0.0");
  assertEquals(await it.imported("plug-member"), "1.0.0 1.0.0");
  // When what was changed in a folder, uv notes there.
  await it.assertFresh(/\/(?:uv_cache\.json|RECORD)$/);
});

Deno.test("a checkout whose name is normalized stands in in a folder with a name that is hard to quote", async () => {
  await using it = await StandInApp.make({ plugins: ["Foo.Bar_baz"] });
  const { app } = it;
  await app.plugin("Foo.Bar_baz").commit(
    "pyproject.toml",
    await pluginPyproject({ name: "Foo.Bar_baz", version: "1.3.0.dev0" }),
  );
  // With a `#` in it, uv 0.9 itself finds no checkout.
  const hasHash = !(await it.uv("--version")).stdout.startsWith("uv 0.9");
  const root = join(app.folder, `a b \u00fc'x$(y)%20${hasHash ? "#1" : ""}`);
  await Deno.rename(app.root, root);
  Object.defineProperty(app, "root", { value: root });
  await Deno.remove(join(root, ".venv"), { recursive: true });
  (await app.hsm("sync")).expect({ code: 0 });
  await it.dev("Foo.Bar_baz");
  assertEquals(await it.imported("foo-bar-baz"), "1.3.0.dev0 1.3.0.dev0");
  await it.assertClean();
  await it.uv("sync", "--reinstall");
  assertEquals(await it.imported("foo-bar-baz"), "1.3.0.dev0 1.0.0");
  (await app.hsm("sync")).expect({ code: 0 });
  assertEquals(await it.imported("foo-bar-baz"), "1.3.0.dev0 1.3.0.dev0");
  assertEquals(await it.agrees(), true);
  (await app.hsm("prod", "foo-bar-baz")).expect({ code: 0 });
  await it.assertFresh();
});

Deno.test("a checkout stands in for a folder that is not editable, and for a wheel", async () => {
  const sources = {
    "plug-folder": "own/plug-folder",
    "plug-wheel": "own/plug_wheel-1.0.0-py3-none-any.whl",
  };
  const names = Object.keys(sources);
  const lines = Object.entries(sources).map(([name, path]) => `${name} = { path = "${path}" }\n`);
  const pyproject = APP_PYPROJECT.replace("[]", JSON.stringify(names)) +
    `\n[tool.uv.sources]\n${lines.join("")}`;
  const listed = names.map((name) => `  ${name}: { inject: environment }\n`).join("");
  const manifest = `git: {remotes}/{name}\npackages:\n${listed}`;
  await using it = await StandInApp.make({ manifest, pyproject }, async ({ app }) => {
    const own = join(app.root, "own");
    await app.write("own/plug-folder/src/plug_folder/__init__.py", 'VALUE = "1.0.0"\n');
    await app.write(
      "own/plug-folder/pyproject.toml",
      await pluginPyproject({ name: "plug-folder" }),
    );
    const files = { "plug_wheel/__init__.py": 'VALUE = "1.0.0"\n' };
    await writeWheel(own, "plug-wheel", "1.0.0", { files });
  });
  const { app } = it;
  for (const name of names) {
    const path = join(app.folder, "remotes", name);
    app.plugins.set(name, await makeRepository(path, { name }, app.env));
    await it.advance({ name });
  }
  (await app.hsm("dev", "--all", "--yes")).expect({ code: 0 });
  await it.uv("sync");
  for (const name of names) await it.assertStanding(name);
  assertEquals(await it.agrees(), true);
  await it.assertClean();
  (await app.hsm("prod", "--all")).expect({ code: 0 });
  for (const name of names) assertEquals(await it.imported(name), "1.0.0 1.0.0");
  await it.assertFresh(/\/(?:uv_cache\.json|RECORD)$/);
});

Deno.test("a package without a pin is the app's own affair in prod mode, whatever looks at it", async () => {
  const pyproject = APP_PYPROJECT.replace("[]", '["plug-index", "plug-needs"]') + INDEX;
  const manifest = "git: {remotes}/{name}\npackages:\n" +
    "  plug-index: { inject: environment }\n  plug-needs: v1.0.0\n";
  const plugins = [{ name: "plug-needs", dependencies: ["plug-index"] }];
  const options = { plugins, manifest, pyproject, env: { UV_NO_CONFIG: "0" } };
  await using it = await StandInApp.make(options, async (it) => {
    const { app } = it;
    await Deno.mkdir(join(app.folder, "index"));
    await writeWheel(join(app.folder, "index"), "plug-index", "1.0.0");
    const path = join(app.folder, "remotes/plug-index");
    app.plugins.set("plug-index", await makeRepository(path, { name: "plug-index" }, app.env));
    await it.advance({ name: "plug-index" });
  });
  const { app } = it;
  const looks = async () => {
    assertEquals(await it.agrees(), true);
    for (
      const command of ["check", "list", "graph", "diff", "doctor", "outdated"]
    ) {
      (await app.hsm(...command.split(" "))).expect({ code: 0 });
    }
    (await app.hsm("sync", "--locked")).expect({ code: 0 });
    (await app.hsm("sync")).expect({ code: 0 });
    await it.assertClean();
  };
  await looks();
  (await app.hsm("check", "--prod")).expect({ code: 0 });
  (await app.hsm("dev", "plug-index", "--yes")).expect({
    code: 0,
    stdout: "plug-index  prod → dev  packages/plug-index stands in for what is locked; " +
      "pyproject.toml and uv.lock stay as they are\n",
  });
  await it.assertStanding("plug-index");
  await looks();
  // Begun anew, it stands in as well.
  await Deno.remove(join(app.root, ".venv"), { recursive: true });
  (await app.hsm("status")).expect({ code: 0 });
  (await app.hsm("sync")).expect({ code: 0 });
  await it.assertStanding("plug-index", "a new environment");
  (await app.hsm("prod", "plug-index")).expect({ code: 0 });
  // Written into the files meanwhile, it is the app's own affair again afterwards.
  (await app.hsm("dev", "plug-index", "--inject", "pyproject")).expect({ code: 0 });
  const toProd = { code: 0, stdout: "plug-index  dev → prod\n" };
  (await app.hsm("prod", "plug-index")).expect(toProd);
  assertEquals(await app.exists("hsm.local.yaml"), false);
  await looks();
  await it.assertFresh();
  (await app.hsm("remove", "plug-index")).expect({ code: 0 });
  assertEquals(await app.git(".", "status", "--porcelain"), " M hsm.yaml\n");
  await it.assertFresh();
});

Deno.test("a checkout stands in in an app that is built itself, with a version that a build computes", async () => {
  const pyproject = APP_PYPROJECT.replace('version = "0.1.0"\n', 'dynamic = ["version"]\n') +
    '\n[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n' +
    '\n[tool.uv]\ncache-keys = [{ file = "backend.py" }]\n';
  const build = (version: string) =>
    `import pathlib, zipfile
INFO = {
    "METADATA": "Metadata-Version: 2.1\\nName: app\\nVersion: ${version}\\nRequires-Dist: my-plugin\\n",
    "WHEEL": "Wheel-Version: 1.0\\nGenerator: t\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    "RECORD": "".join(f"app-${version}.dist-info/{it},,\\n" for it in ("METADATA", "WHEEL", "RECORD")),
}
def build_editable(folder, settings=None, metadata=None):
    name = "app-${version}-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(folder, name), "w") as wheel:
        for file, text in INFO.items():
            wheel.writestr("app-${version}.dist-info/" + file, text)
    return name
build_wheel = build_editable
`;
  const files = { "backend.py": build("1.0") };
  await using it = await StandInApp.make({ plugins: ["my-plugin"], pyproject, files });
  const { app } = it;
  await it.dev("my-plugin");
  await it.assertClean();
  await it.assertStanding("my-plugin");
  await app.write("backend.py", build("1.1"));
  await it.commit("Release");
  await it.uv("sync");
  assertEquals(await it.installed(/^app-/), ["app-1.1.dist-info"]);
  await it.assertStanding("my-plugin", "uv sync");
  (await app.hsm("sync")).expect({ code: 0 });
  await it.assertStanding("my-plugin", "hsm sync");
  await it.assertClean();
  (await app.hsm("prod", "my-plugin")).expect({ code: 0 });
  assertEquals(await it.imported("my-plugin"), "1.0.0 1.0.0");
  await it.assertFresh(/\/(?:uv_cache\.json|RECORD)$/);
});

Deno.test("a checkout stands in in an app with extras and groups, which are installed as they are asked for", async () => {
  const pyproject = `${APP_PYPROJECT}
[project.optional-dependencies]
extra = ["plug-extra"]

[dependency-groups]
docs = ["plug-docs"]
`;
  const manifest = `git: {remotes}/{name}
packages:
  plug-extra: { tag: v1.0.0, require: false }
  plug-docs: { tag: v1.0.0, require: false }
`;
  const plugins = ["plug-extra", "plug-docs"];
  await using it = await StandInApp.make({ plugins, pyproject, manifest });
  const { app } = it;
  const found = () => it.installed(/^plug_.*\.dist-info$/);
  assertEquals(await found(), []);
  // What is not asked for is not installed, and nothing is amiss.
  await it.dev("plug-extra", "plug-docs");
  assertEquals(await found(), []);
  await it.assertClean();
  (await app.hsm("sync", "--", "--extra", "extra", "--group", "docs")).expect({ code: 0 });
  for (const name of plugins) await it.assertStanding(name);
  await it.uv("sync", "--extra", "extra", "--group", "docs");
  for (const name of plugins) await it.assertStanding(name, "uv sync");
  await it.uv("sync", "--extra", "extra");
  assertEquals(await found(), ["plug_extra-1.0.0.dist-info"]);
  await it.assertStanding("plug-extra", "uv sync --extra");
  (await app.hsm("sync")).expect({ code: 0 });
  assertEquals(await found(), []);
  (await app.hsm("prod", "--all", "--", "--extra", "extra")).expect({ code: 0 });
  assertEquals(await it.imported("plug-extra"), "1.0.0 1.0.0");
  await it.uv("sync");
  await it.assertFresh();
});
