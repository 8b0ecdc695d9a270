import { assertEquals, assertRejects } from "@std/assert";
import { dirname, join } from "@std/path";
import type { AdapterContext } from "../../../../../lib/adapters/adapter.ts";
import type { StandIn } from "../../../../../lib/adapters/stand_in.ts";
import { readLock } from "../../../../../lib/adapters/uv/lock.ts";
import { findStanding } from "../../../../../lib/adapters/uv/stand_ins/find.ts";
import { syncStandIns } from "../../../../../lib/adapters/uv/stand_ins/sync.ts";
import { createTell } from "../../../../../lib/events/tell.ts";
import { sitePackagesOf } from "../../../../../lib/files/site_packages.ts";
import type { RunResult } from "../../../../../lib/process/run.ts";
import { APP_PYPROJECT, type AppOptions, type TestApp, testApp } from "../../../../harness/app.ts";
import { must } from "../../../../harness/program.ts";
import { pluginPyproject, uvProgram } from "../../../../harness/repository.ts";
import { writeWheel } from "../../../../harness/wheel.ts";
import { treeOf } from "../../../../reliability/tree.ts";

/** An app that is installed with its plugins at their pins, and their checkouts, which are another version. */
class Scene implements AsyncDisposable {
  readonly app: TestApp;
  readonly env: Readonly<Record<string, string>>;
  /** Where distributions are installed. */
  site = "";

  constructor(app: TestApp) {
    this.app = app;
    this.env = { ...Deno.env.toObject(), ...app.env, PYTHONDONTWRITEBYTECODE: "1" };
  }

  /** `prepare`: what is done before it is installed. */
  static async make(
    options: AppOptions,
    prepare?: (app: TestApp) => Promise<void>,
  ): Promise<Scene> {
    const scene = new Scene(await testApp(options));
    await prepare?.(scene.app);
    (await scene.app.hsm("sync")).expect({ code: 0 });
    [scene.site = ""] = await sitePackagesOf(join(scene.app.root, ".venv"));
    return scene;
  }

