/**
 * An app in a git repository, whose packages' checkouts are to stand in for their pins.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { dirname, join } from "@std/path";
import { sitePackagesOf } from "../../lib/files/site_packages.ts";
import { treeOf } from "../reliability/tree.ts";
import { type AppOptions, type TestApp, testApp } from "./app.ts";
import { must, type Run, start } from "./program.ts";
import { type PluginOptions, pluginPyproject, uvProgram } from "./repository.ts";

/** What the default branch of a plugin has, after its release: no pin is that. */
export const AHEAD = "1.3.0.dev0";

/** What a plugin is ahead of its pin with: a script and an entry point that the pin lacks. */
export function aheadPyproject(
  { name, version = AHEAD, pyproject = "", ...rest }: PluginOptions,
): Promise<string> {
  const module = moduleOf(name);
  const scripts = `[project.scripts]\n${name}-command = "${module}:main"\n\n` +
    `[project.entry-points.commands]\n${name} = "${module}:main"\n`;
  return pluginPyproject({ ...rest, name, version, pyproject: scripts + pyproject });
}

/** The module of a plugin that is ahead. */
export function aheadModule(version = AHEAD): string {
  return `VALUE = "${version}"\ndef main(): print("run", VALUE)\n`;
}

/** The name that a distribution is imported by. */
export function moduleOf(name: string): string {
  return name.toLowerCase().replace(/[-.]/g, "_");
}

/** An app that is committed and in sync. */
export class StandInApp implements AsyncDisposable {
  /** The app. */
  readonly app: TestApp;

  private constructor(app: TestApp) {
    this.app = app;
  }

  /**
   * Makes the app, with each plugin ahead of its release, and everything committed.
   *
   * @param prepare What is done before the first sync.
   */
  static async make(
    options: AppOptions = { plugins: ["my-plugin"] },
    prepare?: (it: StandInApp) => Promise<unknown>,
  ): Promise<StandInApp> {
    const env = { PYTHONDONTWRITEBYTECODE: "1", ...options.env };
    const it = new StandInApp(await testApp({ ...options, env }));
    for (const plugin of options.plugins ?? []) {
      await it.advance(typeof plugin === "string" ? { name: plugin } : plugin);
    }
    await prepare?.(it);
    (await it.app.hsm("sync", "--yes")).expect({ code: 0 });
    await it.app.git(".", "init", "-q", "-b", "main");
    await it.commit("Begin");
    return it;
  }

  /** Commits to the default branch of a plugin what no release has. */
  async advance(plugin: PluginOptions): Promise<void> {
    const { name, folder = "" } = plugin;
    const repository = this.app.plugin(name);
    const at = (path: string) => join(folder, path);
    await repository.commit(at(`src/${moduleOf(name)}/__init__.py`), aheadModule());
    await repository.commit(
      at("pyproject.toml"),
      await aheadPyproject({ ...plugin, version: AHEAD }),
    );
  }

  /** Gives a plugin another release beside its default branch, which stays ahead of it. */
  async release(name: string, version: string): Promise<void> {
    const plugin = this.app.plugin(name);
    await plugin.git("checkout", "-q", "v1.0.0");
    await plugin.release({ name, version });
    await plugin.git("checkout", "-q", "main");
  }

  /** Commits all of the app. */
  async commit(message: string): Promise<void> {
    await this.app.git(".", "add", "-A");
    await this.app.git(".", "commit", "-q", "-m", message);
  }

  /** Lets the checkouts of packages stand in for them. */
  async dev(...args: string[]): Promise<Run> {
    return (await this.app.hsm("dev", ...args, "--inject", "environment", "--yes")).expect({
      code: 0,
    });
  }

  /** Runs uv in the app; it must succeed. */
  async uv(...args: string[]): Promise<Run> {
    return (await this.tryUv(...args)).expect({ code: 0 });
  }

