/**
 * An app with its plugins, in a folder of its own that goes away afterwards.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { ensureDir } from "@std/fs";
import { dirname, fromFileUrl, join, resolve } from "@std/path";
import { given } from "../../lib/given.ts";
import { assertDocument } from "./document.ts";
import { assertLines } from "./events.ts";
import { must, Run, type Running, start } from "./program.ts";
import { makeRepository, type PluginOptions, type Repository, uvProgram } from "./repository.ts";

/** What a test's app is. */
export interface AppOptions {
  /** The plugins, by name alone or in full. */
  readonly plugins?: readonly (string | PluginOptions)[];
  /** hsm.yaml; `{remotes}` is the folder of the plugins. Default: all plugins, at v1.0.0. */
  readonly manifest?: string;
  /** The app's pyproject.toml; empty: it has none. */
  readonly pyproject?: string;
  /** More files, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** More variables that everything runs with. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where its folder is made. Default: where the system has its temporary files. */
  readonly parent?: string;
}

/** The pyproject.toml of an app that says nothing of plugins. */
export const APP_PYPROJECT = `[project]
name = "app"
version = "0.1.0"
requires-python = ">=3.9"
dependencies = []
`;

const PROJECT = fromFileUrl(new URL("../..", import.meta.url));

/** The command line that tests run as `hsm`: the sources, or the executable named in HSM_TEST_BINARY. */
export function hsmCommand(): readonly string[] {
  const binary = Deno.env.get("HSM_TEST_BINARY");
  if (binary) return [binary];
  return [
    Deno.execPath(),
    "run",
    "--quiet",
    "--no-prompt",
    "--cached-only",
    "--allow-read",
    "--allow-write",
    "--allow-env",
    "--allow-run",
    `--config=${PROJECT}deno.json`,
    `${PROJECT}cli.ts`,
  ];
}

/** An app with its plugins. */
export class TestApp implements AsyncDisposable {
  /** The folder of the app and all that belongs to it. */
  readonly folder: string;
  /** The app's root. */
  readonly root: string;
  /** The variables that everything runs with. */
  readonly env: Readonly<Record<string, string>>;
  /** The plugins' repositories, by name. */
  readonly plugins = new Map<string, Repository>();

  /** Use {@linkcode testApp}. */
  constructor(folder: string, env: Readonly<Record<string, string>> = {}) {
    this.folder = folder;
    this.root = join(folder, "app");
    this.env = { ...testEnvironment(folder), ...env };
  }

  /** A plugin's repository. */
  plugin(name: string): Repository {
    const repository = this.plugins.get(name);
    if (repository === undefined) throw new Error(`there is no plugin ${name}`);
    return repository;
  }

  /** Runs hsm to its end. */
  hsm(...args: string[]): Promise<Run> {
    return this.start(...args).ended;
  }

  /** Runs hsm with more variables. */
  hsmWith(env: Readonly<Record<string, string>>, ...args: string[]): Promise<Run> {
    return this.startWith(env, ...args).ended;
  }

  /** Starts hsm. */
  start(...args: string[]): Running {
    return this.startWith({}, ...args);
  }

  /** Starts hsm with more variables. */
  startWith(env: Readonly<Record<string, string>>, ...args: string[]): Running {
    const running = start([...hsmCommand(), ...args], {
      cwd: this.root,
      env: { ...this.env, ...env },
    });
    const ended = running.ended.then(({ code, stdout, stderr }) => {
      const command = `hsm ${args.join(" ")}`;
      const run = new Run(command, code, this.#masked(stdout), this.#masked(stderr));
      assertDocument(args, run);
      assertLines(args, run);
      return run;
    });
    return { ...running, ended };
  }

  /** Runs Python in the app's environment. */
  async python(code: string): Promise<string> {
    const python = join(this.root, ".venv/bin/python");
    return (await must([python, "-c", code], { cwd: this.root, env: this.env })).trim();
  }

  /** What is installed, as `uv pip freeze` says. */
  async freeze(): Promise<string> {
    return this.#masked(
      await must([uvProgram(), "pip", "freeze"], { cwd: this.root, env: this.env }),
    );
  }

  /** Runs git in a folder of the app. */
  git(folder: string, ...args: string[]): Promise<string> {
    return must(["git", ...args], { cwd: join(this.root, folder), env: this.env });
  }

  /** A file of the app. */
  read(path: string): Promise<string> {
    return Deno.readTextFile(join(this.root, path));
  }

