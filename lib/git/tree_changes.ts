/**
 * What differs between the files of two commits.
 *
 * @module
 */

import type { Context } from "../process/context.ts";
import { NO_BACKGROUND, REMOTE } from "./fetch_checkout.ts";

/** A path that differs. */
export interface TreeChange {
  /** The path, relative to the top, with `/`. Bytes that are no UTF-8 are U+FFFD, in whatever else git lists too. */
  readonly path: string;
  /** What it was; undefined where it is new. */
  readonly from: TreeEntry | undefined;
  /** What it becomes; undefined where it goes. */
  readonly to: TreeEntry | undefined;
}

/** What a commit has at a path. */
export interface TreeEntry {
  readonly kind: "file" | "link" | "submodule";
  /** The object; of a submodule its commit. */
  readonly id: string;
}

/**
 * Compares the trees of two commits. Touches nothing but a partial clone's objects, which it may fetch.
 * @param env More variables.
 * @throws {HsmError} `git-failed`, `tool-missing`
 */
export async function treeChanges(
  context: Context,
  directory: string,
  { from, to }: { readonly from: string; readonly to: string },
  env: Readonly<Record<string, string>> = {},
): Promise<readonly TreeChange[]> {
  const $ = context.$.with({ cwd: directory, env, action: "compare commits" });
  const how = ["-r", "-z", "--raw", "--no-abbrev", "--no-renames", "--ignore-submodules=none"];
  const listed = await $`git ${REMOTE} ${NO_BACKGROUND} diff-tree ${how} ${from} ${to} --`.text();
  // Pairs: `:100644 100755 ID ID M`, and the path.
  const parts = listed.split("\0").values();
  const changes: TreeChange[] = [];
  for (const about of parts) {
    const [modeFrom = "", modeTo = "", idFrom = "", idTo = ""] = about.slice(1).split(" ");
    const path = parts.next().value;
    if (path === undefined) break;
    changes.push({ path, from: entryOf(modeFrom, idFrom), to: entryOf(modeTo, idTo) });
  }
  return changes;
}

function entryOf(mode: string, id: string): TreeEntry | undefined {
  if (mode === "000000") return undefined;
  return { kind: mode === "160000" ? "submodule" : mode === "120000" ? "link" : "file", id };
}