  /** Runs uv in the app. */
  tryUv(...args: string[]): Promise<Run> {
    return start([uvProgram(), ...args], { cwd: this.app.root, env: this.app.env }).ended;
  }

  /** What is imported of a package, the version that its metadata has, and its entry points. */
  async imported(name: string): Promise<string> {
    const code = `import ${moduleOf(name)} as it, importlib.metadata as m; ` +
      `d = m.distribution("${name}"); print(it.VALUE, d.version, *sorted(e.name for e in d.entry_points))`;
    const { root, env } = this.app;
    const python = join(root, this.environment, "bin/python");
    return (await must([python, "-c", code], { cwd: root, env })).trim();
  }

  /** Asserts that the checkout of a package is what runs: code, metadata, entry points and script. */
  async assertStanding(name: string, where = "", version = AHEAD): Promise<void> {
    const expected = `${version} ${version} ${name} ${name}-command`;
    assertEquals(await this.imported(name), expected, where);
    const script = join(this.app.root, this.environment, "bin", `${name}-command`);
    const said = await must([script], { cwd: this.app.root, env: this.app.env });
    assertEquals(said, `run ${version}\n`, where);
  }

  /** How hsm says that packages are installed, and what it says does not agree, by `hsm status --json`. */
  async status(): Promise<Record<string, unknown>> {
    const document = (await this.app.hsm("status", "--json")).expect({ code: 0 }).json();
    const packages = document["packages"] as readonly {
      readonly package: string;
      readonly installed?: { readonly origin: unknown };
      readonly drift: readonly { readonly kind: string }[];
    }[];
    return Object.fromEntries(packages.map(({ package: name, installed, drift }) => [
      name,
      drift.length > 0 ? drift.map((it) => it.kind) : installed?.origin,
    ]));
  }

  /** Whether hsm says that all is in line. */
  async agrees(): Promise<boolean> {
    return (await this.app.hsm("status", "--json")).json()["agrees"] === true;
  }

  /** Asserts that git sees nothing. */
  async assertClean(where = ""): Promise<void> {
    assertEquals(await this.app.git(".", "status", "--porcelain"), "", where);
  }

  /** The folder of the environment, relative to the root. */
  get environment(): string {
    return this.app.env["UV_PROJECT_ENVIRONMENT"] ?? ".venv";
  }

  /** All that lies in the environment. */
  tree(): Record<string, string> {
    return treeOf(join(this.app.root, this.environment), /^\.lock$/);
  }

  /** Asserts that the environment is, file by file, as `uv sync` makes a new one. */
  async assertFresh(skip = /^$/): Promise<void> {
    const [folder, aside] = [this.environment, `${this.environment}-aside`]
      .map((it) => join(this.app.root, it)) as [string, string];
    const plain = () =>
      Object.fromEntries(Object.entries(this.tree()).filter(([path]) => !skip.test(path)));
    const found = plain();
    await Deno.rename(folder, aside);
    await this.uv("sync", "--locked");
    // In the scripts of one that it has just made, uv 0.9 calls Python otherwise.
    await this.uv("sync", "--locked", "--reinstall");
    assertEquals(found, plain());
    await Deno.remove(folder, { recursive: true });
    await Deno.rename(aside, folder);
  }

  /** Where distributions are installed. */
  async site(): Promise<string> {
    const [site = ""] = await sitePackagesOf(join(this.app.root, this.environment));
    return site;
  }

  /** The names in the environment of what a package left or HSM put there. */
  async installed(pattern = /plug|hsm/): Promise<readonly string[]> {
    return [...Deno.readDirSync(await this.site())].map((it) => it.name)
      .filter((it) => pattern.test(it)).sort();
  }

  /** Writes a file that need not be in the app. */
  async write(path: string, text: string): Promise<void> {
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeTextFile(path, text);
  }

  /** Removes everything. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.app[Symbol.asyncDispose]();
  }
}
