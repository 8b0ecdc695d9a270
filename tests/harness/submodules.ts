/**
 * Plugins with git submodules.
 *
 * @module
 */

import { join } from "@std/path";
import type { TestApp } from "./app.ts";
import { Repository } from "./repository.ts";

/** The variables with which git takes submodules from folders, which it refuses otherwise. */
export const FROM_FOLDERS: Readonly<Record<string, string>> = {
  GIT_CONFIG_COUNT: "1",
  GIT_CONFIG_KEY_0: "protocol.file.allow",
  GIT_CONFIG_VALUE_0: "always",
};

/** A repository that may have submodules, and be one. */
export class Library extends Repository {
  readonly #app: TestApp;

  /** A repository beside the plugins; use {@linkcode makeLibrary} for one that is not there yet. */
  constructor(app: TestApp, readonly name: string) {
    super(join(app.folder, "remotes", name), { ...app.env, ...FROM_FOLDERS });
    this.#app = app;
  }

  /** Adds a submodule; its address is relative, as `../NAME`. */
  async add(name: string, path: string): Promise<void> {
    // git resolves it by the remote, which this repository has not.
    await this.git("remote", "add", "origin", `file://${this.path}`).catch(() => {});
    await this.git("submodule", "--quiet", "add", `../${name}`, path);
    await this.git("commit", "-q", "-m", `Add ${path}`);
  }

  /** Takes up what a submodule's repository has by now. */
  async bump(path: string): Promise<void> {
    await this.git("-C", path, "pull", "-q", "origin", "main");
    await this.git("commit", "-q", "-a", "-m", `Bump ${path}`);
  }

  /** The repository in a checkout of it, where a developer works. */
  checkout(path: string): Repository {
    return new Repository(join(this.#app.root, path), { ...this.#app.env, ...FROM_FOLDERS });
  }
}

/** Makes a repository with one file, `data.py`, in which a number stands. */
export async function makeLibrary(app: TestApp, name: string): Promise<Library> {
  const library = new Library(app, name);
  await Deno.mkdir(library.path, { recursive: true });
  await library.git("init", "-q", "-b", "main");
  await library.commit("data.py", "VALUE = 1\n");
  return library;
}