  /** Writes a file of the app. */
  async write(path: string, text: string): Promise<void> {
    await ensureDir(dirname(join(this.root, path)));
    await Deno.writeTextFile(join(this.root, path), this.#filled(text));
  }

  /** Whether there is anything at the path. */
  async exists(path: string): Promise<boolean> {
    return await Deno.lstat(resolve(this.root, path)).then(() => true, () => false);
  }

  /** The files at stake: text and time of change, or null. */
  async stakes(): Promise<Record<string, readonly [string, number] | null>> {
    const locks = ["uv.lock", "poetry.lock", "pylock.hsm.toml"];
    const requirements = ["requirements.txt", "requirements-hsm.txt", "constraints-hsm.txt"];
    const own = ["hsm.yaml", "hsm.local.yaml", ".gitignore"];
    const files = ["pyproject.toml", ...locks, ...requirements, ...own];
    const entries = files.map(async (file) => {
      const path = join(this.root, file);
      const stat = await Deno.stat(path).catch(() => undefined);
      if (stat === undefined) return [file, null] as const;
      return [file, [await Deno.readTextFile(path), stat.mtime?.getTime() ?? 0] as const] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  }

  /** The texts of the files at stake. */
  async texts(): Promise<Record<string, string | null>> {
    const stakes = await this.stakes();
    return Object.fromEntries(Object.entries(stakes).map(([file, it]) => [file, it?.[0] ?? null]));
  }

  /** The names in a folder, sorted. */
  async list(folder: string): Promise<readonly string[]> {
    const names = [];
    for await (const entry of Deno.readDir(resolve(this.root, folder))) names.push(entry.name);
    return names.sort();
  }

  /** Asserts that none of the files at stake is touched by what runs, not even its time of change. */
  async untouched(action: () => Promise<unknown>): Promise<void> {
    const before = await this.stakes();
    await action();
    assertEquals(await this.stakes(), before);
  }

  /** Asserts that the files at stake hold the same afterwards. */
  async unchanged(action: () => Promise<unknown>): Promise<void> {
    const before = await this.texts();
    await action();
    assertEquals(await this.texts(), before);
  }

  /** A text with `{remotes}` filled in. */
  #filled(text: string): string {
    return text.replaceAll("{remotes}", `file://${join(this.folder, "remotes")}`);
  }

  #masked(text: string): string {
    return text.replaceAll(this.folder, "[DIR]");
  }

  /** Removes everything; a build that uv has given up may still write for a moment. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (let left = 50;; left--) {
      try {
        return await Deno.remove(this.folder, { recursive: true });
      } catch (error) {
        if (left === 0 || !(error instanceof Error) || !/not empty/i.test(error.message)) {
          throw error;
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }
}

/** Makes an app with its plugins. */
export async function testApp(options: AppOptions = {}): Promise<TestApp> {
  const folder = await Deno.realPath(
    await Deno.makeTempDir({ prefix: "hsm-test-", ...given({ dir: options.parent }) }),
  );
  const app = new TestApp(folder, options.env);
  await Deno.mkdir(join(folder, "home"));
  await Deno.mkdir(app.root);
  const plugins = (options.plugins ?? []).map((it) => typeof it === "string" ? { name: it } : it);
  for (const plugin of plugins) {
    const path = join(folder, "remotes", plugin.name);
    app.plugins.set(plugin.name, await makeRepository(path, plugin, app.env));
  }
  const pins = plugins.map((it) => `  ${it.name}: v${it.version ?? "1.0.0"}\n`).join("");
  const { pyproject = APP_PYPROJECT } = options;
  if (pyproject !== "") await app.write("pyproject.toml", pyproject);
  await app.write(
    "hsm.yaml",
    options.manifest ?? `git: {remotes}/{name}\npackages:\n${pins}`,
  );
  for (const [path, text] of Object.entries(options.files ?? {})) await app.write(path, text);
  return app;
}

function testEnvironment(folder: string): Record<string, string> {
  return {
    HOME: join(folder, "home"),
    XDG_CACHE_HOME: join(folder, "home/.cache"),
    // Deno's own cache, which it would otherwise look for in the new home.
    DENO_DIR: Deno.env.get("DENO_DIR") ?? join(Deno.env.get("HOME") ?? "", ".cache/deno"),
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_AUTHOR_NAME: "Tester",
    GIT_AUTHOR_EMAIL: "tester@example.com",
    GIT_COMMITTER_NAME: "Tester",
    GIT_COMMITTER_EMAIL: "tester@example.com",
    UV_PYTHON_DOWNLOADS: "never",
    UV_NO_CONFIG: "1",
    UV_LINK_MODE: "copy",
    NO_COLOR: "1",
    VIRTUAL_ENV: "",
  };
}
