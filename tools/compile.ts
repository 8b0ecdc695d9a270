/**
 * `deno task compile`: the stand-alone executable, dist/hsm; `deno task compile FOLDER` puts it elsewhere.
 *
 * It is bundled first: one module starts several times faster than the hundreds that it is made of (docs/architecture.md).
 *
 * @module
 */

import { fromFileUrl, join, resolve } from "@std/path";

const root = fromFileUrl(new URL("..", import.meta.url));
const folder = resolve(Deno.args[0] ?? join(root, "dist"));
const bundle = join(folder, "hsm.js");
const executable = join(folder, Deno.build.os === "windows" ? "hsm.exe" : "hsm");

/** What the executable may do: no network, no foreign code, no remote imports, and no question about it. */
const PERMISSIONS = [
  "--no-prompt",
  "--allow-read",
  "--allow-write",
  "--allow-env",
  "--allow-run",
  "--deny-net",
  "--deny-ffi",
  "--deny-import",
  "--deny-sys",
];

await deno(
  "bundle",
  "--quiet",
  "--minify",
  "--platform=deno",
  `--output=${bundle}`,
  `${root}cli.ts`,
);
// dax asks for Node's own modules by `require`, which a bundle does not have.
await Deno.writeTextFile(
  bundle,
  `import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);\n` +
    await Deno.readTextFile(bundle),
);
await deno("compile", "--quiet", "--no-check", ...PERMISSIONS, `--output=${executable}`, bundle);
console.log(`made ${executable}, ${Math.round((await Deno.stat(executable)).size / 1e6)} MB`);

async function deno(...args: string[]): Promise<void> {
  const { success, code } = await new Deno.Command(Deno.execPath(), { args, cwd: root }).spawn()
    .status;
  if (!success) Deno.exit(code);
}
