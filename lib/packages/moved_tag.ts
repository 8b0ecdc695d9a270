/**
 * Tags that stand for another commit than they did when they were locked: a release should never move, and some do.
 *
 * @module
 */

import { shortCommit } from "../checkout/state.ts";
import type { ManifestPackage } from "../manifest/model.ts";
import type { Problem } from "../reconcile/problem.ts";
import { tagOf } from "./describe_pin.ts";
import type { LockedCommit } from "./locked.ts";
import { relockCommand } from "./relock.ts";

/** A tag that has moved. */
export interface MovedTag {
  /** What is the matter, in words. */
  readonly reason: string;
  /** What to do about it. */
  readonly fix: string;
}

/**
 * Compares a package's tag at its remote with what is locked.
 *
 * @param of Whose package manager it is.
 * @param commit The tag's commit at the remote.
 * @returns Undefined where it is where it was.
 */
export function movedTag(
  of: Parameters<typeof relockCommand>[0],
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
    fix: `\`${relockCommand(of, [it.name]) ?? "hsm sync"}\` takes it`,
  };
}

/**
 * Compares a checkout's tag with its remote's.
 *
 * @param own The tag's commit in the checkout.
 * @param of Whose package manager it is.
 * @param commit The tag's commit at the remote.
 */
export function movedFromCheckout(
  { path }: ManifestPackage,
  tag: string,
  own: string | undefined,
  commit: string | undefined,
): MovedTag | undefined {
  if (own === undefined || commit === undefined || own === commit) return undefined;
  const [here, there] = [own, commit].map(shortCommit);
  return {
    reason: `its remote has another commit as ${tag}, ${there}, than ${path}, ${here}`,
    fix: `\`git -C ${path} fetch --force origin tag ${tag}\` takes it there, too`,
  };
}

/** A tag that has moved, as a problem of its package. */
export function tagMoved(it: ManifestPackage, { reason, fix }: MovedTag): Problem {
  const { name } = it;
  return {
    code: "tag-moved",
    severity: "warning",
    message: `${name}: ${reason}`,
    sides: [{ component: name, file: "hsm.yaml", requirement: tagOf(it) ?? "" }],
    fix,
  };
}
