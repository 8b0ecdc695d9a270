/**
 * The app in a git repository, with the commit hook that the documentation tells.
 *
 * @module
 */

import { ensureDir } from "@std/fs";
import { join } from "@std/path";
import { hsmCommand, type TestApp } from "./app.ts";
import { type Run, start } from "./program.ts";

/** The hook in docs/guides/ci.md, as it stands there. */
export async function documentedHook(): Promise<string> {
  const guide = await Deno.readTextFile(new URL("../../docs/guides/ci.md", import.meta.url));
  const hook = /```sh\n(#!\/bin\/sh\n[^`]*)```/.exec(guide)?.[1];
  if (hook === undefined) throw new Error("docs/guides/ci.md has no hook");
  return hook;
}

/** Commits all that the app has, in a new repository, and then installs the hook. */
export async function commitAll(app: TestApp): Promise<void> {
  await app.git(".", "init", "-q", "-b", "main");
  await app.git(".", "add", "-A");
  await app.git(".", "commit", "-q", "-m", "Begin");
  await installHook(app, await documentedHook());
}

/** Installs a commit hook in the app's repository. */
export async function installHook(app: TestApp, text: string): Promise<void> {
  const hooks = join(app.root, ".git/hooks");
  await ensureDir(hooks);
  await Deno.writeTextFile(join(hooks, "pre-commit"), text, { mode: 0o755 });
}

/** Runs git in a folder of the app, with `hsm` on PATH, to its end. */
export async function runGit(app: TestApp, folder: string, ...args: string[]): Promise<Run> {
  const bin = join(app.folder, "bin");
  await ensureDir(bin);
  const words = hsmCommand().map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
  await Deno.writeTextFile(join(bin, "hsm"), `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o755 });
  const PATH = `${bin}:${Deno.env.get("PATH")}`;
  return await start(["git", ...args], {
    cwd: join(app.root, folder),
    env: { ...app.env, PATH },
  }).ended;
}
