/**
 * Git LFS in tests: the real one, with a git configuration of the test's own.
 *
 * @module
 */

import { join } from "@std/path";
import type { TestApp } from "./app.ts";
import { must } from "./program.ts";
import { Repository } from "./repository.ts";

const { success } = await new Deno.Command("git", { args: ["lfs", "version"] }).output();

/** A test that needs git-lfs. Where there is none it is left out, which its name says then. */
export function lfsTest(name: string, fn: () => Promise<void>): void {
  const why = success ? "" : " (left out, for git has no git-lfs here)";
  Deno.test({ name: `${name}${why}`, ignore: !success, fn });
}

/** The variables with which git has what `git lfs install` writes, and nothing of the developer's. */
export async function installLfs(app: TestApp): Promise<Record<string, string>> {
  const env = { GIT_CONFIG_GLOBAL: join(app.folder, "gitconfig-lfs") };
  await Deno.writeTextFile(env.GIT_CONFIG_GLOBAL, "");
  await must(["git", "lfs", "install", "--skip-repo"], {
    cwd: app.folder,
    env: { ...app.env, ...env },
  });
  return env;
}

/** Releases a plugin with a file that Git LFS keeps, `src/MODULE/data.bin`. */
export async function releaseWithLfs(
  app: TestApp,
  { plugin, module, tag, text }: {
    readonly plugin: string;
    readonly module: string;
    readonly tag: string;
    readonly text: string;
  },
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const repository = new Repository(app.plugin(plugin).path, { ...app.env, ...env });
  const rule = "*.bin filter=lfs diff=lfs merge=lfs -text\n";
  await Deno.writeTextFile(join(repository.path, ".gitattributes"), rule);
  await repository.commit(`src/${module}/data.bin`, text, tag);
}
