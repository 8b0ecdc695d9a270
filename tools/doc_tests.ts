/**
 * `deno test --doc` for all examples in docstrings, inside a real workspace: each one runs as it stands.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";
import { APP_PYPROJECT, testApp } from "../tests/harness/app.ts";

const root = fromFileUrl(new URL("..", import.meta.url));

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
await app.git(".", "init", "-q");
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
    `${root}lib/`,
    `${root}tasks/`,
  ],
  cwd: app.root,
  env: app.env,
}).spawn().status;
Deno.exitCode = code;
