/**
 * The files that one run may change, and so brings back.
 *
 * @module
 */

import type { CompleteAdapter } from "../adapters/adapter.ts";
import type { Context } from "../process/context.ts";
import { relativePath } from "../platform/paths.ts";
import { rulesAtStake } from "./ignored.ts";
import { searchAtStake } from "./search_file.ts";

type Place = Context & {
  readonly adapter: CompleteAdapter;
  readonly lockFiles: readonly string[];
};

/** The files that a transaction puts back, relative to the root. */
export async function filesAtStake(context: Place): Promise<readonly string[]> {
  const { root, adapter } = context;
  return [
    ...new Set(["pyproject.toml", ...adapter.edited]),
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
