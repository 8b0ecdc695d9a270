/**
 * The app that every changing command is tried on, and hsm in this process.
 *
 * @module
 */

import { ensureDir } from "@std/fs";
import { join } from "@std/path";
import deno from "../../../deno.json" with { type: "json" };
import { main } from "../../../lib/cli/main.ts";
import { given } from "../../../lib/given.ts";
import type { FileLayer } from "../../../lib/files/layer.ts";
import { hsmCommands } from "../../../tasks/mod.ts";
import { type TestApp, testApp } from "../../harness/app.ts";
import type { SweepManager } from "./managers.ts";

/** The user's own lines; every command finds a .gitignore that lacks HSM's. */
export const OWN_IGNORED = "# mine\n*.log\nsecrets/\n";

/** A file system in memory, where there is one: only Deno with all permissions writes there, so no hsm process does. */
export const MEMORY = isFolder("/dev/shm") ? "/dev/shm" : undefined;

/** How a run ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The app: plug-a in prod mode, plug-b and plug-d in dev mode, plug-c not yet in hsm.yaml; all have news. */
export class SweepApp implements AsyncDisposable {
  readonly #app: TestApp;
  /** Its package manager. */
  readonly manager: SweepManager;
  /** The variables that everything runs with. */
  readonly env: Readonly<Record<string, string>>;

  private constructor(app: TestApp, manager: SweepManager) {
    this.#app = app;
    this.manager = manager;
    this.env = {
      ...app.env,
      PATH: Deno.env.get("PATH") ?? "",
      [manager.variable]: join(app.folder, manager.name),
      // The same commits in each run.
      GIT_AUTHOR_DATE: "2030-01-01T00:00:00Z",
      GIT_COMMITTER_DATE: "2030-01-01T00:00:00Z",
      GIT_OPTIONAL_LOCKS: "0",
    };
  }

  /** Makes the app in a folder; default: where the system has its temporary files. */
  static async make(manager: SweepManager, parent?: string): Promise<SweepApp> {
    const app = await testApp({
      plugins: ["plug-a", "plug-b", "plug-c", "plug-d"],
      manifest: `# ours\n${manager.manifest}git: {remotes}/{name}\npackages:\n` +
        "  plug-a: v1.0.0 # stable\n  plug-b: v1.0.0\n  plug-d: v1.0.0\n",
      pyproject: manager.pyproject,
      files: {
        "hsm.local.yaml": "# mine\npackages:\n  plug-b: { mode: dev }\n  plug-d: { mode: dev }\n",
        "README.md": "The app\n",
        ...manager.more,
      },
      ...given({ parent }),
    });
    const sweep = new SweepApp(app, manager);
    const program = join(app.folder, manager.name);
    await Deno.copyFile(manager.script, program);
    await Deno.chmod(program, 0o755);
    // Clones without the samples of hooks: there are many of them, and each is read again and again.
    const template = join(app.folder, "template");
    await ensureDir(join(template, "info"));
    await Deno.writeTextFile(join(template, "info/exclude"), "# mine alone\n");
    await Deno.writeTextFile(
      join(app.folder, "home/.gitconfig"),
      `[init]\n\ttemplateDir = ${template}\n\tdefaultBranch = main\n`,
    );
    await app.git(".", "init", "-q");
    await app.git(
      ".",
      "add",
      "pyproject.toml",
      "hsm.yaml",
      "README.md",
      ...Object.keys(manager.more ?? {}),
    );
    await app.git(".", "commit", "-q", "-m", "Begin");
    return sweep;
  }

  /** The app's root. */
  get root(): string {
    return this.#app.root;
  }

  /** The app's root, and all that belongs to it. */
  get folder(): string {
    return this.#app.folder;
  }

  /** A file of the app. */
  read(path: string): Promise<string> {
    return this.#app.read(path);
  }

  /** Writes a file of the app. */
  write(path: string, text: string): Promise<void> {
    return this.#app.write(path, text);
  }

  /** Runs git in a folder of the app. */
  git(folder: string, ...args: string[]): Promise<string> {
    return this.#app.git(folder, ...args);
  }

  /** Runs a script in a folder of the app, and returns what it prints, errors included. */
  async sh(folder: string, script: string): Promise<string> {
    const { stdout } = await new Deno.Command("sh", {
      args: ["-c", `exec 2>&1\n${script}`],
      cwd: join(this.root, folder),
      env: this.env,
      stdin: "null",
    }).output();
    return new TextDecoder().decode(stdout);
  }

  /** Gives every plugin a new release. */
  async release(): Promise<void> {
    for (const [name, plugin] of this.#app.plugins) {
      await plugin.release({ name, version: "1.1.0" });
    }
  }

  /** Runs hsm in this process, with a layer of its own where one is given. */
  async hsm(args: readonly string[], layer?: FileLayer): Promise<Ended> {
    let [stdout, stderr] = ["", ""];
    const code = await main({ name: "hsm", version: deno.version, commands: hsmCommands() }, {
      args,
      cwd: this.root,
      env: this.env,
      interactive: false,
      terminal: false,
      stdoutTerminal: false,
      color: { stdout: false, stderr: false },
      size: () => ({ columns: 80, rows: 24 }),
      stdout: (text) => void (stdout += text),
      stderr: (text) => void (stderr += text),
      draw: () => {},
      readLine: () => Promise.resolve(undefined),
      ...(layer === undefined ? {} : { layer }),
    });
    return { code, stdout, stderr };
  }

  /** Removes everything. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#app[Symbol.asyncDispose]();
  }
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}
