/**
 * What uv must be told so that the manifest's sources apply to packages that others require.
 *
 * Measured with uv 0.13.9: a source applies to a package that the app names, in any group or extra; under a marker only
 * where uv does not split its resolution by it, and likewise in a group with a `requires-python` of its own, or an extra or
 * group of `conflicts`. To others it applies only if `constraint-dependencies` names them. A component's own source, or
 * URL, for a managed package, or one of the uv workspace that it is a member of, makes uv fail with "conflicting URLs" as
 * long as that requirement counts and the place is another, unless `override-dependencies` names the package. An override
 * replaces every requirement on it, the app's included: specifier, extras and marker. So it
 * must carry all extras that anybody asks for, each where it is asked for.
 *
 * @module
 */

import { normalizeName, requirementName } from "../../names.ts";
import { isForeign } from "../../reconcile/edge_places.ts";
import type { Edge, Graph, Node } from "../../reconcile/graph.ts";
import { edgeBits, findGroups, followGraph } from "../../reconcile/reach.ts";
import { comparisonsOf } from "../../versions/marker.ts";
import type { App } from "../../reconcile/model.ts";

/**
 * Finds the overrides that uv needs; there are as few of them as will do.
 *
 * @param graph The nodes.
 */
export function findOverrides(graph: Graph): readonly string[] {
  const reaches = followGraph(graph, new Set(), true);
  const onTarget = new Map<Node, Edge[]>();
  const overridden = new Set<Node>();
  for (const node of graph.nodes.values()) {
    for (const edge of node.edges) {
      const target = graph.nodes.get(edge.requirement.key);
      if (target?.component === undefined || edge.isConstraint) continue;
      if (edgeBits(graph, edge, reaches) === 0n) continue;
      const edges = onTarget.get(target);
      if (edges === undefined) onTarget.set(target, [edge]);
      else edges.push(edge);
      if (node !== graph.app && node !== target && isForeign(edge, target)) overridden.add(target);
    }
  }
  const named = new Set(writtenEdges(graph).map((edge) => edge.requirement.key));
  return [...graph.nodes.values()].flatMap((node) =>
    overridden.has(node) ? overrideEntries(node, onTarget.get(node) ?? [], named) : []
  );
}

/**
 * Finds the constraints: the overrides once known, they depend on the app, and on no component's metadata.
 *
 * @param graph The nodes.
 * @param overrides The overrides beside the app's own.
 */
export function findConstraints(graph: Graph, overrides: readonly string[]): readonly string[] {
  const written = writtenEdges(graph);
  const named = new Set(written.map((edge) => edge.requirement.key));
  const { conflicts } = graph.app.metadata as App;
  // What uv resolves apart from the rest names nothing there.
  const groups = findGroups(graph, new Set(conflicts.flat()));
  const isApart = (extra: string) => conflicts.some((set) => set.includes(`extra:${extra}`));
  const isEverywhere = ({ requirement: { marker }, group, extra }: Edge): boolean => {
    if (extra !== undefined && isApart(extra)) return false;
    const bits = group === undefined ? graph.scope : groups.get(group) ?? 0n;
    const holds = marker === undefined ? bits : bits & graph.environments.evaluate(marker);
    return (graph.scope & ~holds) === 0n;
  };
  const secure = new Set(written.filter(isEverywhere).map((edge) => edge.requirement.key));
  // An override names its package as well, the user's own like any other.
  const settled = new Set(
    [...(graph.app.metadata as App).overrides, ...overrides].map(requirementName),
  );
  return [...graph.nodes.values()].flatMap(({ key, component }) => {
    if (component === undefined || settled.has(key) || secure.has(key)) return [];
    return !component.require || named.has(key) ? [component.name] : [];
  });
}

function writtenEdges({ app }: Graph): readonly Edge[] {
  return app.edges.filter((edge) => !edge.isConstraint);
}

/** The entries of one package: each extra, and the bare package, under the markers of those who ask for it. */
function overrideEntries(
  node: Node,
  edges: readonly Edge[],
  named: ReadonlySet<string>,
): readonly string[] {
  const { name, extras, require } = node.component!;
  // The empty text stands for the package itself; undefined among its markers: always.
  const wanted = new Map<string, Set<string | undefined>>();
  const want = (asked: readonly string[], marker: string | undefined): void => {
    for (const extra of ["", ...asked.map(normalizeName)]) {
      const markers = wanted.get(extra) ?? new Set();
      wanted.set(extra, markers.add(marker));
    }
  };
  if (require && (extras.length > 0 || !named.has(node.key))) want(extras, undefined);
  const selfEdges = edges.filter((edge) => edge.owner === node);
  for (const { requirement, owner } of edges) {
    if (owner === node) continue;
    // A marker on an extra is not for uv's settings.
    const isAlways = requirement.marker === undefined ||
      [...comparisonsOf(requirement.marker)].some(({ variable }) => variable === "extra");
    want(requirement.extras, isAlways ? undefined : requirement.markerText);
  }
  // What a package asks of itself, as in all = ["plug-a[fast]"], holds where its extra is asked for; each round follows
  // such a chain by one more link.
  for (const _ of selfEdges) {
    for (const { requirement, extra = "" } of selfEdges) {
      for (const marker of wanted.get(extra) ?? []) want(requirement.extras, marker);
    }
  }
  const byMarker = new Map<string, string[]>();
  for (const [extra, markers] of [...wanted].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const marker = markers.has(undefined) ? "" : joinMarkers([...markers] as string[]);
    byMarker.set(marker, [...byMarker.get(marker) ?? [], extra]);
  }
  return [...byMarker].map(([marker, list]) => {
    const asked = list.filter((extra) => extra !== "");
    const bare = asked.length === 0 ? name : `${name}[${asked.join(",")}]`;
    return marker === "" ? bare : `${bare} ; ${marker}`;
  });
}

function joinMarkers(markers: readonly string[]): string {
  const [only] = markers;
  return markers.length === 1 ? only! : markers.map((marker) => `(${marker})`).sort().join(" or ");
}
