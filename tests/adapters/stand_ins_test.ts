/**
 * Checkouts of every build backend stand in: how an editable install finds its modules differs.
 *
 * @module
 */

import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { APP_PYPROJECT, type TestApp } from "../harness/app.ts";
import { backendIndex } from "../harness/backends.ts";
import { ALL } from "../harness/managers.ts";
import { must } from "../harness/program.ts";
import { Repository } from "../harness/repository.ts";
import { AHEAD, aheadModule, StandInApp } from "../harness/stand_ins.ts";

/** A way of building, and of finding what is editable. */
interface Style {
  /** Its name, and that of the package. */
  readonly name: string;
  /** More of its pyproject.toml. */
  readonly pyproject: string;
  /** The folder of its modules. */
  readonly sources: string;
  /** More files. */
  readonly files?: Readonly<Record<string, string>>;
  /** More of the app's pyproject.toml. */
  readonly app?: string;
  /** What its `.pth` file says; a folder the guard can put first, a finder it cannot. */
  readonly pth: RegExp;
}

const SETUPTOOLS =
  '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n';

const STYLES: readonly Style[] = [
  {
    name: "plug-hatchling",
    pyproject: '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n',
    sources: "src",
    pth: /^\/.*\/src\s*$/,
  },
  { name: "plug-setuptools", pyproject: SETUPTOOLS, sources: "src", pth: /^\/.*\/src\s*$/ },
  {
    // Where folders have other names than packages, setuptools has a finder look for them.
    name: "plug-finder",
    pyproject:
      `${SETUPTOOLS}\n[tool.setuptools]\npackages = ["plug_finder"]\npackage-dir = { plug_finder = "lib/code" }\n`,
    sources: "lib/code",
    pth: /^import __editable___plug_finder/,
  },
  {
    name: "plug-strict",
    pyproject: SETUPTOOLS,
    sources: "src",
    app: '\n[tool.uv]\nconfig-settings = { editable_mode = "strict" }\n',
    pth: /^\/.*\/build\/__editable__/,
  },
  {
    name: "plug-compiled",
    pyproject: `${SETUPTOOLS}
[[tool.setuptools.ext-modules]]
name = "plug_compiled.fast"
sources = ["src/plug_compiled/fast.c"]
`,
    sources: "src",
    files: {
      "src/plug_compiled/fast.c": `#include <Python.h>
static PyModuleDef module = {PyModuleDef_HEAD_INIT, "fast", NULL, -1, NULL};
PyMODINIT_FUNC PyInit_fast(void) {
  PyObject *it = PyModule_Create(&module);
  if (it) PyModule_AddStringConstant(it, "VALUE", "compiled");
  return it;
}
`,
    },
    pth: /^\/.*\/src\s*$/,
  },
];

/** Writes a version of a package, and commits it. */
async function release(
  repository: Repository,
  { name, pyproject, sources, files = {} }: Style,
  version: string,
): Promise<void> {
  const module = name.replaceAll("-", "_");
  const folder = sources === "src" ? `src/${module}` : sources;
  const isAhead = version === AHEAD;
  const scripts = `[project.scripts]\n${name}-command = "${module}:main"\n\n` +
    `[project.entry-points.commands]\n${name} = "${module}:main"\n\n`;
  if (!isAhead) { for (const it of Object.entries(files)) await repository.commit(...it); }
  await repository.commit(
    `${folder}/__init__.py`,
    isAhead ? aheadModule() : `VALUE = "${version}"\n`,
  );
  const project = `[project]\nname = "${name}"\nversion = "${version}"\n\n`;
  await repository.commit(
    "pyproject.toml",
    `${project}${isAhead ? scripts : ""}${pyproject}`,
    isAhead ? undefined : `v${version}`,
  );
}

/** Makes the repository of a package that is ahead of its release. */
async function makeStyle(app: TestApp, style: Style): Promise<void> {
  const path = join(app.folder, "remotes", style.name);
  await Deno.mkdir(path, { recursive: true });
  const repository = new Repository(path, app.env);
  await repository.git("init", "-q", "-b", "main");
  await release(repository, style, "1.0.0");
  await release(repository, style, AHEAD);
  app.plugins.set(style.name, repository);
}

for (const style of STYLES) {
  const { name, pth } = style;
  Deno.test({
    name: `a checkout stands in that is built as ${name} is`,
    // What builds it comes from PyPI.
    ignore: !ALL,
    fn: async () => {
      const options = {
        manifest: `git: {remotes}/{name}\npackages:\n  ${name}: v1.0.0\n`,
        pyproject: APP_PYPROJECT + await backendIndex() + (style.app ?? ""),
        env: { UV_NO_CONFIG: "0" },
      };
      await using it = await StandInApp.make(options, ({ app }) => makeStyle(app, style));
      const { app } = it;
      await it.dev(name);
      await it.assertStanding(name, "dev");
      const [file = ""] = await it.installed(/plug.*\.pth$/);
      assertMatch(await Deno.readTextFile(join(await it.site(), file)), pth);
      await it.assertClean();
      for (const command of ["sync", "sync --locked", "run true", "pip check"]) {
        await it.uv(...command.split(" "));
        await it.assertStanding(name, `uv ${command}`);
      }
      assertMatch((await it.uv("sync", "--locked", "--dry-run")).stderr, /Would make no changes/);
      assertEquals(await it.agrees(), true);
      if (style.files !== undefined) {
        assertEquals(
          await app.python("import plug_compiled.fast as it; print(it.VALUE)"),
          "compiled",
        );
      }
      const python = [
        ".venv/bin/python",
        "-c",
        `import ${name.replace("-", "_")} as it; print(it.VALUE)`,
      ];
      await it.uv("sync", "--reinstall-package", name);
      assertEquals(
        await must(python, { cwd: app.root, env: app.env }),
        `${pth.source.startsWith("^import") ? "1.0.0" : AHEAD}\n`,
      );
      assertEquals(await it.status(), { [name]: ["environment"] });
      (await app.hsm("sync")).expect({ code: 0 });
      await it.assertStanding(name, "hsm sync");
      (await app.hsm("prod", name)).expect({ code: 0 });
      await it.assertFresh(/\.so$|RECORD$/);
      await it.assertClean();
    },
  });
}
