/**
 * A repository with several plugins, made at run time.
 *
 * @module
 */

import { ensureDir } from "@std/fs";
import { join } from "@std/path";
import { type TestApp, testApp } from "./app.ts";
import { makeRepository, pluginPyproject, type Repository } from "./repository.ts";

/** A plugin in a repository of several. */
export interface Part {
  /** The distribution's name. */
  readonly name: string;
  /** Its folder. */
  readonly folder: string;
}

/** Releases a plugin of a repository of several: its tag is not `v` and the version. */
export async function release(
  repository: Repository,
  { name, folder }: Part,
  version: string,
  tag: string,
): Promise<void> {
  const module = name.replaceAll("-", "_");
  const source = join(repository.path, folder, `src/${module}`);
  await ensureDir(source);
  await Deno.writeTextFile(join(source, "__init__.py"), `VALUE = "${version}"\n`);
  await repository.commit(
    `${folder}/pyproject.toml`,
    await pluginPyproject({ name, version }),
    tag,
  );
}

/** One of its plugins. */
export const OLLAMA = { name: "ollama-haystack", folder: "integrations/ollama" };
/** Another one. */
export const GENAI = { name: "langchain-genai", folder: "libs/genai" };

/** An app, and a repository `mono` with two plugins, whose tags are made as each test wants them. */
export async function appWithMono(manifest = "packages:\n"): Promise<TestApp> {
  const app = await testApp({ manifest });
  const path = join(app.folder, "remotes/mono");
  const mono = await makeRepository(path, { name: "mono", folder: "docs" }, app.env);
  await mono.git("tag", "-d", "v1.0.0");
  app.plugins.set("mono", mono);
  await release(mono, OLLAMA, "3.0.0", "integrations/ollama-v3.0.0");
  await release(mono, GENAI, "4.3.5", "libs/genai/v4.3.5");
  return app;
}
