/**
 * The commits that uv.lock holds packages at.
 *
 * @module
 */

import { given } from "../../given.ts";
import { MAX_WRITTEN_BYTES, peekText } from "../../read_file.ts";
import type { LockedCommit } from "../adapter.ts";
import { readLock } from "./lock.ts";
import { uvWorkspaceRoot } from "./workspace.ts";

/** Reads them; a package that comes from elsewhere than git is left out. Touches nothing. */
export async function lockedCommits(root: string): Promise<ReadonlyMap<string, LockedCommit>> {
  const text = peekText(`${await uvWorkspaceRoot(root)}/uv.lock`, MAX_WRITTEN_BYTES);
  const locked = text === undefined ? [] : readLock(text) ?? [];
  return new Map(locked.flatMap(({ key, git, version }) => {
    const [, query, commit] = /^[^?#]*(?:\?([^#]*))?#([0-9a-f]+)$/.exec(git ?? "") ?? [];
    if (commit === undefined) return [];
    const asked = new URLSearchParams(query);
    const [tag, branch] = ["tag", "branch"].map((it) => asked.get(it) ?? undefined);
    return [[key, { tag, branch, commit, ...given({ version }) }] as const];
  }));
}
