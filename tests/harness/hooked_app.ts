/**
 * An app in whose repository hooks renew what stands in.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { ensureDir } from "@std/fs";
import { dirname, join, resolve } from "@std/path";
import { sitePackagesOf } from "../../lib/files/site_packages.ts";
import { hsmCommand, type TestApp, testApp } from "./app.ts";
import { type Run, start } from "./program.ts";

/** How a hook calls hsm, of an app at the top. */
export const CALL = "-C . sync --stand-ins --quiet\n";

/** An app on `main`, whose checkout stands in for v1.0.0, and a branch `next` with a pin at v1.1.0; its hooks are installed. */
export async function hookedApp(): Promise<TestApp> {
  const app = await testApp({ plugins: ["my-plugin"] });
  (await app.hsm("sync")).expect({ code: 0 });
  await begin(app, ".");
  await app.plugin("my-plugin").release({ name: "my-plugin", version: "1.1.0" });
  await app.git(".", "checkout", "-q", "-b", "next");
  (await app.hsm("update")).expect({ code: 0 });
  await app.git(".", "commit", "-qam", "update");
  await app.git(".", "checkout", "-q", "main");
  (await app.hsm("dev", "my-plugin", "--inject", "environment", "--yes")).expect({ code: 0 });
  (await app.hsm("init", "--hooks")).expect({ code: 0 });
  assertEquals(await standsFor(app), "1.0.0");
  return app;
}

/** Makes a repository of a folder. */
export async function begin(app: TestApp, folder: string): Promise<void> {
  await app.git(folder, "init", "-q", "-b", "main");
  await app.git(folder, "add", "--all", "--", ":!home", ":!remotes");
  await app.git(folder, "commit", "-qm", "begin");
}

/** The version that my-plugin's checkout stands in for; `the pin`: it does not. */
export async function standsFor(app: TestApp, folder = "."): Promise<string> {
  const [site = ""] = await sitePackagesOf(resolve(app.root, folder, ".venv"));
  const [found = ""] = [...Deno.readDirSync(site)].map((it) => it.name)
    .filter((it) => /^my_plugin-.*\.dist-info$/.test(it));
  const isMarked = await Deno.lstat(join(site, found, "hsm.json")).then(() => true, () => false);
  return isMarked ? found.slice("my_plugin-".length, -".dist-info".length) : "the pin";
}

/** A PATH with an hsm that writes down how it is called. */
export async function withHsm(app: TestApp, script?: string): Promise<Record<string, string>> {
  const program = join(app.folder, "bin/hsm");
  const words = hsmCommand().map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
  await ensureDir(dirname(program));
  const text = `#!/bin/sh\necho "$@" >> '${app.folder}/calls'\n${script ?? `exec ${words} "$@"`}\n`;
  await Deno.writeTextFile(program, text, { mode: 0o755 });
  return { PATH: `${dirname(program)}:${Deno.env.get("PATH")}` };
}

/** Runs git, which has to succeed, with hsm on PATH; returns what it says, and how it has called hsm. */
export async function git(
  app: TestApp,
  folder: string,
  ...args: string[]
): Promise<[string, string]> {
  const run = await gitWith(app, await withHsm(app), folder, ...args);
  run.expect({ code: 0 });
  return [run.stdout + run.stderr, await calls(app)];
}

/** {@linkcode git} with other variables, whatever comes of it. */
export function gitWith(
  app: TestApp,
  env: Readonly<Record<string, string>>,
  folder: string,
  ...args: string[]
): Promise<Run> {
  return start(["git", ...args], { cwd: join(app.root, folder), env: { ...app.env, ...env } })
    .ended;
}

/** How hsm was called since the last time. */
export async function calls(app: TestApp): Promise<string> {
  const path = join(app.folder, "calls");
  const text = await Deno.readTextFile(path).catch(() => "");
  await Deno.writeTextFile(path, "");
  return text;
}
