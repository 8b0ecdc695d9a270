import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { sitePackagesOf } from "../../../../../lib/files/site_packages.ts";
import { APP_PYPROJECT, type TestApp, testApp } from "../../../../harness/app.ts";
import { must } from "../../../../harness/program.ts";
import { pluginPyproject, uvProgram } from "../../../../harness/repository.ts";
import { writeWheel } from "../../../../harness/wheel.ts";
import { treeOf } from "../../../../reliability/tree.ts";

/** An app that is installed with plug-a at its pin, which requires base-lib below 2; an index has more. */
class Scene implements AsyncDisposable {
  readonly app: TestApp;
  /** Where distributions are installed. */
  site = "";

  constructor(app: TestApp) {
    this.app = app;
  }

  static async make(env: Readonly<Record<string, string>> = {}): Promise<Scene> {
    const app = await testApp({
      plugins: [{ name: "plug-a", dependencies: ["base-lib<2"], extras: { more: ["base-lib"] } }],
      pyproject: APP_PYPROJECT.replace("[]", '["base-lib"]') + INDEX,
      env: { UV_NO_CONFIG: "0", PYTHONDONTWRITEBYTECODE: "1", ...env },
    });
    const index = join(app.folder, "index");
    await Deno.mkdir(index);
    const wheels = [["base-lib", "1.0"], ["base-lib", "2.0"], ["extra-lib", "1.0", "deep-lib"], [
      "deep-lib",
      "1.0",
    ]] as const;
    for (const [name, version, ...requires] of wheels) {
      const files = { [`${name.replace("-", "_")}.py`]: `VALUE = "${version}"\n` };
      await writeWheel(index, name, version, { requires, files });
    }
    // What uv is asked, a line each.
    const program = `#!/bin/sh\necho "$*" >> "${app.folder}/asked"\nexec "${uvProgram()}" "$@"\n`;
    await Deno.writeTextFile(join(app.folder, "uv"), program, { mode: 0o755 });
    const scene = new Scene(app);
    await scene.hsm("sync");
    await must(["git", "init", "-q"], { cwd: app.root, env: app.env });
    [scene.site = ""] = await sitePackagesOf(join(app.root, ".venv"));
    return scene;
  }

  async hsm(...args: string[]): Promise<void> {
    (await this.run(...args)).expect({ code: 0 });
  }

  run(...args: string[]) {
    return this.app.hsmWith({ HSM_UV: join(this.app.folder, "uv") }, ...args);
  }

  /** Lets plug-a stand in, once it is cloned. */
  async dev(...dependencies: string[]): Promise<void> {
    await this.clone(...dependencies);
    await this.hsm("dev", "plug-a", "--inject", "environment");
  }

  /** Makes a checkout that is another version. */
  async clone(...dependencies: string[]): Promise<void> {
    const argv = ["git", "clone", "-q", this.app.plugin("plug-a").path, "packages/plug-a"];
    await must(argv, { cwd: this.app.root, env: this.app.env });
    await this.require(...dependencies);
  }

  /** Has the checkout require something. */
  async require(...dependencies: string[]): Promise<void> {
    const extras = { more: ["base-lib"] };
    const text = await pluginPyproject({
      name: "plug-a",
      version: "1.1.dev0",
      dependencies,
      extras,
    });
    await this.app.write("packages/plug-a/pyproject.toml", text);
  }

  /** What uv was asked since this was last called, without what it was asked for. */
  async asked(): Promise<readonly string[]> {
    const file = join(this.app.folder, "asked");
    const lines = (await Deno.readTextFile(file)).trim().split("\n");
    await Deno.remove(file);
    return lines.map((it) => /^(?:pip )?[\w-]+/.exec(it)?.[0] ?? "").filter((it) =>
      it !== "--version"
    );
  }

  /** What is installed for the checkouts alone. */
  extras(): readonly string[] {
    return namesIn(join(this.site, "_hsm")).flatMap((key) =>
      namesIn(join(this.site, "_hsm", key)).filter((it) => it.endsWith(".dist-info"))
    );
  }

  /** What Python imports. */
  async versions(...modules: string[]): Promise<string> {
    const code = modules.map((it) => `import ${it}; print(${it}.VALUE)`).join("\n");
    return (await this.app.python(code)).replaceAll("\n", " ");
  }

