/**
 * Where each node is installed: the requirements followed from the app through the extras that are asked for, with the
 * environments in which each one counts.
 *
 * @module
 */

import { normalizeName } from "../names.ts";
import type { Edge, Graph, Node } from "./graph.ts";
import type { App } from "./model.ts";
import { parseSpecifiers } from "../versions/specifiers.ts";

/** Where a node is installed, and where its extras are. */
export interface Reach {
  /** The environments with the distribution. */
  base: bigint;
  /** The environments with each of its extras. */
  readonly extras: Map<string, bigint>;
  /** Those for which each of the app's dependency groups counts. */
  readonly groups: ReadonlyMap<string, bigint>;
  /** Whether requirements count of which nobody knows whether they are there. */
  readonly isOpen: boolean;
}

/** Where each node is installed. */
export type Reaches = ReadonlyMap<Node, Reach>;

/**
 * Follows the requirements from the app. All of its groups and extras count, because uv locks all of them.
 *
 * @param graph The nodes.
 * @param leftOut The app's extras and groups that do not count, as `extra:NAME` and `group:NAME`.
 * @param isOpen Whether requirements count of which nobody knows whether they are there.
 */
export function followGraph(
  graph: Graph,
  leftOut: ReadonlySet<string>,
  isOpen = false,
): Reaches {
  const { app, nodes, scope } = graph;
  const reaches = new Map<Node, Reach>();
  for (const node of nodes.values()) {
    const groups = node === app ? findGroups(graph, leftOut) : NO_GROUPS;
    reaches.set(node, { base: 0n, extras: new Map(), groups, isOpen });
  }
  const data = app.metadata as App;
  const queue = new Set<Node>();
  const add = (node: Node, bits: bigint, extras: readonly string[]): void => {
    const reach = reaches.get(node)!;
    let isNew = (bits & ~reach.base) !== 0n;
    reach.base |= bits;
    for (const extra of extras) {
      const before = reach.extras.get(extra) ?? 0n;
      if ((bits & ~before) === 0n) continue;
      reach.extras.set(extra, before | bits);
      isNew = true;
    }
    if (isNew) queue.add(node);
  };
  const ownExtras = Object.keys(data.optionalDependencies).map(normalizeName);
  add(app, scope, ownExtras.filter((extra) => !leftOut.has(`extra:${extra}`)));
  const written = new Set(
    app.edges.filter((edge) => !edge.isConstraint).map((edge) => edge.requirement.key),
  );
  for (const node of nodes.values()) {
    const { component } = node;
    if (component === undefined || !component.require) continue;
    // What the user wrote stands, wherever it is; HSM adds a requirement where there is none, or has done so before.
    const isInjected = data.injected[node.key] === normalizeName(component.group ?? "");
    if (written.has(node.key) && !isInjected) continue;
    const bits = component.group === undefined
      ? scope
      : reaches.get(app)!.groups.get(normalizeName(component.group)) ?? 0n;
    const replaced = graph.replacements.get(node.key);
    if (replaced === undefined) add(node, bits, component.extras.map(normalizeName));
    for (const { marker, extras } of replaced ?? []) {
      add(node, bits & graph.environments.evaluate(marker), extras);
    }
  }
  for (const node of queue) {
    queue.delete(node);
    for (const edge of node.edges) {
      const target = nodes.get(edge.requirement.key);
      if (target === undefined || edge.isConstraint) continue;
      const bits = edgeBits(graph, edge, reaches);
      if (bits !== 0n) add(target, bits, edge.requirement.extras);
    }
  }
  return reaches;
}

const NO_GROUPS: ReadonlyMap<string, bigint> = new Map();

/** The environments for which each of the app's groups counts, those that HSM makes included. */
export function findGroups(
  { app, nodes, environments, scope }: Graph,
  leftOut: ReadonlySet<string>,
): ReadonlyMap<string, bigint> {
  const { dependencyGroups, groupPythons } = app.metadata as App;
  const made = [...nodes.values()].flatMap((node) => node.component?.group ?? []);
  const groups = new Map<string, bigint>();
  for (const group of [...Object.keys(dependencyGroups), ...made].map(normalizeName)) {
    if (leftOut.has(`group:${group}`)) continue;
    const python = parseSpecifiers(groupPythons[group] ?? "");
    groups.set(group, python.ok ? scope & environments.wherePython(python.value) : scope);
  }
  return groups;
}

/** The environments in which a requirement counts. */
export function edgeBits(graph: Graph, edge: Edge, reaches: Reaches): bigint {
  const { base, extras, groups, isOpen } = reaches.get(edge.owner)!;
  // What may be nothing causes no problem; that it may be something is told apart.
  if (edge.isAssumed && !isOpen) return 0n;
  const bits = edge.group !== undefined
    ? groups.get(edge.group) ?? 0n
    : edge.extra !== undefined
    ? extras.get(edge.extra) ?? 0n
    : base;
  const { marker } = edge.requirement;
  if (marker === undefined || bits === 0n) return bits;
  const holds = graph.environments.evaluate(marker, extras);
  return bits & (graph.coarse === undefined ? holds : graph.coarse(holds & graph.scope));
}
