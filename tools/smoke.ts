/**
 * `deno task smoke [PROGRAM...]`: whether a hsm does its main job on this machine, with the git, the uv and the Python that it
 * has. The program is an executable, or a command line; by default the sources.
 *
 * @module
 */

import { join, toFileUrl } from "@std/path";

const sources = [Deno.execPath(), "task", "--quiet", "hsm"];
const [program = "", ...words] = Deno.args.length > 0 ? Deno.args : sources;
const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "hsm-smoke-" }));
const [plugin, app] = [join(folder, "remotes", "smoke-plugin"), join(folder, "app")];
// The one that hsm takes.
const uv = Deno.env.get("HSM_UV") || Deno.env.get("UV") || "uv";
const module = "src/smoke_plugin/__init__.py";
try {
  await write(plugin, "pyproject.toml", project("smoke-plugin") + await buildSystem());
  await write(plugin, module, 'VALUE = "pinned"\n');
  await git("init", "--quiet");
  await git("add", "--all");
  await git("commit", "--quiet", "--message", "Begin");
  await git("tag", "v1.0.0");
  await write(app, "pyproject.toml", project("app"));
  const remotes = toFileUrl(join(folder, "remotes")).href;
  await write(app, "hsm.yaml", `git: ${remotes}/{name}\npackages:\n  smoke-plugin: v1.0.0\n`);

  await hsm("--version");
  await hsm("sync");
  await seen("pinned");
  await hsm("sync", "--locked");
  await hsm("dev", "smoke-plugin", "--yes");
  await write(join(app, "packages/smoke-plugin"), module, 'VALUE = "edited"\n');
  await seen("edited");
  await hsm("prod", "smoke-plugin");
  await seen("pinned");
  await hsm("check", "--prod");
  console.log(`${[program, ...words].join(" ")} works on ${Deno.build.target}`);
} finally {
  await Deno.remove(folder, { recursive: true });
}

async function write(folder: string, path: string, text: string): Promise<void> {
  await Deno.mkdir(join(folder, path, ".."), { recursive: true });
  await Deno.writeTextFile(join(folder, path), text);
}

function project(name: string): string {
  return `[project]\nname = "${name}"\nversion = "1.0.0"\nrequires-python = ">=3.9"\n`;
}

/** With what uv builds by itself. */
async function buildSystem(): Promise<string> {
  const [, version = ""] = /^uv (\S+)/.exec(await run(folder, uv, "--version")) ?? [];
  return `[build-system]\nrequires = ["uv_build==${version}"]\nbuild-backend = "uv_build"\n`;
}

async function git(...args: string[]): Promise<void> {
  const who = ["-c", "user.name=smoke", "-c", "user.email=smoke@example.com"];
  await run(plugin, "git", ...who, ...args);
}

async function hsm(...args: string[]): Promise<void> {
  console.log(`$ hsm ${args.join(" ")}`);
  // A task's folder is the project's.
  console.log(await run(".", program, ...words, "-C", app, ...args));
}

/** Asserts which of the two the app has. */
async function seen(value: string): Promise<void> {
  const code = "import smoke_plugin; print(smoke_plugin.VALUE)";
  const found = (await run(app, uv, "run", "--no-sync", "python", "-c", code)).trim();
  if (found !== value) throw new Error(`the app has what is ${found}, not what is ${value}`);
}

/** What a program that must succeed prints; what it says on standard error is shown. */
async function run(cwd: string, program: string, ...args: string[]): Promise<string> {
  const command = new Deno.Command(program, { args, cwd, stdout: "piped", stderr: "inherit" });
  const { code, stdout } = await command.output();
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} exited with code ${code}`);
  return new TextDecoder().decode(stdout).trimEnd();
}
