/**
 * What is a conflict, though no environment has both sides of it, to who looks for one solution for all of them.
 *
 * So it looks for one version of each distribution (measured with uv 0.13.9). It splits the environments at Python versions,
 * and where one list requires the same distribution twice under markers that exclude each other; other markers it does
 * not weigh against each other, nor against the marker under which their owner is required.
 *
 * @module
 */

import { checkRequirements } from "./check_requirements.ts";
import type { Edge, Graph } from "./graph.ts";
import { followGraph } from "./reach.ts";
import { LET_JUDGE, type Problem } from "./problem.ts";

/**
 * Finds the requirements that exclude each other in that view alone. Whether the package manager gets to see them together depends on
 * where it splits, so they stay unchecked.
 *
 * @param graph The nodes and environments, in which everything fits.
 * @param leftOut The app's extras and groups that do not count.
 * @param settled The distributions that the user's own overrides settle, normalized.
 * @param manager The package manager.
 */
export function findJoined(
  graph: Graph,
  leftOut: ReadonlySet<string>,
  settled: ReadonlySet<string>,
  manager: string,
): readonly Problem[] {
  const hasMarkers = [...graph.nodes.values()].some(({ edges }) =>
    edges.some((edge) => edge.requirement.marker !== undefined)
  );
  if (!hasMarkers) return [];
  const coarse = graph.environments.coarsen(findSplits(graph));
  const problems = graph.scopes.flatMap((scope) => {
    const seen: Graph = { ...graph, scope, coarse: (bits) => coarse(bits) & scope };
    return [...checkRequirements(seen, followGraph(seen, leftOut), settled)];
  });
  return problems.flatMap((problem) => {
    if (problem.severity !== "error") return [];
    return [{
      ...problem,
      severity: "unchecked",
      message:
        `${problem.message}: not in the same environment, but ${manager} may want one version for all`,
      fix: LET_JUDGE,
    }];
  });
}

/** The environments that the markers name by which it splits. */
function findSplits({ nodes, environments }: Graph): readonly bigint[] {
  const splits = new Set<bigint>();
  for (const { edges } of nodes.values()) {
    const lists = Map.groupBy(
      edges,
      ({ requirement, extra, group }: Edge) => `${requirement.key}\0${extra ?? ""}\0${group ?? ""}`,
    );
    for (const list of lists.values()) {
      if (list.length < 2) continue;
      for (const { requirement } of list) {
        if (requirement.marker !== undefined) splits.add(environments.evaluate(requirement.marker));
      }
    }
  }
  return [...splits];
}