  /** All that lies in the app. */
  tree(): Record<string, string> {
    return treeOf(
      this.app.root,
      /^(?:\.hsm|\.git|packages|hsm\.local\.yaml|\.venv\/(?:\.lock|CACHEDIR\.TAG))$/,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.app[Symbol.asyncDispose]();
  }
}

const INDEX = `
[[tool.uv.index]]
name = "local"
url = "../index"
format = "flat"
default = true
`;

function namesIn(folder: string): readonly string[] {
  try {
    return [...Deno.readDirSync(folder)].map((it) => it.name).sort();
  } catch {
    return [];
  }
}

Deno.test("what only a checkout needs is installed beside what is locked, and goes with it", async () => {
  await using scene = await Scene.make();
  const before = scene.tree();
  const { app } = scene;
  const stakes = await app.stakes();

  await scene.dev("base-lib>=2", "extra-lib");

  const holds = async (where: string) => {
    assertEquals(
      await scene.versions("plug_a", "base_lib", "extra_lib", "deep_lib"),
      "1.0.0 2.0 1.0 1.0",
      where,
    );
  };
  await holds("dev");
  assertEquals(scene.extras(), [
    "base_lib-2.0.dist-info",
    "deep_lib-1.0.dist-info",
    "extra_lib-1.0.dist-info",
  ]);
  const { "pyproject.toml": pyproject, "uv.lock": lock } = await app.stakes();
  assertEquals([pyproject, lock], [stakes["pyproject.toml"], stakes["uv.lock"]]);
  await must([uvProgram(), "sync", "--locked", "-q"], { cwd: app.root, env: app.env });
  await holds("uv sync");
  await must([uvProgram(), "run", "true"], { cwd: app.root, env: app.env });
  await holds("uv run");

  // What is known is not asked again.
  await scene.asked();
  await scene.hsm("sync");
  assertEquals(await scene.asked(), ["sync"]);
  await scene.require("base-lib>=1", "deep-lib");
  await scene.hsm("sync");
  assertEquals(scene.extras(), ["deep_lib-1.0.dist-info"]);
  assertEquals(await scene.versions("base_lib", "deep_lib"), "1.0 1.0");
  assertEquals(namesIn(join(scene.site, "_hsm")).length, 1);
  await scene.require("base-lib<2");
  await scene.hsm("sync");
  assertEquals(namesIn(join(scene.site, "_hsm")), []);

  await scene.hsm("prod", "plug-a");
  assertEquals(scene.tree(), before);
});

Deno.test("where a checkout's needs cannot be met, nothing is touched, and it is told of packages", async () => {
  await using scene = await Scene.make();
  const before = scene.tree();
  await scene.clone("base-lib>=3");
  const run = await scene.run("dev", "plug-a", "--inject", "environment");
  assertEquals(run.code, 1);
  assertStringIncludes(run.stderr, "No solution found when resolving dependencies");
  assertEquals(run.stderr.slice(run.stderr.indexOf("error: Cannot")), REFUSED);
  assertEquals(scene.tree(), before);
  assertEquals(await scene.app.exists("hsm.local.yaml"), false);

  await scene.require("extra-lib");
  await scene.hsm("dev", "plug-a", "--inject", "environment");
  const standing = scene.tree();
  await scene.require("extra-lib", "base-lib>=3");
  (await scene.run("sync")).expect({ code: 1 });
  assertEquals(scene.tree(), standing);
  assertEquals(await scene.versions("extra_lib"), "1.0");
});

const REFUSED = `error: Cannot sync the app: \`uv lock\` exited with code 1
  cause: plug-a 1.1.dev0 needs base-lib>=3, there is only base-lib<=2.0
  restored: hsm.local.yaml
hint: use a version of base-lib that fits, or another of plug-a
`;

Deno.test("a checkout that is another version than an installed package needs is named", async () => {
  await using scene = await Scene.make();
  const { app } = scene;
  await writeWheel(join(app.folder, "index"), "top-lib", "1.0", { requires: ["plug-a==1.0.0"] });
  const pyproject = await app.read("pyproject.toml");
  await app.write("pyproject.toml", pyproject.replace('"base-lib"', '"base-lib", "top-lib"'));
  await scene.hsm("sync");
  await scene.clone("extra-lib");
  const before = scene.tree();
  const run = await scene.run("dev", "plug-a", "--inject", "environment");
  assertEquals(run.code, 1);
  assertStringIncludes(run.stderr, "no version of plug-a==1.0.0");
  // uv 0.9 names the version as well.
  const said = run.stderr.replace("top-lib 1.0 needs", "top-lib needs");
  assertEquals(said.slice(said.indexOf("error: Cannot")), ANOTHER);
  assertEquals(scene.tree(), before);
});

const ANOTHER = `error: Cannot sync the app: \`uv lock\` exited with code 1
  cause: top-lib needs plug-a==1.0.0, and there is none
  restored: hsm.local.yaml
hint: the checkout packages/plug-a is another version: bring it up to date, with the tags that its version may come from, or leave plug-a in prod mode
`;

Deno.test("a sync that fails after it has installed brings back what checkouts needed before", async () => {
  await using scene = await Scene.make();
  const before = scene.tree();
  const manifest = await scene.app.read("hsm.yaml");
  const failing = `${manifest}verify: ["false"]\n`;
  await scene.clone("extra-lib");
  await scene.app.write("hsm.yaml", failing);
  (await scene.run("dev", "plug-a", "--inject", "environment")).expect({ code: 1 });
  await scene.app.write("hsm.yaml", manifest);
  assertEquals(scene.tree(), before);

  await scene.hsm("dev", "plug-a", "--inject", "environment");
  const standing = scene.tree();
  await scene.app.write("hsm.yaml", failing);
  (await scene.run("prod", "plug-a")).expect({ code: 1 });
  assertEquals(await scene.versions("plug_a", "extra_lib"), "1.0.0 1.0");
  await scene.require("base-lib>=2");
  (await scene.run("sync")).expect({ code: 1 });
  assertEquals(await scene.versions("base_lib", "extra_lib"), "1.0 1.0");
  await scene.require("extra-lib");
  await scene.app.write("hsm.yaml", manifest);
  await scene.hsm("sync");
  assertEquals(scene.tree(), standing);
});

Deno.test("a checkout that needs what its pin needs costs no resolution", async () => {
  await using scene = await Scene.make();
  await scene.asked();
  await scene.dev("base-lib<2");
  assertEquals(await scene.asked(), ["sync", "pip install", "sync"]);
  await scene.hsm("prod", "plug-a");
  assertEquals(await scene.asked(), ["sync"]);
});

Deno.test("a package of the app's own affair, named before it, does not hide what a checkout needs", async () => {
  await using scene = await Scene.make();
  const { app } = scene;
  const manifest = await app.read("hsm.yaml");
  const own = "packages:\n  base-lib: { inject: environment }\n";
  await app.write("hsm.yaml", manifest.replace("packages:\n", own));
  await scene.dev("extra-lib");
  assertEquals(await scene.versions("extra_lib", "base_lib"), "1.0 1.0");
  assertEquals(scene.extras(), ["deep_lib-1.0.dist-info", "extra_lib-1.0.dist-info"]);
});

Deno.test("nothing is said of the app's own scripts, which have nothing to do with what a checkout needs", async () => {
  await using scene = await Scene.make();
  const { app } = scene;
  const scripts = '[project.scripts]\napp = "app:main"\n\n[project.gui-scripts]\nui = "app:main"\n';
  const dependencies = ["base-lib", "plug-a"];
  const pyproject = await pluginPyproject({ name: "app", dependencies, pyproject: scripts });
  await app.write("pyproject.toml", pyproject + INDEX);
  await app.write("src/app/__init__.py", "def main(): pass\n");
  await scene.hsm("sync");
  await scene.clone("extra-lib");
  const pin = (await app.plugin("plug-a").git("rev-parse", "v1.0.0^{}")).trim();
  const run = await scene.run("dev", "plug-a", "--inject", "environment");
  assertEquals(
    run.expect({ code: 0 }).stderr,
    ` + deep-lib==1.0
 + extra-lib==1.0
 - plug-a==1.0.0 (from git+file://[DIR]/remotes/plug-a@${pin})
 + plug-a==1.1.dev0 (from file://[DIR]/app/packages/plug-a)
`,
  );
});

Deno.test("what a killed sync has left of what checkouts need goes with the next", async () => {
  await using scene = await Scene.make();
  await scene.dev("extra-lib");
  const standing = scene.tree();
  const [key = ""] = namesIn(join(scene.site, "_hsm"));
  for (const name of ["new/lib/it.py", "0123456789abcdef/it.py"]) {
    await scene.app.write(join(".venv/lib/python3.11/site-packages/_hsm", name), "");
  }
  await scene.require("extra-lib", "base-lib");
  await scene.hsm("sync");
  assertEquals(namesIn(join(scene.site, "_hsm")).length, 1);
  await scene.require("extra-lib");
  await Deno.remove(join(scene.site, "_hsm", key), { recursive: true }).catch(() => {});
  await scene.hsm("sync");
  assertEquals(scene.tree(), standing);
  // Without the guard nobody knows what it was made from.
  await Deno.remove(join(scene.site, "_hsm.pth"));
  await scene.hsm("sync", "--no-check");
  assertEquals(scene.tree(), standing);
});

Deno.test("what checkouts need depends on the arguments of the sync, and may be a folder beside them", async () => {
  await using scene = await Scene.make();
  const { app } = scene;
  await app.write("packages/helper/src/helper/__init__.py", 'VALUE = "helper"\n');
  await app.write("packages/helper/pyproject.toml", await pluginPyproject({ name: "helper" }));
  await scene.clone();
  const sources = '[tool.uv.sources]\nhelper = { path = "../helper", editable = true }\n';
  const text = await pluginPyproject({
    name: "plug-a",
    version: "1.1.dev0",
    dependencies: ["helper"],
    extras: { more: ["extra-lib"] },
    pyproject: sources,
  });
  await app.write("packages/plug-a/pyproject.toml", text);
  await app.write(
    "pyproject.toml",
    `${await app.read("pyproject.toml")}\n[dependency-groups]\nmore = ["plug-a[more]"]\n`,
  );
  await scene.hsm("dev", "plug-a", "--inject", "environment");
  assertEquals(await scene.versions("helper"), "helper");
  assertEquals(scene.extras(), ["helper-1.0.0.dist-info"]);
  await app.write("packages/helper/src/helper/__init__.py", 'VALUE = "edited"\n');
  assertEquals(await scene.versions("helper"), "edited");
  await scene.hsm("sync", "--", "--group", "more");
  assertEquals(await scene.versions("helper", "extra_lib", "deep_lib"), "edited 1.0 1.0");
  await scene.hsm("sync");
  assertEquals(scene.extras(), ["helper-1.0.0.dist-info"]);
});

Deno.test("hsm sync --locked lets checkouts stand in, and touches nothing where the lock file is out of date", async () => {
  await using scene = await Scene.make();
  const { app } = scene;
  await scene.dev("extra-lib");
  const standing = scene.tree();
  const pyproject = await app.read("pyproject.toml");
  await app.write("pyproject.toml", pyproject.replace("0.1.0", "0.2.0"));
  await scene.require("extra-lib", "base-lib>=2");
  (await scene.run("sync", "--locked")).expect({
    code: 1,
    stderr: `error: Cannot sync the app: the lock file does not match pyproject.toml
  cause: Update app v0.1.0 -> v0.2.0
hint: run \`hsm sync\` and commit what it changes
`,
  });
  await app.write("pyproject.toml", pyproject);
  assertEquals(scene.tree(), standing);

  await Deno.remove(join(app.root, ".venv"), { recursive: true });
  await app.untouched(() => scene.hsm("sync", "--locked"));
  assertEquals(await scene.versions("plug_a", "base_lib", "extra_lib"), "1.0.0 2.0 1.0");
});

Deno.test("what a checkout has from an index of its own comes from there, for one without a pin as well", async () => {
  await using scene = await Scene.make();
  const { app } = scene;
  const index = join(app.folder, "index");
  const module = (value: string) => ({ files: { "mid_lib.py": `VALUE = "${value}"\n` } });
  await writeWheel(index, "top-lib", "1.0", { requires: ["mid-lib"] });
  await writeWheel(index, "mid-lib", "1.0", module("index"));
  // A namesake in the other index is newer.
  await Deno.mkdir(join(app.folder, "own"));
  await writeWheel(join(app.folder, "own"), "own-lib", "1.0", {
    files: { "own_lib.py": 'VALUE = "own"\n' },
  });
  await writeWheel(index, "own-lib", "2.0", { files: { "own_lib.py": 'VALUE = "namesake"\n' } });
  const pyproject = (await app.read("pyproject.toml")).replace(
    '"base-lib"',
    '"base-lib", "top-lib"',
  );
  await app.write("pyproject.toml", pyproject);
  await app.write(
    "hsm.yaml",
    `${await app.read(
      "hsm.yaml",
    )}  mid-lib: { mode: dev, inject: environment, path: packages/mid-lib }\n`,
  );
  const sources = `
[tool.uv.sources]
own-lib = { index = "own" }

[[tool.uv.index]]
name = "own"
url = "${join(app.folder, "own")}"
format = "flat"
explicit = true
`;
  const text = await pluginPyproject({
    name: "mid-lib",
    version: "1.1",
    dependencies: ["own-lib"],
    pyproject: sources,
  });
  await app.write("packages/mid-lib/pyproject.toml", text);
  await app.write("packages/mid-lib/src/mid_lib/__init__.py", 'VALUE = "checkout"\n');
  await must(["git", "init", "-q"], { cwd: join(app.root, "packages/mid-lib"), env: app.env });
  await scene.hsm("sync");
  assertEquals(await scene.versions("mid_lib", "own_lib"), "checkout own");
  assertEquals((await app.read("pyproject.toml")).includes("mid-lib"), false);
  assertEquals(scene.extras(), ["own_lib-1.0.dist-info"]);
});

Deno.test("a checkout in the place of a workspace member has what it needs, and no other member's", async () => {
  await using scene = await Scene.make();
  const { app } = scene;
  const member = async (name: string, folder: string, value: string, ...dependencies: string[]) => {
    await app.write(`${folder}/pyproject.toml`, await pluginPyproject({ name, dependencies }));
    await app.write(`${folder}/src/${name.replace("-", "_")}/__init__.py`, `VALUE = "${value}"\n`);
  };
  await member("member-a", "members/member-a", "member");
  await member("member-b", "members/member-b", "member", "deep-lib");
  await member("member-a", "packages/member-a", "checkout", "extra-lib", "base-lib>=2");
  const pyproject = APP_PYPROJECT.replace("[]", '["base-lib", "member-a"]') + INDEX;
  await app.write(
    "pyproject.toml",
    `${pyproject}
[tool.uv.sources]
member-a = { workspace = true }

[tool.uv.workspace]
members = ["members/*"]
`,
  );
  await app.write(
    "hsm.yaml",
    "packages:\n  member-a: { mode: dev, inject: environment, path: packages/member-a }\n",
  );
  await must(["git", "init", "-q"], { cwd: join(app.root, "packages/member-a"), env: app.env });
  await scene.hsm("sync");
  const before = await app.texts();
  assertEquals(await scene.versions("member_a", "base_lib"), "checkout 2.0");
  const needed = ["base_lib-2.0.dist-info", "deep_lib-1.0.dist-info", "extra_lib-1.0.dist-info"];
  assertEquals(scene.extras(), needed);
  await member("member-a", "packages/member-a", "checkout", "base-lib>=2");
  await scene.hsm("sync", "--", "--all-groups");
  assertEquals(scene.extras(), needed.slice(0, 1));
  assertEquals(await app.texts(), before);
});

Deno.test("a checkout that only another one needs is imported from where it is, and a prod package from its pin", async () => {
  await using app = await testApp({
    plugins: ["plug-a", "plug-b", "plug-c"],
    manifest: `git: {remotes}/{name}
packages:
  plug-a: v1.0.0
  plug-b: { tag: v1.0.0, require: false }
  plug-c: { tag: v1.0.0, require: false }
`,
  });
  (await app.hsm("sync")).expect({ code: 0 });
  for (const name of ["plug-a", "plug-b"]) {
    const argv = ["git", "clone", "-q", app.plugin(name).path, `packages/${name}`];
    await must(argv, { cwd: app.root, env: app.env });
  }
  const needs = { name: "plug-a", version: "1.1", dependencies: ["plug-b", "plug-c"] };
  await app.write("packages/plug-a/pyproject.toml", await pluginPyproject(needs));
  const stakes = await app.texts();
  (await app.hsm("dev", "plug-a", "plug-b", "--inject", "environment")).expect({ code: 0 });
  await app.write("packages/plug-b/src/plug_b/__init__.py", 'VALUE = "edited"\n');
  const code = "import plug_a, plug_b, plug_c; print(plug_a.VALUE, plug_b.VALUE, plug_c.VALUE)";
  assertEquals(await app.python(code), "1.0.0 edited 1.0.0");
  const { "uv.lock": lock, "pyproject.toml": pyproject } = await app.texts();
  assertEquals([lock, pyproject], [stakes["uv.lock"], stakes["pyproject.toml"]]);
});
