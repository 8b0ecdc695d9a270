import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { pipProgram } from "../harness/pip.ts";
import { must } from "../harness/program.ts";
import { StandInApp } from "../harness/stand_ins.ts";
import { treeOf } from "../reliability/tree.ts";

/** What uv itself writes anew: its locks, what it knows of interpreters and of folders, and git's own notes of a fetch. */
const VOLATILE =
  /(?:^|\/)(?:\.lock|\.git|.*\.lock|revision\.rev)$|^(?:interpreter-v\d+|git-v\d+\/(?:db|locks))\//;

Deno.test("uv's cache stays as it is, to the byte, though what is installed is linked to it", async () => {
  const env = { UV_LINK_MODE: "hardlink" };
  await using it = await StandInApp.make({ plugins: ["my-plugin"], env });
  const { app } = it;
  const cache = join(app.folder, "home/.cache/uv");
  const info = join(await it.site(), "my_plugin-1.0.0.dist-info");
  const links = (file: string) => Deno.statSync(join(info, file)).nlink ?? 0;
  assert(links("WHEEL") > 1, "nothing is linked");
  await it.dev("my-plugin");
  assert(links("WHEEL") > 1, "the checkout's metadata is not linked");
  assertEquals([links("RECORD"), links("direct_url.json"), links("hsm.json")], [1, 1, 1]);
  (await app.hsm("prod", "my-plugin")).expect({ code: 0 });
  // By now uv has built all there is to build.
  const before = treeOf(cache, VOLATILE);
  const pyproject = join(app.root, "packages/my-plugin/pyproject.toml");
  const text = await Deno.readTextFile(pyproject);
  const same = (where: string) => {
    const after = treeOf(cache, VOLATILE);
    const kept = Object.fromEntries(Object.keys(before).map((path) => [path, after[path]]));
    assertEquals(kept, before, where);
  };
  await it.dev("my-plugin");
  same("dev");
  await it.uv("sync");
  (await app.hsm("sync")).expect({ code: 0 });
  same("sync");
  await Deno.writeTextFile(pyproject, `${text}\n[project.urls]\nA = "https://example.com"\n`);
  (await app.hsm("sync")).expect({ code: 0 });
  same("metadata");
  await it.uv("sync", "--reinstall-package", "my-plugin");
  (await app.hsm("sync")).expect({ code: 0 });
  same("reinstalled");
  (await app.hsm("prod", "my-plugin")).expect({ code: 0 });
  same("prod");
  // What uv installs from it is what it was.
  await it.assertFresh();
});

Deno.test("who uninstalls what a checkout stands in for leaves nothing of it, be it uv or pip", async () => {
  await using it = await StandInApp.make();
  const { app } = it;
  const place = { cwd: app.root, env: app.env };
  await it.uv("pip", "uninstall", "my-plugin");
  const without = it.tree();
  const python = join(app.root, ".venv/bin/python");
  const uninstalls = {
    uv: () => it.uv("pip", "uninstall", "my-plugin"),
    pip: async () => {
      const pip = await pipProgram();
      await must([pip, "--python", python, "uninstall", "--yes", "my-plugin"], place);
    },
  };
  await it.dev("my-plugin");
  for (const [who, uninstall] of Object.entries(uninstalls)) {
    (await app.hsm("sync")).expect({ code: 0 });
    await it.assertStanding("my-plugin", who);
    await uninstall();
    const tree = it.tree();
    const left = Object.keys(tree).filter((path) => !(path in without));
    assertEquals(left.map((path) => path.replace(/^.*site-packages\//, "")), ["_hsm.pth"], who);
    const kept = Object.fromEntries(Object.entries(tree).filter(([path]) => path in without));
    assertEquals(kept, without, who);
    // Nothing of the checkout is on Python's path.
    const path = await must([python, "-c", "import sys; print(sys.path)"], place);
    assertEquals(path.includes("my-plugin"), false, who);
  }
  (await app.hsm("prod", "my-plugin")).expect({ code: 0 });
  assertEquals((await it.installed()).includes("_hsm.pth"), false);
  await it.assertFresh();
});

/** A build backend whose editable installs are found by a module of their own, as those of setuptools may be. */
const FINDER = `import pathlib, zipfile
INFO = "my_plugin-1.3.0.dev0.dist-info/"
FILES = {
    "my_plugin_finder.pth": "import my_plugin_finder\\n",
    "my_plugin_finder.py": "",
    INFO + "METADATA": "Metadata-Version: 2.1\\nName: my-plugin\\nVersion: 1.3.0.dev0\\n",
    INFO + "WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
}
def build_editable(folder, settings=None, metadata=None):
    name = "my_plugin-1.3.0.dev0-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(folder, name), "w") as wheel:
        for file, text in FILES.items():
            wheel.writestr(file, text)
        wheel.writestr(INFO + "RECORD", "".join(f"{it},,\\n" for it in [*FILES, INFO + "RECORD"]))
    return name
`;

Deno.test("what Python compiles of a module by which a checkout is found goes with it", async () => {
  const env = { PYTHONDONTWRITEBYTECODE: "" };
  await using it = await StandInApp.make({ plugins: ["my-plugin"], env });
  const { app } = it;
  const plugin = app.plugin("my-plugin");
  await plugin.commit("backend.py", FINDER);
  await plugin.commit(
    "pyproject.toml",
    '[project]\nname = "my-plugin"\nversion = "1.3.0.dev0"\n' +
      '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n',
  );
  const compiled = async () =>
    (await app.list(join(await it.site(), "__pycache__")).catch(() => []))
      .map((it) => it.replace(/\.cpython-\d+\.pyc$/, ""));
  await it.dev("my-plugin");
  await app.python("import my_plugin_finder");
  assert((await compiled()).includes("my_plugin_finder"));

  (await app.hsm("prod", "my-plugin")).expect({ code: 0 });

  assertEquals((await compiled()).includes("my_plugin_finder"), false);
  await it.assertFresh(/__pycache__(?:\/_virtualenv.*)?$/);
});
