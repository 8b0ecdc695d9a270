/**
 * Where the app is.
 *
 * @module
 */

import { dirname, join, resolve } from "@std/path";
import { HsmError } from "../errors.ts";

/**
 * Finds the root: the nearest folder upward that holds an hsm.yaml, with all links followed.
 *
 * @param directory Where to begin.
 * @throws {HsmError} `workspace-not-found`
 */
export async function findRoot(directory: string): Promise<string> {
  // uv sees where links lead, and paths that leave the root must mean the same to both.
  const start = await Deno.realPath(directory).catch(() => undefined);
  if (start === undefined) {
    throw new HsmError(
      "workspace-not-found",
      `Cannot look for hsm.yaml in ${resolve(directory)}: there is no such folder`,
    );
  }
  for (let folder = start;; folder = dirname(folder)) {
    if (await isFile(join(folder, "hsm.yaml"))) return folder;
    if (folder === dirname(folder)) break;
  }
  throw new HsmError(
    "workspace-not-found",
    `Cannot find hsm.yaml in ${start} or any folder above it`,
    {
      hint: "run `hsm init` beside the app's pyproject.toml, or write an hsm.yaml there:\n" +
        "  git: https://github.com/org/{name}.git\n  packages:\n    my-plugin: v1.2.0",
    },
  );
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return false;
    }
    throw new HsmError("io", `Cannot look for ${path}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
