/**
 * An app in a repository of its own, with a remote that a colleague pushes to, and packages in dev mode.
 *
 * @module
 */

import { ensureDir } from "@std/fs";
import { dirname, join } from "@std/path";
import { treeOf } from "../reliability/tree.ts";
import { type AppOptions, hsmCommand, type TestApp, testApp } from "./app.ts";
import { must } from "./program.ts";

/** What else a pulled app is. */
export interface PulledAppOptions extends AppOptions {
  /** The folder of the app below the top of its repository. @default {""} */
  readonly below?: string;
  /** The packages to put into dev mode. @default {["plug-a"]} */
  readonly dev?: readonly string[];
  /** What is done before its first sync. */
  readonly before?: (app: TestApp) => Promise<void>;
}

/** An app whose repository others push to. */
export class PulledApp implements AsyncDisposable {
  /** The app. */
  readonly app: TestApp;
  /** The top of its repository. */
  readonly top: string;
  readonly #colleague: string;
  readonly #below: string;

  private constructor(app: TestApp, top: string, below: string) {
    [this.app, this.top, this.#below] = [app, top, below];
    this.#colleague = join(app.folder, "colleague");
  }

  /** Makes the app, commits it in prod mode, and puts packages into dev mode. */
  static async make({ below = "", dev = ["plug-a"], before, ...options }: PulledAppOptions = {}) {
    const app = await testApp({ plugins: ["plug-a", "plug-b"], ...options });
    await before?.(app);
    (await app.hsm("sync")).expect({ code: 0 });
    const top = below === "" ? app.root : join(app.folder, "top");
    if (below !== "") {
      await ensureDir(dirname(join(top, below)));
      await Deno.rename(app.root, join(top, below));
      // The app stays where its harness looks for it.
      await Deno.symlink(join(top, below), app.root);
    }
    const pulled = new PulledApp(app, top, below);
    const bare = join(app.folder, "app.git");
    await pulled.git("init", "-q", "-b", "main");
    await app.write("other.txt", "1\n2\n3\n");
    await Deno.writeTextFile(
      join(dirname(join(top, below, "x")), ".gitignore"),
      ".venv/\nmine.txt\n/packages/\n/hsm.local.yaml\n",
    );
    await pulled.git("add", "-A");
    await pulled.git("commit", "-q", "-m", "Begin");
    await must(["git", "clone", "-q", "--bare", top, bare], { cwd: app.folder, env: app.env });
    await pulled.git("remote", "add", "origin", `file://${bare}`);
    await pulled.git("fetch", "-q");
    await pulled.git("branch", "-q", "--set-upstream-to=origin/main");
    await must(["git", "clone", "-q", bare, pulled.#colleague], { cwd: app.folder, env: app.env });
    if (dev.length > 0) (await app.hsm("dev", ...dev, "--yes")).expect({ code: 0 });
    return pulled;
  }

  /** Runs git at the top of the app's repository. */
  git(...args: string[]): Promise<string> {
    return must(["git", ...args], { cwd: this.top, env: this.app.env });
  }

  /** The path of a file of the app in the colleague's clone. */
  theirs(file: string): string {
    return join(this.#colleague, this.#below, file);
  }

  /** A colleague changes files of the app, and pushes; null deletes one. */
  async push(
    files: Readonly<Record<string, string | null | ((text: string) => string)>>,
  ): Promise<void> {
    for (const [file, change] of Object.entries(files)) {
      const path = this.theirs(file);
      if (change === null) {
        await Deno.remove(path);
        continue;
      }
      await ensureDir(dirname(path));
      const text = typeof change === "string" ? change : change(await Deno.readTextFile(path));
      await Deno.writeTextFile(path, text);
    }
    await this.colleague("add", "-A");
    await this.colleague("commit", "-q", "-m", `Change ${Object.keys(files).join(", ")}`);
    await this.colleague("push", "-q");
  }

  /** A colleague pushes other files in the place of the last commit. */
  async rewrite(files: Readonly<Record<string, string>>): Promise<void> {
    await this.colleague("reset", "-q", "--hard", "HEAD~1");
    await this.colleague("push", "-q", "--force");
    await this.push(files);
  }

  /** Runs git in the colleague's clone. */
  colleague(...args: string[]): Promise<string> {
    return must(["git", ...args], { cwd: this.#colleague, env: this.app.env });
  }

  /** Brings the colleague's clone up to date. */
  async pullColleague(): Promise<void> {
    await this.colleague("pull", "-q");
  }

  /** A colleague runs `hsm`, such as `hsm update`, and has what that changed pushed. */
  async pushSynced(
    files: Readonly<Record<string, string | ((text: string) => string)>>,
  ): Promise<void> {
    for (const [file, change] of Object.entries(files)) {
      const path = this.theirs(file);
      const text = typeof change === "string" ? change : change(await Deno.readTextFile(path));
      await Deno.writeTextFile(path, text);
    }
    await must([...hsmCommand(), "sync"], { cwd: this.theirs("."), env: this.app.env });
    await this.push({});
  }

  /** Changes a file of the app by a function. */
  async edit(file: string, change: (text: string) => string): Promise<void> {
    await this.app.write(file, change(await this.app.read(file)));
  }

  /** Commits files of the app that are not HSM's. */
  async commit(...files: string[]): Promise<void> {
    await this.git("add", "--", ...files);
    await this.git("commit", "-q", "-m", `Mine: ${files.join(", ")}`);
  }

  /** Everything that must be as it was: HEAD, branches, index, stashes and every file but git's and HSM's own. */
  async everything(): Promise<Record<string, string>> {
    const skip = /^(.*\/)?(\.git|\.hsm|\.venv|__pycache__|[^/]*\.egg-info)$/;
    return {
      ...treeOf(this.top, skip),
      "HEAD": await this.git("rev-parse", "HEAD", "--symbolic-full-name", "HEAD"),
      "branches": await this.git("for-each-ref", "refs/heads", "refs/stash"),
      "index": await this.git("ls-files", "--stage", "--full-name", ":/"),
      "status": await this.git("status", "--porcelain=v1", "--ignored=no"),
      "freeze": await this.app.freeze(),
      "journal": `${await this.app.exists(".hsm/journal/open")}`,
    };
  }

  /** Removes everything. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.app[Symbol.asyncDispose]();
  }
}
