/**
 * A repository that is a uv workspace, made at run time.
 *
 * @module
 */

import { ensureDir } from "@std/fs";
import { dirname, join } from "@std/path";
import type { TestApp } from "./app.ts";
import { type PluginOptions, pluginPyproject, Repository } from "./repository.ts";

/** What a uv workspace is. */
export interface UvRepositoryOptions {
  /** The repository's name, beside the app's plugins. */
  readonly name: string;
  /** Its releases; each becomes a tag `vVERSION`. @default {["1.0.0", "1.1.0"]} */
  readonly versions?: readonly string[];
  /** Its members. `{version}` in them is the release's. */
  readonly members: readonly UvMember[];
  /** The root's pyproject.toml. @default {members = ["pkgs/*"], and a source for each member} */
  readonly pyproject?: string;
  /** More files, by path. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A member of a uv workspace. */
export interface UvMember extends PluginOptions {
  /** Its folder. */
  readonly folder: string;
  /** Whether its requirements are computed when it is built, by a build backend of its own. */
  readonly isComputed?: boolean;
}

/** Makes a uv workspace in a repository of its own. */
export async function makeUvRepository(
  app: TestApp,
  { name, versions = ["1.0.0", "1.1.0"], members, pyproject, files = {} }: UvRepositoryOptions,
): Promise<Repository> {
  const path = join(app.folder, "remotes", name);
  await ensureDir(path);
  const repository = new Repository(path, app.env);
  await repository.git("init", "-q", "-b", "main");
  for (const [file, text] of Object.entries(files)) await write(path, file, text);
  for (const version of versions) {
    for (const member of members) {
      const module = member.name.replaceAll("-", "_");
      await write(path, `${member.folder}/src/${module}/__init__.py`, `VALUE = "${version}"\n`);
      const text = (await pluginPyproject({ ...member, version })).replaceAll("{version}", version);
      const pyproject = member.isComputed ? computed(text) : text;
      await write(path, `${member.folder}/pyproject.toml`, pyproject);
      if (member.isComputed) {
        await write(path, `${member.folder}/backend.py`, backend(member, version));
      }
    }
    await repository.commit("pyproject.toml", `${pyproject ?? root(members)}# ${version}\n`);
    await repository.git("tag", "-a", `v${version}`, "-m", version);
  }
  return repository;
}

function computed(pyproject: string): string {
  return pyproject.replace(/^dependencies = .*$/m, 'dynamic = ["dependencies"]')
    .replace(/^requires = .*$/m, "requires = []")
    .replace(/^build-backend = .*$/m, 'build-backend = "backend"\nbackend-path = ["."]');
}

/** A build backend that needs nothing from elsewhere, so that nothing is fetched. */
function backend({ name, dependencies = [] }: PluginOptions, version: string): string {
  const module = name.replaceAll("-", "_");
  const stem = `${module}-${version}`;
  const metadata = [
    "Metadata-Version: 2.1",
    `Name: ${name}`,
    `Version: ${version}`,
    ...dependencies.map((it) => `Requires-Dist: ${it.replaceAll("{version}", version)}`),
  ].join("\n");
  return `import os, zipfile
INFO = {
    "METADATA": ${JSON.stringify(`${metadata}\n`)},
    "WHEEL": "Wheel-Version: 1.0\\nGenerator: t\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
}
def _build(folder, files):
    files.update({"${stem}.dist-info/" + key: text for key, text in INFO.items()})
    files["${stem}.dist-info/RECORD"] = "".join(f"{it},,\\n" for it in files)
    with zipfile.ZipFile(os.path.join(folder, "${stem}-py3-none-any.whl"), "w") as wheel:
        for key, text in files.items():
            wheel.writestr(key, text)
    return "${stem}-py3-none-any.whl"
def build_wheel(folder, config_settings=None, metadata_directory=None):
    with open("src/${module}/__init__.py") as file:
        return _build(folder, {"${module}/__init__.py": file.read()})
def build_editable(folder, config_settings=None, metadata_directory=None):
    return _build(folder, {"${module}.pth": os.path.abspath("src") + "\\n"})
`;
}

function root(members: readonly PluginOptions[]): string {
  return '[tool.uv.workspace]\nmembers = ["pkgs/*"]\n\n[tool.uv.sources]\n' +
    members.map((it) => `${it.name} = { workspace = true }\n`).join("");
}

async function write(folder: string, file: string, text: string): Promise<void> {
  await ensureDir(dirname(join(folder, file)));
  await Deno.writeTextFile(join(folder, file), text);
}
