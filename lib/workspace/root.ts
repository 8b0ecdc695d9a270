/**
 * Where the app is.
 *
 * @module
 */

import { dirname, join, resolve } from "@std/path";
import { HsmError } from "../errors.ts";
import { realFiles } from "../transaction/files.ts";
import { OPEN, readRecord } from "../transaction/journal.ts";

/**
 * Finds the root: the nearest folder upward that holds an hsm.yaml, with all links followed.
 *
 * @param directory Where to begin.
 * @throws {HsmError} `workspace-not-found`, `io`
 */
export function findRoot(directory: string): string {
  const root = nearestRoot(directory);
  if (root !== undefined) return root;
  const start = realPath(directory);
  if (start === undefined) {
    throw new HsmError(
      "workspace-not-found",
      `Cannot look for hsm.yaml in ${resolve(directory)}: there is no such folder`,
    );
  }
  throw new HsmError(
    "workspace-not-found",
    `Cannot find hsm.yaml in ${start} or any folder above it`,
    {
      hint: isFile(join(start, "hsm.yml"))
        ? "rename hsm.yml to hsm.yaml"
        : "run `hsm init` beside the app's pyproject.toml, or write an hsm.yaml there:\n" +
          "  git: https://github.com/org/{name}.git\n  packages:\n    my-plugin: v1.2.0",
    },
  );
}

/**
 * The root, where there is one.
 *
 * @throws {HsmError} `io` where a folder cannot be looked into.
 */
export function nearestRoot(directory: string): string | undefined {
  // uv sees where links lead, and paths that leave the root must mean the same to both.
  const start = realPath(directory);
  for (let folder = start; folder !== undefined;) {
    // A run that was killed while it made or unmade the workspace is undone like any other.
    if (isFile(join(folder, "hsm.yaml")) || isOpen(folder)) return folder;
    const above = dirname(folder);
    folder = above === folder ? undefined : above;
  }
  return undefined;
}

function realPath(path: string): string | undefined {
  try {
    return Deno.realPathSync(path);
  } catch {
    return undefined;
  }
}

/** Whether a run of HSM's own has begun to change something here, and has not come to its end. */
function isOpen(folder: string): boolean {
  try {
    return readRecord(realFiles(), folder, OPEN) !== null;
  } catch {
    // Whatever it is, it did not come about here.
    return false;
  }
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return false;
    }
    throw new HsmError("io", `Cannot look for ${path}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
