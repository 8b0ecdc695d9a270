/**
 * Apps to measure on.
 *
 * @module
 */

import { join } from "@std/path";
import { measured, type Took } from "./compare.ts";
import type { Argv, Lab } from "./lab.ts";

/** How the plugins of an app are used. */
export interface BenchAppOptions {
  /** How many plugins. */
  readonly count: number;
  /** How they are used. */
  readonly mode: "dev" | "prod";
  /** Whether each connection to their repositories waits first, as one over a network does. @default {"local"} */
  readonly remotes?: "local" | "far";
  /** How they are pinned. @default {"tag"} */
  readonly pin?: "tag" | "commit";
}

/** An app in a lab. */
export class BenchApp {
  /** Where it is. */
  readonly lab: Lab;
  /** Its folder. */
  readonly root: string;
  /** Its plugins. */
  readonly plugins: readonly string[];
  /** Where they are cloned from, with `{name}` in it. */
  readonly remote: string;

  /** Use {@linkcode makeApp}. */
  constructor(parts: Pick<BenchApp, "lab" | "root" | "plugins" | "remote">) {
    this.lab = parts.lab;
    this.root = parts.root;
    this.plugins = parts.plugins;
    this.remote = parts.remote;
  }

  /** Runs a program in it, which must succeed. */
  run(...argv: string[]): Promise<string> {
    return this.lab.must(argv, this.root);
  }

  /** Runs programs in it one after the other, and says what they took. */
  measured(...argvs: readonly Argv[]): Promise<Took> {
    return measured(this.lab, argvs, this.root);
  }

  /** Runs hsm in it, and says what it took. */
  measuredHsm(...args: string[]): Promise<Took> {
    return this.measured([...this.lab.hsm, ...args]);
  }

  /** Runs hsm in it, which must succeed. */
  hsm(...args: string[]): Promise<string> {
    return this.run(...this.lab.hsm, ...args);
  }

  /** Clones all plugins as one does without HSM: eight at a time. */
  get cloning(): Argv {
    const command = `xargs -P8 -I{} git clone --quiet "$0/{}" packages/{} < plugins.txt`;
    return ["sh", "-c", command, this.remote.replace("/{name}", "")];
  }

  /** Brings the environment to what pyproject.toml says. */
  get syncing(): Argv {
    return [this.lab.uv, "sync", "--quiet"];
  }

  /** Removes what a cold sync makes. */
  async makeCold(): Promise<void> {
    for (const name of ["packages", ".venv", "uv.lock"]) await this.remove(name);
  }

  /** Waits until all that was written and removed is on the disk: git's `fsync` would wait for it within what is measured. */
  async settle(): Promise<void> {
    await this.run("sync");
  }

  /** Removes a file or folder. */
  async remove(name: string): Promise<void> {
    await Deno.remove(join(this.root, name), { recursive: true }).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
  }

  /** Makes sure that all plugins are installed, and, in dev mode, that their checkouts are complete. */
  async mustBeSynced(mode: "dev" | "prod"): Promise<void> {
    const frozen = await this.run(this.lab.uv, "pip", "freeze", "--quiet");
    const lines = frozen.trim().split("\n");
    for (const name of this.plugins) {
      const wanted = mode === "dev"
        ? (line: string) => line === `-e file://${join(this.root, "packages", name)}`
        : (line: string) => line.startsWith(`${name} @ git+${this.lab.url(name)}@`);
      if (!lines.some(wanted)) {
        throw new Error(`${name} is not installed in ${mode} mode:\n${frozen}`);
      }
    }
    if (lines.length !== this.plugins.length) {
      throw new Error(`not all of these are ours:\n${frozen}`);
    }
    if (mode === "dev") await this.mustBeCloned();
  }

  /** Makes sure that all checkouts are there, with their files and tags. */
  async mustBeCloned(): Promise<void> {
    const count =
      `for it in packages/*/; do test -f "$it/pyproject.toml" && git -C "$it" rev-parse v1.1.0; done | wc -l`;
    const found = Number(await this.run("sh", "-c", count));
    if (found !== this.plugins.length) {
      throw new Error(`${found} of ${this.plugins.length} checkouts are complete`);
    }
  }
}

/** Makes an app that nothing is cloned or installed in. */
export async function makeApp(
  lab: Lab,
  name: string,
  { count, mode, pin = "tag", remotes = "local" }: BenchAppOptions,
): Promise<BenchApp> {
  const remote = remotes === "far" ? await lab.farUrl("{name}") : lab.url("{name}");
  const plugins = await lab.plugins(count);
  const root = join(lab.folder, name);
  await Deno.mkdir(root);
  const commits = pin === "commit" ? await commitsOf(lab, plugins) : [];
  const pins = plugins.map((it, at) => `  ${it}: ${commits[at] ?? "v1.0.0"}\n`);
  const files = {
    "hsm.yaml": `mode: ${mode}\ngit: ${remote}\npackages:\n${pins.join("")}`,
    "pyproject.toml": `[project]
name = "app"
version = "0.1.0"
requires-python = ">=3.9"
dependencies = []
`,
    "plugins.txt": plugins.map((it) => `${it}\n`).join(""),
  };
  for (const [file, text] of Object.entries(files)) {
    await Deno.writeTextFile(join(root, file), text);
  }
  return new BenchApp({ lab, root, plugins, remote });
}

async function commitsOf(lab: Lab, plugins: readonly string[]): Promise<readonly string[]> {
  return await Promise.all(plugins.map(async (it) => {
    const path = join(lab.folder, "remotes", it);
    return (await lab.must(["git", "rev-parse", "v1.0.0^{commit}"], path)).trim();
  }));
}

/** Makes an app with everything cloned and installed, without HSM's having any part in the clones. */
export async function makeSyncedApp(lab: Lab, name: string, count: number): Promise<BenchApp> {
  const app = await makeApp(lab, name, { count, mode: "dev" });
  await Deno.mkdir(join(app.root, "packages"));
  await app.run(...app.cloning);
  await app.hsm("sync", "--quiet");
  await app.mustBeSynced("dev");
  return app;
}

/** Makes an app for what is measured against HSM: its pyproject.toml says where the plugins come from. */
export async function makeFloor(
  lab: Lab,
  name: string,
  options: BenchAppOptions,
): Promise<BenchApp> {
  const app = await makeApp(lab, name, options);
  if (options.mode === "dev") {
    await Deno.mkdir(join(app.root, "packages"));
    await app.run(...app.cloning);
  }
  await app.hsm("inject", "--quiet", "--no-check");
  await app.makeCold();
  return app;
}
