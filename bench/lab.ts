/**
 * The place where benchmarks run: remotes, apps and an environment of their own, in a folder that goes away afterwards.
 *
 * @module
 */

import { exists } from "@std/fs";
import { fromFileUrl, join } from "@std/path";
import { mapAll } from "../lib/process/pool.ts";
import { run, type RunResult } from "../lib/process/run.ts";

/** How long a connection to a far remote waits before anything is said, in seconds. */
export const LATENCY = 0.3;

const PROJECT = fromFileUrl(new URL("..", import.meta.url));

/** A program with its first arguments. */
export type Argv = readonly string[];

/** Where benchmarks run. */
export class Lab implements AsyncDisposable {
  /** The folder that holds everything. */
  readonly folder: string;
  /** What everything runs with. */
  readonly env: Readonly<Record<string, string>>;
  /** uv, by path. */
  readonly uv: string;
  /** hsm: an executable, or Deno and the sources. */
  readonly hsm: Argv;
  /** Whether hsm is an executable. */
  readonly isCompiled: boolean;
  /** The versions of the programs measured. */
  readonly versions: string;
  readonly #made = new Set<string>();
  #hello: Promise<Argv> | undefined;

  /** Use {@linkcode openLab}. */
  constructor(parts: Pick<Lab, "folder" | "env" | "uv" | "hsm" | "isCompiled" | "versions">) {
    this.folder = parts.folder;
    this.env = parts.env;
    this.uv = parts.uv;
    this.hsm = parts.hsm;
    this.isCompiled = parts.isCompiled;
    this.versions = parts.versions;
  }

  /** The URL of a plugin's repository. */
  url(name: string): string {
    return `file://${join(this.folder, "remotes", name)}`;
  }

  /** The URL of a plugin's repository, which each connection takes {@linkcode LATENCY} to reach. */
  async farUrl(name: string): Promise<string> {
    const script = `#!/bin/sh\nsleep ${LATENCY}\nshift\nexec sh -c "$*"\n`;
    await Deno.writeTextFile(this.env["GIT_SSH"]!, script, { mode: 0o755 });
    return `ssh://far${join(this.folder, "remotes", name)}`;
  }

  /** Runs a program that must succeed. */
  async must(argv: Argv, cwd: string): Promise<string> {
    const result = await this.start(argv, cwd);
    if (result.success) return result.stdout;
    throw new Error(`${argv.join(" ")} exited with code ${result.code}:\n${result.stderr}`);
  }

  /** Runs a program. */
  async start(argv: Argv, cwd: string): Promise<RunResult> {
    return await run(argv, { cwd, env: this.env });
  }

  /** A compiled program that does nothing, or, where hsm runs from its sources, one that does so as well. */
  hello(): Promise<Argv> {
    return this.#hello ??= this.#makeHello();
  }

  async #makeHello(): Promise<Argv> {
    const source = join(this.folder, "hello.js");
    const program = join(this.folder, "hello");
    await Deno.writeTextFile(source, `console.log("hello");\n`);
    if (!this.isCompiled) return [Deno.execPath(), "run", "--quiet", source];
    const args = ["compile", "--quiet", "--no-check", `--output=${program}`, source];
    // Where CI has fetched the runtime that executables are made of, that one is taken.
    const fetched = join(PROJECT, `.ci/denort-${Deno.version.deno}`);
    const isFetched = await exists(fetched, { isFile: true });
    const env = { ...(isFetched ? { DENORT_BIN: fetched } : {}), ...Deno.env.toObject() };
    const made = await run([Deno.execPath(), ...args], { cwd: PROJECT, env });
    if (!made.success) throw new Error(`Cannot compile a hello-world:\n${made.stderr}`);
    // The first run of an executable writes its code cache.
    await this.must([program], this.folder);
    return [program];
  }

  /** The names of the first plugins; their repositories are made where they are not there. */
  async plugins(count: number): Promise<readonly string[]> {
    const names = Array.from({ length: count }, (_, at) => `plug-${String(at).padStart(4, "0")}`);
    const missing = names.filter((it) => !this.#made.has(it));
    await mapAll(missing, 8, async (name) => {
      await makeRemote(this, name);
      this.#made.add(name);
    });
    return names;
  }

  /** Removes everything. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}

/** Opens a lab with the hsm that is there: HSM_TEST_BINARY, dist/hsm, or the sources. */
export async function openLab(): Promise<Lab> {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "hsm-bench-" }));
  const home = join(folder, "home");
  await Deno.mkdir(home);
  const uv = await findUv(folder);
  const env: Record<string, string> = {
    PATH: Deno.env.get("PATH") ?? "",
    HOME: home,
    XDG_CACHE_HOME: join(home, ".cache"),
    TMPDIR: Deno.env.get("TMPDIR") ?? "/tmp",
    DENO_DIR: Deno.env.get("DENO_DIR") ?? join(Deno.env.get("HOME") ?? "", ".cache/deno"),
    DENO_NO_UPDATE_CHECK: "1",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_AUTHOR_NAME: "Bench",
    GIT_AUTHOR_EMAIL: "bench@example.com",
    GIT_COMMITTER_NAME: "Bench",
    GIT_COMMITTER_EMAIL: "bench@example.com",
    UV_PYTHON_DOWNLOADS: "never",
    UV_NO_CONFIG: "1",
    UV_LINK_MODE: "copy",
    NO_COLOR: "1",
    HSM_UV: uv,
    GIT_SSH: join(folder, "ssh"),
    GIT_SSH_VARIANT: "simple",
  };
  const binary = await findBinary();
  const hsm = binary === undefined ? sources() : [binary];
  const said = async (...argv: string[]) => (await run(argv, { cwd: folder, env })).stdout.trim();
  const versions = [
    `Deno ${Deno.version.deno}`,
    (await said(uv, "--version")).split(" ").slice(0, 2).join(" "),
    (await said("git", "--version")).replace(" version", ""),
  ].join(", ");
  return new Lab({ folder, env, uv, hsm, isCompiled: binary !== undefined, versions });
}

