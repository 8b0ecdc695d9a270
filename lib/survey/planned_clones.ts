/**
 * The checkouts that a sync would clone.
 *
 * @module
 */

import { groupByCheckout } from "../checkout/group.ts";
import { clonedCommit } from "../git/remote_refs.ts";
import { remoteAddress } from "../git/url.ts";
import { mapAll } from "../process/pool.ts";
import type { Survey } from "./survey.ts";

/** A checkout that a sync would clone. */
export interface PlannedClone {
  /** Its folder, relative to the root, with `/`. */
  readonly path: string;
  /** The packages in it, by name. */
  readonly packages: readonly string[];
  /** Where it would come from; null: hsm.yaml does not say. */
  readonly git: string | null;
  /** The branch that it would be on; null: not known, or on none. */
  readonly branch: string | null;
  /** The commit that it would be at; null: the remote does not tell. */
  readonly commit: string | null;
}

/**
 * Asks the remotes what clones of them would be. Touches nothing.
 *
 * @param missing The names of the packages whose checkout would be cloned.
 */
export async function plannedClones(
  { workspace, packages }: Survey,
  missing: readonly string[],
): Promise<readonly PlannedClone[]> {
  const { root, jobs } = workspace;
  const groups = groupByCheckout(root, packages.filter((it) => missing.includes(it.name)));
  return await mapAll(groups, jobs, async ({ path, packages, names, git, checkout }) => {
    using _ = workspace.reporter.progress(`Asking for ${names}`);
    const head = git === undefined
      ? undefined
      : await clonedCommit(workspace, remoteAddress(git, root), checkout);
    const { branch = null, commit = null } = head ?? {};
    return { path, packages: packages.map((it) => it.name), git: git ?? null, branch, commit };
  });
}
