/**
 * The files that one run may change, and so brings back.
 *
 * @module
 */

import type { CompleteAdapter } from "../adapters/adapter.ts";
import type { Context } from "../context.ts";
import { isFile } from "../is_there.ts";
import { relativePath } from "../platform/paths.ts";
import { rulesAtStake } from "./ignored.ts";
import { searchAtStake } from "./search_file.ts";

type Place = Context & { readonly adapter: CompleteAdapter };

/** The files that a transaction puts back, relative to the root. */
export async function filesAtStake(context: Place): Promise<readonly string[]> {
  const { root, adapter } = context;
  return [
    ...new Set(["pyproject.toml", ...adapter.edited]),
    "hsm.yaml",
    "hsm.local.yaml",
    ...await rulesAtStake(context),
    ...searchAtStake(root),
    ...await lockFiles(context),
  ];
}

type Locked = Pick<Place, "root" | "adapter">;

/** Whether the package manager has written a lock file yet. */
export async function hasLockFile({ root, adapter }: Locked): Promise<boolean> {
  return (await adapter.lockFiles(root)).some(isFile);
}

/** The lock files, relative to the root. */
export async function lockFiles({ root, adapter }: Locked): Promise<readonly string[]> {
  return (await adapter.lockFiles(root)).map((file) => relativePath(root, file));
}
