/**
 * Reading where the app's own repository is.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { join } from "@std/path";
import type { Context } from "../process/context.ts";
import { exists } from "../files/is_there.ts";
import type { RepositoryState } from "./repository_state.ts";
import { operationIn, withArticle } from "./operation.ts";
import { READING } from "./reading.ts";

/**
 * Reads where the repository around a folder is. Touches nothing.
 *
 * @returns undefined where there is none.
 */
export async function readRepositoryState(
  context: Context,
  directory: string,
): Promise<RepositoryState | undefined> {
  const $ = context.$.with({ cwd: directory });
  const places = await $`git ${READING} rev-parse --show-toplevel --absolute-git-dir`.noThrow();
  if (!places.success) return undefined;
  const [top = "", gitDir = ""] = places.stdout.split("\n");
  await waitForIndex(gitDir);
  const [commit, branch, index] = await Promise.all([
    $`git ${READING} rev-parse --verify --quiet 'HEAD^{commit}'`.noThrow(),
    $`git ${READING} symbolic-ref --quiet HEAD`.noThrow(),
    $`git ${READING} ls-files --stage -z --full-name -- :/`.noThrow(),
  ]);
  const busy = index.success ? busyWith(top, gitDir, index.stdout) : "its index cannot be read";
  return {
    ...(branch.success ? { branch: branch.stdout.trim() } : {}),
    ...(commit.success ? { commit: commit.stdout.trim() } : {}),
    index: createHash("sha256").update(index.stdout).digest("hex"),
    ...(busy === undefined ? {} : { busy }),
  };
}

/** How long another git may write the index, as an editor's does now and then, in milliseconds. */
const PATIENCE = 3000;

async function waitForIndex(gitDir: string): Promise<void> {
  const deadline = performance.now() + PATIENCE;
  while (exists(join(gitDir, "index.lock")) && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** What git has not finished, or was not let finish. */
function busyWith(top: string, gitDir: string, index: string): string | undefined {
  const operation = operationIn(top);
  if (operation !== undefined) return `git is in the middle of ${withArticle(operation)}`;
  if (exists(join(gitDir, "index.lock"))) {
    return `git runs, or was ended while it wrote (${join(gitDir, "index.lock")} is there)`;
  }
  if (exists(join(gitDir, "MERGE_AUTOSTASH"))) {
    return "git is in the middle of a merge, with changes put aside in MERGE_AUTOSTASH";
  }
  return /(?:^|\0)\d+ [\da-f]+ [123]\t/.test(index) ? "git has unmerged files" : undefined;
}
