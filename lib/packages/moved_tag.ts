/**
 * Tags that stand for another commit than they did when they were locked: a release should never move, and some do.
 *
 * @module
 */

import { cacheFolder } from "../cache/cache.ts";
import { shortCommit } from "../checkout/state.ts";
import { repositoryUrl } from "../git/url.ts";
import type { ManifestPackage } from "../manifest/model.ts";
import { MetadataCache } from "../metadata/cache.ts";
import type { Problem } from "../reconcile/problem.ts";
import type { LockedCommit } from "./locked.ts";
import type { Workspace } from "../workspace/workspace.ts";

/** What there is to say of a package's tag; undefined where it is where it was. */
export interface MovedTag {
  /** What is the matter, in words. */
  readonly reason: string;
  /** What to do about it. */
  readonly fix: string;
}

/**
 * Compares a package's tag at its remote with what is locked.
 *
 * @param commit The tag's commit at the remote.
 */
export function movedTag(
  { name, pin }: Pick<ManifestPackage, "name" | "pin">,
  locked: LockedCommit | undefined,
  commit: string | undefined,
): MovedTag | undefined {
  const tag = pin !== undefined && "tag" in pin ? pin.tag : undefined;
  if (tag === undefined || commit === undefined || locked?.tag !== tag) return undefined;
  if (locked.commit === commit) return undefined;
  return {
    reason: `its remote has another commit as ${tag}, ${shortCommit(commit)}, than the lock file, ${
      shortCommit(locked.commit)
    }`,
    fix: `\`hsm sync -- -P ${name}\` takes it`,
  };
}

/** The tags that have moved since they were locked, as far as the cache knows, which a check has just filled. */
export async function findMovedTags(
  { workspace, locked: readLocked }: {
    readonly workspace: Workspace;
    readonly locked: () => Promise<ReadonlyMap<string, LockedCommit>>;
  },
): Promise<readonly Problem[]> {
  const { root, manifest } = workspace;
  const packages = manifest.packages.filter((it) => it.mode === "prod");
  if (packages.length === 0) return [];
  const locked = await readLocked();
  const cache = new MetadataCache(cacheFolder(workspace.env));
  return packages.flatMap((it): Problem[] => {
    const { name, key, git, pin } = it;
    if (git === undefined || pin === undefined || !("tag" in pin) || !locked.has(key)) return [];
    const url = repositoryUrl(git, root);
    const commit = cache.commit({ url, ref: `refs/tags/${pin.tag}` });
    const moved = movedTag(it, locked.get(key), commit);
    if (moved === undefined) return [];
    return [{
      code: "tag-moved",
      severity: "warning",
      message: `${name}: ${moved.reason}`,
      sides: [{ component: name, file: "hsm.yaml", requirement: pin.tag }],
      fix: moved.fix,
    }];
  });
}
