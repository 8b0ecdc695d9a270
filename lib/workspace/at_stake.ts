/**
 * The files that one run may change, and so brings back.
 *
 * @module
 */

import type { Context } from "../process/context.ts";
import type { Manifest } from "../manifest/model.ts";
import { isUnseen } from "../manifest/stand_ins.ts";
import { relativePath } from "../platform/paths.ts";
import { rulesAtStake } from "./ignored.ts";
import type { ManagerFiles } from "./manager_files.ts";
import { searchAtStake } from "./search_file.ts";

type Place = Context & ManagerFiles & {
  /** What the manifest says; undefined: that is not known, or it is no longer what it was. */
  readonly manifest?: Pick<Manifest, "packages">;
};

/** The files that a transaction puts back, relative to the root. */
export async function filesAtStake(context: Place): Promise<readonly string[]> {
  const { root, edited, manifest } = context;
  return [
    ...new Set(["pyproject.toml", ...edited]),
    "hsm.yaml",
    "hsm.local.yaml",
    ...await rulesAtStake(context, manifest === undefined || isUnseen(manifest)),
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