function sources(): Argv {
  const permissions = ["read", "write", "env", "run"].map((it) => `--allow-${it}`);
  const flags = ["run", "--quiet", "--no-prompt", "--cached-only", ...permissions];
  return [Deno.execPath(), ...flags, `--config=${PROJECT}deno.json`, `${PROJECT}cli.ts`];
}

async function findBinary(): Promise<string | undefined> {
  for (const path of [Deno.env.get("HSM_TEST_BINARY"), join(PROJECT, "dist/hsm")]) {
    if (path && await exists(path, { isFile: true })) {
      return await Deno.realPath(path);
    }
  }
  return undefined;
}

/** uv itself: what PATH has may be a script that only looks for it, which takes longer than uv. */
async function findUv(cwd: string): Promise<string> {
  const named = Deno.env.get("HSM_UV") || Deno.env.get("UV");
  if (named) return named;
  const python = ["python3", "-c", "import os; print(os.environ['UV'])"];
  const { success, stdout } = await run(["uv", "run", "--quiet", "--no-project", ...python], {
    cwd,
  });
  return success ? stdout.trim() : "uv";
}

/** A bare repository with two releases of a plugin, as git's importer makes it in one go. */
async function makeRemote(lab: Lab, name: string): Promise<void> {
  const path = join(lab.folder, "remotes", name);
  await lab.must(["git", "init", "--quiet", "--bare", "-b", "main", "--template=", path], "/");
  const stream = join(lab.folder, `${name}.import`);
  await Deno.writeTextFile(stream, importStream(name, await buildRequirement(lab)));
  await lab.must(["sh", "-c", `git fast-import --quiet < "$0"`, stream], path);
  await Deno.remove(stream);
}

const MODULES = 10;

function importStream(name: string, builds: string): string {
  const module = name.replaceAll("-", "_");
  const releases = ["1.0.0", "1.1.0"].map((version, at) => {
    const when = 1_700_000_000 + at * 86_400;
    const files: Record<string, string> = {
      "README.md": `# ${name}\n`,
      "pyproject.toml": pluginPyproject(name, version, builds),
      [`src/${module}/__init__.py`]: `VALUE = "${version}"\n`,
    };
    for (let nth = 0; nth < MODULES; nth++) {
      files[`src/${module}/part_${nth}.py`] = `"""Part ${nth} of ${name} ${version}."""\n`.repeat(
        40,
      );
    }
    const changes = Object.entries(files).map(([file, text]) =>
      `M 100644 inline ${file}\n${data(text)}`
    );
    const who = `Bench <bench@example.com> ${when} +0000`;
    return `commit refs/heads/main\nmark :${at + 1}\ncommitter ${who}\n${
      data(`Release ${version}`)
    }` +
      `${at === 0 ? "" : `from :${at}\n`}${changes.join("")}\n` +
      `tag v${version}\nfrom :${at + 1}\ntagger ${who}\n${data(`v${version}`)}`;
  });
  return `${releases.join("")}done\n`;
}

function data(text: string): string {
  return `data ${new TextEncoder().encode(text).length}\n${text}\n`;
}

function pluginPyproject(name: string, version: string, builds: string): string {
  return `[project]
name = "${name}"
version = "${version}"
requires-python = ">=3.9"
dependencies = []

[build-system]
requires = ["${builds}"]
build-backend = "uv_build"
`;
}

const builders = new WeakMap<Lab, Promise<string>>();

/** The version of uv_build that uv builds by itself, without the network. */
function buildRequirement(lab: Lab): Promise<string> {
  const asked = builders.get(lab) ?? lab.must([lab.uv, "--version"], lab.folder).then((text) => {
    const [, major = 0, minor = 0] = /^uv (\d+)\.(\d+)/.exec(text) ?? [];
    return `uv_build>=${major}.${minor},<${major}.${Number(minor) + 1}`;
  });
  builders.set(lab, asked);
  return asked;
}
