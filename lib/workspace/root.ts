/**
 * Where the app is.
 *
 * @module
 */

import { dirname, join, resolve } from "@std/path";
import { attempt } from "../attempt.ts";
import { HsmError } from "../errors.ts";
import { irregularity, isMissing } from "../files/read_file.ts";
import { ioError } from "../files/system_error.ts";
import { hasJournal } from "../transaction/journal.ts";

/**
 * Finds the root: the nearest folder upward that holds an hsm.yaml, with all links followed.
 *
 * @param directory Where to begin.
 * @throws {HsmError} `workspace-not-found`; `io` where something else than a file has that name, or a folder cannot be
 * looked into.
 */
export function findRoot(directory: string): string {
  const root = nearestRoot(directory);
  if (root !== undefined) return root;
  const start = realFolder(directory);
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
        : "run `hsm init` in the app's folder, or write an hsm.yaml there, such as " +
          "`packages: { my-plugin: { git: https://github.com/org/my-plugin.git, tag: v1.2.0 } }`",
    },
  );
}

/**
 * The root, where there is one.
 *
 * @throws {HsmError} `io` where something else than a file has that name, or a folder cannot be looked into.
 */
export function nearestRoot(directory: string): string | undefined {
  // uv sees where links lead, and paths that leave the root must mean the same to both.
  const start = realFolder(directory);
  for (let folder = start; folder !== undefined;) {
    // A run that was killed while it made or unmade the workspace is undone like any other.
    if (isFile(join(folder, "hsm.yaml")) || hasJournal(folder)) return folder;
    const above = dirname(folder);
    folder = above === folder ? undefined : above;
  }
  return undefined;
}

/**
 * Refuses what somebody named as the folder to begin in, and is none.
 *
 * @throws {HsmError} `usage`; `io` where it cannot be looked at
 */
export function refuseNoFolder(path: string): void {
  let state = "it is no folder";
  try {
    if (Deno.statSync(path).isDirectory) return;
  } catch (error) {
    if (!isMissing(error)) throw ioError(`work in ${path}`, path, error);
    state = "there is no such folder";
  }
  throw new HsmError("usage", `Cannot work in ${path}: ${state}`, {
    hint: "name the app's folder, or one in it",
  });
}

function realFolder(path: string): string | undefined {
  const real = attempt(() => Deno.realPathSync(path));
  return real && attempt(() => Deno.statSync(real))?.isDirectory ? real : undefined;
}

/** Whether there is such a file; something else of its name is no reason to look further up. */
function isFile(path: string): boolean {
  try {
    const problem = irregularity(Deno.statSync(path), path, path);
    if (problem !== undefined) throw problem;
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw ioError(`look for ${path}`, path, error);
  }
}
