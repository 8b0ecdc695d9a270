/**
 * `deno doc --lint` for all that the package exports, and `deno test --doc` for all examples in docstrings, inside a real
 * workspace: each one runs as it stands.
 *
 * @module
 */

import { fromFileUrl, join } from "@std/path";
import deno from "../deno.json" with { type: "json" };
import { APP_PYPROJECT, testApp } from "../tests/harness/app.ts";

const root = fromFileUrl(new URL("..", import.meta.url));

const entries = Object.values(deno.exports).map((it) => join(root, it));
const lint = await new Deno.Command(Deno.execPath(), {
  args: ["doc", "--lint", "--quiet", ...entries],
}).spawn().status;

const plugin = (name: string) => ({ name, version: "1.2.0" });
await using app = await testApp({
  plugins: ["my-plugin", "other-plugin", "new-plugin"].map(plugin),
  manifest: `git: {remotes}/{name}
packages:
  my-plugin: v1.2.0
  other-plugin: v1.2.0
`,
  pyproject: `${APP_PYPROJECT}\n[project.optional-dependencies]\ndev = []\n`,
  files: {
    "hsm.local.yaml": "packages:\n  my-plugin:\n    mode: dev\n",
    "../other-app/pyproject.toml": APP_PYPROJECT,
  },
});
// And a repository of its own, which follows another.
const bare = join(app.folder, "app.git");
await app.git(".", "init", "--quiet", "--initial-branch=main");
await app.git(".", "add", "pyproject.toml", "hsm.yaml");
await app.git(".", "commit", "--quiet", "--message=Begin");
await app.git(".", "clone", "--quiet", "--bare", ".", bare);
await app.git(".", "remote", "add", "origin", bare);
await app.git(".", "fetch", "--quiet");
await app.git(".", "branch", "--quiet", "--set-upstream-to=origin/main");
const { code } = await new Deno.Command(Deno.execPath(), {
  args: [
    "test",
    "--quiet",
    "--doc",
    "--allow-read",
    "--allow-write",
    "--allow-env",
    "--allow-run",
    `--config=${root}deno.json`,
    `${root}mod.ts`,
    `${root}api/`,
    `${root}lib/`,
    `${root}tasks/`,
  ],
  cwd: app.root,
  env: app.env,
}).spawn().status;
Deno.exitCode = lint.code || code;
