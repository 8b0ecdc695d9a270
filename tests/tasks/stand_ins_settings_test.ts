import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { APP_PYPROJECT } from "../harness/app.ts";
import { uvProgram } from "../harness/repository.ts";
import { StandInApp } from "../harness/stand_ins.ts";
import { writeWheel } from "../harness/wheel.ts";

/** Settings that say which packages are chosen, or where `uv pip` installs them and how. */
const SETTINGS: readonly string[] = [
  'constraint-dependencies = ["my-plugin==1.0.0"]\n',
  'override-dependencies = ["my-plugin==1.0.0"]\n',
  '[tool.uv.pip]\ntarget = "elsewhere"\n',
  '[tool.uv.pip]\nprefix = "elsewhere"\nrequire-hashes = true\n',
];

/** An app with settings of uv's, in pyproject.toml or a file of their own. */
function withSettings(
  text: string,
  file: "pyproject.toml" | "uv.toml",
  prepare?: (it: StandInApp) => Promise<unknown>,
): Promise<StandInApp> {
  const own = text.replace("[tool.uv.pip]", "[pip]");
  const options = {
    plugins: ["my-plugin"],
    env: { UV_NO_CONFIG: "0" },
    pyproject: file === "uv.toml" ? APP_PYPROJECT : `${APP_PYPROJECT}\n[tool.uv]\n${text}`,
    files: file === "uv.toml" ? { "uv.toml": own } : {},
  };
  return StandInApp.make(options, prepare);
}

for (const file of ["pyproject.toml", "uv.toml"] as const) {
  Deno.test(`a checkout stands in whatever ${file} says of the packages that uv may choose, and of uv pip`, async () => {
    for (const text of SETTINGS) {
      await using it = await withSettings(text, file);
      await it.dev("my-plugin");
      await it.assertStanding("my-plugin", text);
      await it.assertClean(text);
      assertEquals(await it.app.exists("elsewhere"), false, text);
      (await it.app.hsm("prod", "my-plugin")).expect({ code: 0 });
      await it.assertFresh();
    }
  });
}

Deno.test("a checkout stands in whatever the environment's variables say of the packages that uv pip may choose", async () => {
  await using it = await StandInApp.make();
  const { app } = it;
  for (const variable of ["UV_CONSTRAINT", "UV_OVERRIDE", "UV_EXCLUDE"]) {
    const file = join(app.folder, variable);
    await Deno.writeTextFile(
      file,
      variable === "UV_EXCLUDE" ? "my-plugin\n" : "my-plugin==1.0.0\n",
    );
    const env = { [variable]: file, UV_REQUIRE_HASHES: "1" };
    (await app.hsmWith(env, "dev", "my-plugin", "--inject", "environment", "--yes")).expect({
      code: 0,
    });
    await it.assertStanding("my-plugin", variable);
    (await app.hsmWith(env, "prod", "my-plugin")).expect({ code: 0 });
    await it.assertFresh();
  }
});

Deno.test("a checkout is built with the settings of the app, wherever these say that packages are", async () => {
  await using it = await withSettings('config-settings = { said = "yes" }\n', "pyproject.toml");
  const { app } = it;
  await app.plugin("my-plugin").commit(
    "backend.py",
    `import pathlib, zipfile
INFO = "my_plugin-1.3.0.dev0.dist-info/"
FILES = {
    INFO + "METADATA": "Metadata-Version: 2.1\\nName: my-plugin\\nVersion: 1.3.0.dev0\\n",
    INFO + "WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
}
def build_editable(folder, settings=None, metadata=None):
    name = "my_plugin-1.3.0.dev0-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(folder, name), "w") as wheel:
        for file, text in {"said.py": f"SAID = {settings}\\n", **FILES}.items():
            wheel.writestr(file, text)
        wheel.writestr(INFO + "RECORD", "".join(f"{file},,\\n" for file in [*FILES, INFO + "RECORD", "said.py"]))
    return name
`,
  );
  await app.plugin("my-plugin").commit(
    "pyproject.toml",
    '[project]\nname = "my-plugin"\nversion = "1.3.0.dev0"\n' +
      '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n',
  );
  await it.dev("my-plugin");
  assertEquals(await app.python("import said; print(said.SAID)"), "{'said': 'yes'}");
});

Deno.test("a uv that does not install a checkout where it is told to is noticed, and nothing is given its mark", async () => {
  await using it = await StandInApp.make();
  const { app } = it;
  const program = join(app.folder, "other-uv");
  await Deno.writeTextFile(
    program,
    `#!/bin/sh\n[ "$1" = pip ] && exit 0\nexec '${uvProgram()}' "$@"\n`,
    { mode: 0o755 },
  );
  const env = { HSM_UV: program };
  const run = await app.hsmWith(env, "dev", "my-plugin", "--inject", "environment", "--yes");
  run.expect({
    code: 1,
    stdout: "",
    stderr:
      /\nerror: Cannot let packages\/my-plugin stand in for my-plugin: uv [\d.]+ has not installed it\n/,
  });
  assertEquals(await it.imported("my-plugin"), "1.0.0 1.0.0");
  await it.assertClean();
  await it.assertFresh();
});

Deno.test("what only a checkout needs is found where uv.toml says, relative to itself", async () => {
  const index = '[[index]]\nname = "local"\nurl = "../index"\nformat = "flat"\ndefault = true\n';
  await using it = await withSettings(index, "uv.toml", async ({ app }) => {
    await Deno.mkdir(join(app.folder, "index"));
    const files = { "helper.py": 'VALUE = "helps"\n' };
    await writeWheel(join(app.folder, "index"), "helper", "1.0.0", { files });
  });
  const { app } = it;
  const plugin = app.plugin("my-plugin");
  const text = await Deno.readTextFile(join(plugin.path, "pyproject.toml"));
  await plugin.commit(
    "pyproject.toml",
    text.replace("dependencies = []", 'dependencies = ["helper"]'),
  );
  await it.dev("my-plugin");
  assertEquals(await app.python("import helper; print(helper.VALUE)"), "helps");
  await it.assertClean();
});
