/**
 * Tags that stand for another commit than they did when they were locked: a release should never move, and some do.
 *
 * @module
 */

import { shortCommit } from "../checkout/state.ts";
import type { ManifestPackage } from "../manifest/model.ts";
import type { Component } from "../reconcile/model.ts";
import type { Problem } from "../reconcile/problem.ts";
import { tagOf } from "./describe_pin.ts";
import type { LockedCommit } from "./locked.ts";

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
  it: Pick<ManifestPackage, "name" | "pin">,
  locked: LockedCommit | undefined,
  commit: string | undefined,
): MovedTag | undefined {
  const tag = tagOf(it);
  if (tag === undefined || commit === undefined || locked?.tag !== tag) return undefined;
  if (locked.commit === commit) return undefined;
  return {
    reason: `its remote has another commit as ${tag}, ${shortCommit(commit)}, than the lock file, ${
      shortCommit(locked.commit)
    }`,
    fix: `\`hsm sync -- -P ${it.name}\` takes it`,
  };
}

/**
 * The tags that have moved since they were locked.
 *
 * @param components The packages as read at their pins.
 * @param locked What the lock file has, by normalized name.
 */
export function findMovedTags(
  packages: readonly ManifestPackage[],
  components: readonly Component[],
  locked: ReadonlyMap<string, LockedCommit>,
): readonly Problem[] {
  const commits = new Map(components.map((it) => [it.name, it.commit]));
  return packages.flatMap((it): Problem[] => {
    const { name, key } = it;
    const moved = movedTag(it, locked.get(key), commits.get(name));
    const requirement = tagOf(it);
    if (moved === undefined || requirement === undefined) return [];
    return [{
      code: "tag-moved",
      severity: "warning",
      message: `${name}: ${moved.reason}`,
      sides: [{ component: name, file: "hsm.yaml", requirement }],
      fix: moved.fix,
    }];
  });
}
