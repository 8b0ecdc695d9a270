/**
 * What to say of a pin that the remote does not have.
 *
 * @module
 */

import type { ManifestPackage } from "../manifest/model.ts";
import { askRemotes } from "../packages/ask_remotes.ts";
import { nearbyTags } from "../packages/release_tags.ts";
import type { GitSource } from "../source.ts";
import type { Problem } from "../reconcile/problem.ts";
import { suggest } from "../text/suggest.ts";
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
    : nearbyBranches(pin, [...refs.branches.keys()]);
  const fix = kind === "tag" && refs?.branches.has(pin)
    ? `write \`branch: ${pin}\`, for ${pin} is a branch`
    : (kind === "tag" && SHORT_COMMIT.test(pin)
      ? "write all 40 digits, if that is a commit; else "
      : "") +
      `pin ${name} to a ${kind} that is there` +
      (nearby.length === 0 ? `, or push ${pin}` : `: ${nearby.join(", ")}`);
  return {
    code: "pin-not-found",
    severity: "error",
    message: `${name} is pinned to ${kind} ${pin}, which ${source.git} does not have`,
    sides: [{ component: name, file: "hsm.yaml", requirement: pin }],
    fix,
  };
}

/** What people copy as a commit's name. */
const SHORT_COMMIT = /^(?=.*[0-9])(?=.*[a-f])[0-9a-f]{7,39}$/;

/** Some branches, the one first whose name is nearest. */
function nearbyBranches(wanted: string, branches: readonly string[]): readonly string[] {
  const nearest = suggest(wanted, branches);
  return [...new Set([...nearest === undefined ? [] : [nearest], ...branches])].slice(0, 5);
}
