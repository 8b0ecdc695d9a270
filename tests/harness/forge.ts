/**
 * An app on a forge: a bare repository that it is cloned from, and a `gh` for pull requests there.
 *
 * @module
 */

import { join } from "@std/path";
import { type AppOptions, type TestApp, testApp } from "./app.ts";
import { must } from "./program.ts";

/** The branch that bots push. */
export const BRANCH = "refs/heads/hsm-update";

/** Keeps the arguments of each call, and has a pull request once one is created; fails as long as there is a file `away`. */
const GH = `#!/bin/sh
cd "$(dirname "$0")"
if test "$2" = list; then test ! -f open || echo 7; exit; fi
if test -f away; then echo "the forge is away" >&2; exit 1; fi
printf '%s\\n' "$@" > "$2"
test "$2" != create || touch open
echo https://example.com/app/pull/7
`;

/** An app that is cloned from a bare repository, and a forge. */
export async function forgedApp(options: AppOptions = {}): Promise<TestApp> {
  const app = await testApp({
    plugins: ["plug-a", "plug-b"],
    manifest: "git: {remotes}/{name}\npackages:\n  plug-a: v1.0.0\n  plug-b: v1.0.0\n",
    ...options,
  });
  (await app.hsm("sync")).expect({ code: 0 });
  await app.git(".", "init", "-q", "-b", "main");
  await app.git(".", "init", "-q", "--bare", "../app.git");
  await app.git(".", "remote", "add", "origin", "../app.git");
  await app.git(".", "add", "--all");
  await app.git(".", "commit", "-q", "-m", "Begin");
  await app.git(".", "push", "-q", "origin", "main");
  await Deno.mkdir(join(app.folder, "forge"));
  await Deno.writeTextFile(join(app.folder, "forge/gh"), GH, { mode: 0o755 });
  return app;
}

/** The variables of a machine with that forge. */
export function forgeEnvironment(app: TestApp): Readonly<Record<string, string>> {
  return { ...app.env, PATH: `${join(app.folder, "forge")}:${Deno.env.get("PATH") ?? ""}` };
}

/** What the forge was asked for by `create` or `edit`; undefined: nothing. */
export async function asked(app: TestApp, what: string): Promise<string | undefined> {
  const path = join(app.folder, "forge", what);
  const text = await Deno.readTextFile(path).catch(() => undefined);
  if (text !== undefined) await Deno.remove(path);
  return text;
}

/** The branches of the app's remote, with their commits. */
export function branches(app: TestApp): Promise<string> {
  return must(["git", "ls-remote", "--heads", "../app.git"], { cwd: app.root, env: app.env });
}
