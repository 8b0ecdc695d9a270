/**
 * `deno task compile`: the stand-alone executable, dist/hsm; `deno task compile FOLDER` puts it elsewhere.
 *
 * It is bundled first: a few modules start several times faster than the hundreds that it is made of
 * (docs/performance.md).
 *
 * @module
 */

import { fromFileUrl, join, resolve } from "@std/path";
import { EXECUTABLE_PERMISSIONS } from "./permissions.ts";

const root = fromFileUrl(new URL("..", import.meta.url));
const folder = resolve(Deno.args[0] ?? join(root, "dist"));
const bundle = join(folder, "bundle");
const executable = join(folder, Deno.build.os === "windows" ? "hsm.exe" : "hsm");

await Deno.remove(bundle, { recursive: true }).catch(() => {});
// Split, so that what a command does not need is not loaded. Minified (Deno 2.6) what is CommonJS inside, such as yaml,
// fails with "Dynamic require of node:process is not supported".
await deno(
  "bundle",
  "--quiet",
  "--code-splitting",
  "--platform=deno",
  `--outdir=${bundle}`,
  `${root}cli.ts`,
);
await deno(
  "compile",
  "--quiet",
  "--no-check",
  ...EXECUTABLE_PERMISSIONS,
  `--output=${executable}`,
  join(bundle, "cli.js"),
);
console.log(`made ${executable}, ${Math.round((await Deno.stat(executable)).size / 1e6)} MB`);

async function deno(...args: string[]): Promise<void> {
  const { success, code } = await new Deno.Command(Deno.execPath(), { args, cwd: root }).spawn()
    .status;
  if (!success) Deno.exit(code);
}
