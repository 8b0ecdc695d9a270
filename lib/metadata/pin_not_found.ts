/**
 * What to say of a pin that the remote does not have.
 *
 * @module
 */

import { askRemotes } from "../git/remote_refs.ts";
import type { ManifestPackage } from "../manifest/model.ts";
import { nearbyTags } from "../packages/release_tags.ts";
import type { GitSource } from "../packages/source.ts";
import type { Problem } from "../reconcile/problem.ts";
import type { Workspace } from "../workspace/workspace.ts";

/** The problem of such a pin; the remote is asked what it has instead. */
export async function pinNotFound(
  workspace: Workspace,
  it: ManifestPackage,
  source: GitSource,
): Promise<Problem> {
  const { name } = it;
  const [kind, pin = ""] = source.tag !== undefined
    ? ["tag", source.tag]
    : source.branch !== undefined
    ? ["branch", source.branch]
    : ["commit", source.rev];
  const [answer] = kind === "commit" ? [] : await askRemotes(workspace, [it]);
  const refs = answer?.refs;
  const nearby = refs === undefined
    ? []
    : kind === "tag"
    ? nearbyTags(pin, refs.tags.keys(), it)
    : [...refs.branches.keys()].slice(0, 5);
  const fix = kind === "tag" && refs?.branches.has(pin)
    ? `write \`branch: ${pin}\`, for ${pin} is a branch`
    : `pin ${name} to a ${kind} that is there` +
      (nearby.length === 0 ? `, or push ${pin}` : `: ${nearby.join(", ")}`);
  return {
    code: "pin-not-found",
    severity: "error",
    message: `${name} is pinned to ${kind} ${pin}, which ${source.git} does not have`,
    sides: [{ component: name, file: "hsm.yaml", requirement: pin }],
    fix,
  };
}
