/**
 * Plugin repositories, made at run time.
 *
 * @module
 */

import { ensureDir } from "@std/fs";
import { dirname, join } from "@std/path";
import { must } from "./program.ts";

/** What a plugin is. */
export interface PluginOptions {
  /** The distribution's name. */
  readonly name: string;
  /** @default {"1.0.0"} */
  readonly version?: string;
  /** Its requirements. @default {[]} */
  readonly dependencies?: readonly string[];
  /** Its optional requirements, by extra. */
  readonly extras?: Readonly<Record<string, readonly string[]>>;
  /** The versions of Python that it says it works with. @default {">=3.9"} */
  readonly requiresPython?: string;
  /** More of its pyproject.toml. */
  readonly pyproject?: string;
  /** The folder of the distribution inside the repository. @default {""} */
  readonly folder?: string;
  /** What builds it. @default {"uv_build"} */
  readonly backend?: "uv_build" | "poetry.core.masonry.api";
}

/** A git repository with a plugin. */
export class Repository {
  /** The folder. */
  readonly path: string;
  readonly #env: Readonly<Record<string, string>>;

  /** Use {@linkcode makeRepository}. */
  constructor(path: string, env: Readonly<Record<string, string>>) {
    this.path = path;
    this.#env = env;
  }

  /** Where it is cloned from. */
  get url(): string {
    return `file://${this.path}`;
  }

  /** Runs git in it. */
  git(...args: string[]): Promise<string> {
    return must(["git", ...args], { cwd: this.path, env: this.#env });
  }

  /** Writes a file, and commits everything. */
  async commit(file: string, text: string, tag?: string): Promise<void> {
    await ensureDir(dirname(join(this.path, file)));
    await Deno.writeTextFile(join(this.path, file), text);
    await this.git("add", "-A");
    await this.git("commit", "-q", "-m", `Change ${file}`);
    if (tag !== undefined) await this.git("tag", "-a", tag, "-m", tag);
  }

  /** Writes, commits and tags a version of the plugin. */
  async release(plugin: PluginOptions): Promise<void> {
    const { name, version = "1.0.0", folder = "" } = plugin;
    const module = name.toLowerCase().replace(/[-.]/g, "_");
    const file = (path: string) => folder === "" ? path : `${folder}/${path}`;
    const source = join(this.path, file(`src/${module}/__init__.py`));
    await ensureDir(dirname(source));
    await Deno.writeTextFile(source, `VALUE = "${version}"\n`);
    await this.commit(file("pyproject.toml"), await pluginPyproject(plugin), `v${version}`);
  }
}

/** Makes a repository with one release of a plugin. */
export async function makeRepository(
  path: string,
  plugin: PluginOptions,
  env: Readonly<Record<string, string>>,
): Promise<Repository> {
  await ensureDir(path);
  const repository = new Repository(path, env);
  await repository.git("init", "-q", "-b", "main");
  await repository.release(plugin);
  return repository;
}

/** The pyproject.toml of a plugin. */
export async function pluginPyproject(plugin: PluginOptions): Promise<string> {
  const { name, version = "1.0.0", dependencies = [], extras = {}, pyproject = "" } = plugin;
  const { backend = "uv_build", requiresPython = ">=3.9" } = plugin;
  const requires = backend === "uv_build" ? await buildRequirement() : "poetry-core>=2";
  return `[project]
name = "${name}"
version = "${version}"
requires-python = "${requiresPython}"
dependencies = ${JSON.stringify(dependencies)}
${
    Object.keys(extras).length === 0 ? "" : `
[project.optional-dependencies]
${Object.entries(extras).map(([key, list]) => `${key} = ${JSON.stringify(list)}\n`).join("")}`
  }
[build-system]
requires = ["${requires}"]
build-backend = "${backend}"
${pyproject}`;
}

/** What makes an app with a `src` folder one that can be built. */
export async function buildSystem(): Promise<string> {
  return `\n[build-system]\nrequires = ["${await buildRequirement()}"]\n` +
    `build-backend = "uv_build"\n`;
}

let requirement: Promise<string> | undefined;

/** The version of uv_build that uv builds by itself, without the network. */
function buildRequirement(): Promise<string> {
  return requirement ??= must([uvProgram(), "--version"], { cwd: "." }).then((text) => {
    const [, major = 0, minor = 0] = /^uv (\d+)\.(\d+)/.exec(text) ?? [];
    return `uv_build>=${major}.${minor},<${major}.${Number(minor) + 1}`;
  });
}

/** The uv that tests run with, by its whole path: a test may put a program of that name first on PATH. */
export function uvProgram(): string {
  const named = Deno.env.get("HSM_UV") || Deno.env.get("UV") || "uv";
  const folders = named.includes("/") ? [""] : (Deno.env.get("PATH") ?? "").split(":");
  return folders.map((folder) => join(folder, named)).find(isFile) ?? named;
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
