/**
 * Plugins with git submodules.
 *
 * @module
 */

import { ensureDir } from "@std/fs";
import { join } from "@std/path";
import { type TestApp, testApp } from "./app.ts";
import { Repository } from "./repository.ts";

/** The variables with which git takes submodules from folders, which it refuses otherwise. */
export const FROM_FOLDERS: Readonly<Record<string, string>> = {
  GIT_CONFIG_COUNT: "1",
  GIT_CONFIG_KEY_0: "protocol.file.allow",
  GIT_CONFIG_VALUE_0: "always",
};

/** A repository that may have submodules, and be one. */
export class Library extends Repository {
  /** A repository beside the plugins; use {@linkcode makeLibrary} for one that is not there yet. */
  constructor(app: TestApp, readonly name: string) {
    super(join(app.folder, "remotes", name), { ...app.env, ...FROM_FOLDERS });
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
}

/** Makes a repository with one file, `data.py`, in which a number stands. */
export async function makeLibrary(app: TestApp, name: string): Promise<Library> {
  const library = new Library(app, name);
  await ensureDir(library.path);
  await library.git("init", "-q", "-b", "main");
  await library.commit("data.py", "VALUE = 1\n");
  return library;
}

/** Where the plugin has its submodule. */
export const LIB = "src/plug_a/lib";
/** The plugin's checkout. */
export const CHECKOUT = "packages/plug-a";

/** A plugin with submodules, and the app that has it in dev mode. */
export interface Scene extends AsyncDisposable {
  readonly app: TestApp;
  /** The plugin's repository. */
  readonly plug: Library;
  /** Its submodule's. */
  readonly lib: Library;
  /** Runs hsm where git takes submodules from folders. */
  hsm(...args: string[]): ReturnType<TestApp["hsm"]>;
  /** Runs git in the checkout, or below it. */
  git(folder: string, ...args: string[]): Promise<string>;
  /** A file of the checkout. */
  read(path: string): Promise<string>;
  /** Runs a line of shell in the checkout. */
  sh(line: string): Promise<void>;
}

/** A plugin in dev mode, whose `src/plug_a/lib` is a submodule, in which `deep` is one. */
export async function scene(entry = "{ tag: v1.0.0, mode: dev }"): Promise<Scene> {
  const app = await testApp({
    plugins: ["plug-a"],
    manifest: `git: {remotes}/{name}\npackages:\n  plug-a: ${entry}\n`,
  });
  await makeLibrary(app, "deep");
  const lib = await makeLibrary(app, "lib");
  await lib.add("deep", "deep");
  const plug = new Library(app, "plug-a");
  await plug.add("lib", LIB);
  await plug.git("tag", "v1.1.0");
  const checkout = (folder: string) =>
    new Repository(join(app.root, CHECKOUT, folder), { ...app.env, ...FROM_FOLDERS });
  return {
    app,
    plug,
    lib,
    hsm: (...args) => app.hsmWith(FROM_FOLDERS, ...args),
    git: (folder, ...args) => checkout(folder).git(...args),
    read: (path) => app.read(`${CHECKOUT}/${path}`),
    async sh(line) {
      const { success, stderr } = await new Deno.Command("sh", {
        args: ["-ec", line],
        cwd: join(app.root, CHECKOUT),
        env: { ...app.env, ...FROM_FOLDERS },
      }).output();
      if (!success) throw new Error(new TextDecoder().decode(stderr));
    },
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  };
}

/** What git says of the submodules: ` ` as recorded, `-` missing, `+` at another commit. */
export async function signs({ git }: Scene): Promise<string> {
  const listed = await git(".", "submodule", "status", "--recursive");
  return listed.split("\n").map((line) => line.replace(/^(.)\S+ (\S+).*/, "$1$2")).join("\n");
}

/** What it says where all are there. */
export const WHOLE = ` ${LIB}\n ${LIB}/deep\n`;

/** The same, cloned by hsm. */
export async function cloned(entry?: string): Promise<Scene> {
  const it = await scene(entry);
  (await it.hsm("clone", "--yes")).expect({ code: 0 });
  return it;
}

/** A checkout as an older hsm, or a `git clone`, makes one. */
export async function clonedWithout(): Promise<Scene> {
  const it = await scene();
  await Deno.mkdir(join(it.app.root, "packages"));
  await it.app.git("packages", "clone", "-q", it.plug.url);
  return it;
}
