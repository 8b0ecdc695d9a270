/**
 * `deno task compile`: the stand-alone executable, dist/hsm; `deno task compile FOLDER` puts it elsewhere.
 *
 * It is bundled first: a few modules start several times faster than the hundreds that it is made of
 * (docs/performance.md).
 *
 * @module
 */

import { fromFileUrl, join, resolve } from "@std/path";
import { build, stop } from "esbuild";
import { sourceCommit } from "../lib/git/source_commit.ts";
import { EXECUTABLE_PERMISSIONS } from "./permissions.ts";
import { readWords } from "./words.ts";

/** The folder of the sources. */
export const PROJECT: string = fromFileUrl(new URL("..", import.meta.url));

/** Where executables are put, and what is made of them. */
export const DIST: string = join(PROJECT, "dist");

/**
 * Compiles the executable into a folder, for this machine or another target of `deno compile`. From the same sources by the
 * same Deno it is the same to the byte.
 *
 * @returns Its path.
 */
export async function compile(folder: string, target: string = Deno.build.target): Promise<string> {
  const bundle = join(folder, "bundle");
  const executable = join(folder, target.includes("windows") ? "hsm.exe" : "hsm");
  await Deno.remove(bundle, { recursive: true }).catch(() => {});
  // Split, so that what a command does not need is not loaded.
  await deno(
    "bundle",
    "--quiet",
    "--code-splitting",
    "--platform=deno",
    `--outdir=${bundle}`,
    `${PROJECT}cli.ts`,
  );
  const files = [...Deno.readDirSync(bundle)].map((it) => join(bundle, it.name));
  // The start takes as long as the bundle is. It is made small in a step of its own, for with `deno bundle --minify` (2.6)
  // what is CommonJS inside, such as yaml, fails with "Dynamic require of node:process is not supported"; and names stay,
  // so that a stack trace can be read.
  await build({
    entryPoints: files,
    outdir: bundle,
    allowOverwrite: true,
    format: "esm",
    target: "esnext",
    minifyWhitespace: true,
    minifySyntax: true,
    define: { HSM_COMMIT: JSON.stringify(await sourceCommit(PROJECT)) ?? "undefined" },
    logLevel: "warning",
  });
  await stop();
  // `deno compile` notes the times of the files.
  for (const file of files) await Deno.utime(file, 0, 0);
  await deno(
    "compile",
    "--quiet",
    "--no-check",
    `--target=${target}`,
    ...EXECUTABLE_PERMISSIONS,
    `--output=${executable}`,
    join(bundle, "cli.js"),
  );
  console.log(`made ${executable}, ${Math.round((await Deno.stat(executable)).size / 1e6)} MB`);
  return executable;
}

async function deno(...args: string[]): Promise<void> {
  const { success, code } = await new Deno.Command(Deno.execPath(), { args, cwd: PROJECT }).spawn()
    .status;
  if (!success) Deno.exit(code);
}

if (import.meta.main) {
  await compile(resolve(readWords("compile").folder ?? DIST));
}
