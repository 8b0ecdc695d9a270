/**
 * The files that one run may change, and so brings back.
 *
 * @module
 */

import type { Context } from "../process/context.ts";
import { relativePath } from "../platform/paths.ts";
import { rulesAtStake } from "./ignored.ts";
import type { ManagerFiles } from "./manager_files.ts";
import { searchAtStake } from "./search_file.ts";

type Place = Context & ManagerFiles;

/** The files that a transaction puts back, relative to the root. */
export async function filesAtStake(context: Place): Promise<readonly string[]> {
  const { root, edited } = context;
  return [
    ...new Set(["pyproject.toml", ...edited]),
    "hsm.yaml",
    "hsm.local.yaml",
    ...await rulesAtStake(context),
    ...searchAtStake(root),
    ...lockFilesIn(context),
  ];
}

/** The lock files, relative to the root. */
export function lockFilesIn(
  { root, lockFiles }: Pick<Place, "root" | "lockFiles">,
): readonly string[] {
  return lockFiles.map((file) => relativePath(root, file));
}
