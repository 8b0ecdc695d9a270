/**
 * `deno task compile`: the stand-alone executable, dist/hsm; `deno task compile FOLDER` puts it elsewhere.
 *
 * It is bundled first: a few modules start several times faster than the hundreds that it is made of
 * (docs/performance.md).
 *
 * @module
 */

import { parseArgs } from "@std/cli";
import { fromFileUrl, join, resolve } from "@std/path";
import { build, stop } from "esbuild";
import { EXECUTABLE_PERMISSIONS } from "./permissions.ts";

const root = fromFileUrl(new URL("..", import.meta.url));
const [asked] = parseArgs(Deno.args, { string: ["_"] })._;
const folder = resolve(asked === undefined ? join(root, "dist") : String(asked));
const bundle = join(folder, "bundle");
const executable = join(folder, Deno.build.os === "windows" ? "hsm.exe" : "hsm");

await Deno.remove(bundle, { recursive: true }).catch(() => {});
// Split, so that what a command does not need is not loaded.
await deno(
  "bundle",
  "--quiet",
  "--code-splitting",
  "--platform=deno",
  `--outdir=${bundle}`,
  `${root}cli.ts`,
);
// The start takes as long as the bundle is. It is made small in a step of its own, for with `deno bundle --minify` (2.6)
// what is CommonJS inside, such as yaml, fails with "Dynamic require of node:process is not supported"; and names stay,
// so that a stack trace can be read.
await build({
  entryPoints: [...Deno.readDirSync(bundle)].map((it) => join(bundle, it.name)),
  outdir: bundle,
  allowOverwrite: true,
  format: "esm",
  target: "esnext",
  minifyWhitespace: true,
  minifySyntax: true,
  logLevel: "warning",
});
await stop();
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