  /** Makes a checkout with a script that no pin has. */
  async checkout(name: string, { folder = "", version = "1.3.0.dev0" } = {}): Promise<StandIn> {
    const path = join(this.app.folder, "checkouts", name);
    if (this.app.plugins.has(name)) {
      await must(["git", "clone", "-q", this.app.plugin(name).path, path], this.#place);
    }
    return await this.write(name, join(path, folder), version);
  }

  /** Writes a distribution that is another version of a package. */
  async write(name: string, folder: string, version = "1.3.0.dev0"): Promise<StandIn> {
    const module = name.replaceAll("-", "_");
    const source = join(folder, `src/${module}/__init__.py`);
    const text = `VALUE = "${version}"\ndef main(): print("run", VALUE)\n`;
    await Deno.mkdir(dirname(source), { recursive: true });
    await Deno.writeTextFile(source, text);
    const pyproject = `[project.scripts]\n${name}-command = "${module}:main"\n`;
    const project = await pluginPyproject({ name, version, pyproject });
    await Deno.writeTextFile(join(folder, "pyproject.toml"), project);
    return { key: name, folder: await Deno.realPath(folder) };
  }

  /** Syncs with checkouts. */
  async sync(standIns: readonly StandIn[], ...args: string[]): Promise<RunResult> {
    const { root } = this.app;
    const signal = new AbortController().signal;
    const context: AdapterContext = {
      root,
      env: this.env,
      environment: undefined,
      signal,
      tell: createTell(),
    };
    const how = { standIns, args: ["sync", "--locked", ...args], extras: undefined };
    const result = await syncStandIns(context, how);
    assertEquals(result.success, true, result.stderr);
    return result;
  }

  /** How they stand. */
  async states(...standIns: StandIn[]): Promise<readonly string[]> {
    const locked = readLock(await this.app.read("uv.lock")) ?? [];
    return (await findStanding(this.site, standIns, locked)).map((it) => it.state);
  }

  /** Runs uv in the app. */
  async uv(...args: string[]): Promise<string> {
    return await must([uvProgram(), ...args], this.#place);
  }

  /** What Python imports of a package, and the version that its metadata has. */
  async imported(name: string): Promise<string> {
    const code = `import ${name.replaceAll("-", "_")} as it, importlib.metadata as metadata; ` +
      `print(it.VALUE, metadata.version("${name}"))`;
    return (await must([join(this.app.root, ".venv/bin/python"), "-c", code], this.#place)).trim();
  }

  /** What a script in the environment prints. */
  async script(name: string): Promise<string> {
    return (await must([join(this.app.root, ".venv/bin", name)], this.#place)).trim();
  }

  /** All that lies in the environment, and in the app beside it. */
  tree(): Record<string, string> {
    return treeOf(this.app.root, /^(?:\.hsm|\.venv\/(?:\.lock|CACHEDIR\.TAG))$/);
  }

  /** The names of what is installed, and of what HSM put beside it. */
  installed(): readonly string[] {
    return [...Deno.readDirSync(this.site)].map((it) => it.name)
      .filter((it) => /plug|_hsm/.test(it)).sort();
  }

  get #place() {
    return { cwd: this.app.root, env: this.env };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.app[Symbol.asyncDispose]();
  }
}

/** What a uv command prints that finds nothing to do. */
const NOTHING = /Would make no changes/;

Deno.test("uv: a checkout stands in for a tag, whatever uv does beside it, and leaves without a trace", async () => {
  await using scene = await Scene.make({ plugins: ["my-plugin"] });
  const before = scene.tree();
  const direct = join(scene.site, "my_plugin-1.0.0.dist-info/direct_url.json");
  const written = await Deno.readTextFile(direct);
  const standIn = await scene.checkout("my-plugin");
  assertEquals(await scene.states(standIn), ["missing"]);

  await scene.sync([standIn]);

  const holds = async (where: string) => {
    assertEquals(await scene.imported("my-plugin"), "1.3.0.dev0 1.3.0.dev0", where);
    assertEquals(await scene.script("my-plugin-command"), "run 1.3.0.dev0", where);
    assertEquals(await scene.states(standIn), ["ok"], where);
  };
  await holds("sync");
  assertEquals(await Deno.readTextFile(direct), written);
  assertEquals(scene.installed(), ["_hsm.pth", "my_plugin-1.0.0.dist-info", "my_plugin.pth"]);
  const syncs = [
    ["--locked", "--inexact"],
    ["--locked", "--refresh"],
    ["-U"],
    ["--no-editable"],
    ["--frozen", "--no-install-project"],
  ];
  for (const args of [[], ...syncs]) {
    await scene.uv("sync", ...args);
    await holds(`uv sync ${args.join(" ")}`);
  }
  for (const args of [["run"], ["run", "--exact"]]) {
    await scene.uv(...args, "python", "-c", "import my_plugin");
    await holds(`uv ${args.join(" ")}`);
  }
  await scene.uv("pip", "check");
  const dry = await new Deno.Command(uvProgram(), {
    args: ["sync", "--locked", "--dry-run"],
    cwd: scene.app.root,
    env: scene.env,
  }).output();
  assertEquals(NOTHING.test(new TextDecoder().decode(dry.stderr)), true);

  await scene.sync([]);

  assertEquals(scene.tree(), before);
});

Deno.test("uv: what undoes a stand-in is seen, guarded against, and mended by the next sync", async () => {
  await using scene = await Scene.make({ plugins: ["my-plugin"] });
  const standIn = await scene.checkout("my-plugin");
  await scene.sync([standIn]);

  await scene.uv("sync", "--reinstall-package", "my-plugin");
  assertEquals(await scene.states(standIn), ["missing"]);
  // The guard keeps the code, and cannot keep the metadata.
  assertEquals(await scene.imported("my-plugin"), "1.3.0.dev0 1.0.0");
  await scene.sync([standIn]);
  assertEquals(await scene.imported("my-plugin"), "1.3.0.dev0 1.3.0.dev0");

  await scene.sync([standIn], "--reinstall");
  assertEquals(await scene.states(standIn), ["ok"]);

  await scene.write("my-plugin", standIn.folder, "1.4.0");
  assertEquals(await scene.states(standIn), ["stale-metadata"]);
  await scene.sync([standIn]);
  assertEquals(await scene.imported("my-plugin"), "1.4.0 1.4.0");

  await scene.uv("venv", "--clear", "--quiet");
  assertEquals(await scene.states(standIn), ["missing"]);
  await scene.sync([standIn]);
  assertEquals(await scene.states(standIn), ["ok"]);
  assertEquals(await scene.imported("my-plugin"), "1.4.0 1.4.0");

  await scene.app.plugin("my-plugin").release({ name: "my-plugin", version: "1.1.0" });
  const manifest = (await scene.app.read("hsm.yaml")).replace("v1.0.0", "v1.1.0");
  await scene.app.write("hsm.yaml", manifest);
  (await scene.app.hsm("inject")).expect({ code: 0 });
  await scene.uv("lock", "--quiet");
  assertEquals(await scene.states(standIn), ["stale-pin"]);
  await scene.uv("sync", "--quiet");
  assertEquals(await scene.imported("my-plugin"), "1.4.0 1.1.0");
  await scene.sync([standIn]);
  assertEquals(await scene.states(standIn), ["ok"]);
  assertEquals(scene.installed(), ["_hsm.pth", "my_plugin-1.1.0.dist-info", "my_plugin.pth"]);

  await scene.uv("pip", "install", "--quiet", "--no-deps", "-e", standIn.folder);
  assertEquals(await scene.states(standIn), ["foreign"]);
  await scene.sync([standIn]);
  assertEquals(await scene.states(standIn), ["ok"]);

  await scene.uv("pip", "uninstall", "--quiet", "my-plugin");
  assertEquals(scene.installed(), ["_hsm.pth"]);
  const python = [join(scene.app.root, ".venv/bin/python"), "-c", "import sys; print(sys.path)"];
  const path = await must(python, { cwd: scene.app.root });
  assertEquals(path.includes("checkouts"), false);
});

Deno.test("uv: checkouts stand in for a branch, a commit, a folder of a repository, and one that only another needs", async () => {
  const plugins = [
    { name: "plug-branch" },
    { name: "plug-rev" },
    { name: "plug-folder", folder: "libs/it" },
    { name: "plug-needs", dependencies: ["plug-needed"] },
    { name: "plug-needed" },
  ];
  const packages = (rev: string) =>
    `git: {remotes}/{name}
packages:
  plug-branch: { branch: main }
  plug-rev: { rev: ${rev} }
  plug-folder: { tag: v1.0.0, subdirectory: libs/it }
  plug-needs: v1.0.0
  plug-needed: { tag: v1.0.0, require: false }
`;
  await using scene = await Scene.make({ plugins }, async (app) => {
    const rev = await app.plugin("plug-rev").git("rev-parse", "HEAD");
    await app.write("hsm.yaml", packages(rev.trim().slice(0, 12)));
  });
  const before = scene.tree();
  const names = ["plug-branch", "plug-rev", "plug-folder", "plug-needed"];
  const standIns: StandIn[] = [];
  for (const name of names) {
    standIns.push(await scene.checkout(name, name === "plug-folder" ? { folder: "libs/it" } : {}));
  }
  const urls = () =>
    names.map((name) =>
      Deno.readTextFileSync(
        join(scene.site, `${name.replace("-", "_")}-1.0.0.dist-info/direct_url.json`),
      )
    );
  const written = urls();

  await scene.sync(standIns);

  assertEquals(await scene.states(...standIns), names.map(() => "ok"));
  assertEquals(urls(), written);
  for (const name of names) assertEquals(await scene.imported(name), "1.3.0.dev0 1.3.0.dev0");
  assertEquals(await scene.imported("plug-needs"), "1.0.0 1.0.0");
  // One of them leaves.
  await scene.sync(standIns.slice(1));
  assertEquals(await scene.imported("plug-branch"), "1.0.0 1.0.0");
  assertEquals(await scene.imported("plug-rev"), "1.3.0.dev0 1.3.0.dev0");
  await scene.sync([]);
  assertEquals(scene.tree(), before);
});

Deno.test("uv: a checkout stands in for what comes from an index, a folder, or the app's own workspace", async () => {
  const pyproject = APP_PYPROJECT.replace("[]", '["plug-index", "plug-path", "plug-member"]') + `
[tool.uv.sources]
plug-path = { path = "own/plug-path", editable = true }
plug-member = { workspace = true }

[tool.uv.workspace]
members = ["members/*"]

[[tool.uv.index]]
name = "local"
url = "../index"
format = "flat"
default = true
`;
  const options = { manifest: "packages: {}\n", pyproject, env: { UV_NO_CONFIG: "0" } };
  await using scene = await Scene.make(options, async (app) => {
    await Deno.mkdir(join(app.folder, "index"));
    await writeWheel(join(app.folder, "index"), "plug-index", "1.0.0");
    for (const [name, folder] of Object.entries(OWN)) {
      await app.write(`${folder}/src/${name.replace("-", "_")}/__init__.py`, 'VALUE = "1.0.0"\n');
      await app.write(`${folder}/pyproject.toml`, await pluginPyproject({ name }));
    }
  });
  const names = ["plug-index", ...Object.keys(OWN)];
  const standIns: StandIn[] = [];
  for (const name of names) standIns.push(await scene.checkout(name));
  const before = scene.tree();

  await scene.sync(standIns);

  const holds = async (where: string) => {
    assertEquals(await scene.states(...standIns), ["ok", "ok", "ok"], where);
    for (const name of names) assertEquals(await scene.imported(name), "1.3.0.dev0 1.3.0.dev0");
  };
  await holds("sync");
  for (const args of [["sync"], ["sync", "--inexact"], ["run", "true"]]) {
    await scene.uv(...args);
    await holds(`uv ${args.join(" ")}`);
  }
  // Who edits the member itself has uv install it anew.
  const member = "members/plug-member/pyproject.toml";
  const text = await scene.app.read(member);
  await scene.app.write(member, `${text}\n[project.urls]\nHomepage = "https://example.com"\n`);
  await scene.uv("sync");
  assertEquals(await scene.states(...standIns), ["ok", "ok", "missing"]);
  await scene.sync(standIns);
  await holds("the next sync");
  await scene.app.write(member, text);

  await scene.sync([]);
  const after = scene.tree();
  // When what was changed in a folder, uv notes there.
  const isNoted = (path: string) => /\/(?:uv_cache\.json|RECORD)$/.test(path);
  const plain = (tree: Record<string, string>) =>
    Object.fromEntries(Object.entries(tree).filter(([path]) => !isNoted(path)));
  assertEquals(plain(after), plain(before));
});

/** The folders of packages of the app's own. */
const OWN = { "plug-path": "own/plug-path", "plug-member": "members/plug-member" };

Deno.test("uv: where a checkout cannot be built, all stays installed as it was", async () => {
  await using scene = await Scene.make({ plugins: ["plug-a", "plug-b"] });
  const before = scene.tree();
  const standIns = [await scene.checkout("plug-a"), await scene.checkout("plug-b")];
  await Deno.remove(join(standIns[1]!.folder, "src"), { recursive: true });
  await assertRejects(() => scene.sync(standIns), Error, "Expected a Python module at");
  const { ".venv/lib/python3.11/site-packages/_hsm.pth": _, ...after } = scene.tree();
  assertEquals(after, before);
  assertEquals(await scene.imported("plug-a"), "1.0.0 1.0.0");
  await scene.sync([]);
  assertEquals(scene.tree(), before);
});
