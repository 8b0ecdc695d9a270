/**
 * Whether requirements agree on where a distribution comes from: uv takes each from one place.
 *
 * @module
 */

import { changeDemand, where } from "./check_requirements.ts";
import { type EdgePlace, isForeign, placesOf } from "./edge_places.ts";
import {
  type Edge,
  edgeBits,
  type Graph,
  labelOf,
  type Node,
  type Reaches,
  sideOf,
  verdict,
} from "./graph.ts";
import { comparePlaces, describePlace, type Place } from "./places.ts";
import type { Problem, ProblemSide } from "./problem.ts";

/** A requirement that wants its distribution from a place. */
interface Want {
  readonly edge: Edge;
  readonly from: EdgePlace & { readonly place: Place };
  readonly bits: bigint;
}

/**
 * Checks the places of third-party distributions, and says where an override hides what nobody can read.
 *
 * @param graph The nodes.
 * @param reaches Where they are locked.
 * @param settled The distributions that the user's own overrides settle, normalized.
 * @param problems Takes the problems.
 */
export function checkSources(
  graph: Graph,
  reaches: Reaches,
  settled: ReadonlySet<string>,
  problems: Problem[],
): void {
  const wants = new Map<string, Want[]>();
  for (const node of graph.nodes.values()) {
    for (const edge of node.edges) {
      const { key } = edge.requirement;
      const bits = settled.has(key) ? 0n : edgeBits(graph, edge, reaches);
      if (bits === 0n) continue;
      const target = graph.nodes.get(key);
      if (target !== undefined) {
        if (edge.isAssumed && isForeign(edge, target)) problems.push(blind(edge, target));
        continue;
      }
      const list = wants.get(key) ?? [];
      if (list.length === 0) wants.set(key, list);
      for (const { place, marker, entry } of placesOf(edge)) {
        const there = marker === undefined ? bits : bits & graph.environments.evaluate(marker);
        if (place === undefined || there === 0n) continue;
        list.push({ edge, from: { place, marker, entry }, bits: there });
      }
    }
  }
  for (const list of wants.values()) problems.push(...findConflict(graph, list));
}

/** The first two that cannot go together, those that are certain before the others. */
function findConflict(graph: Graph, wants: readonly Want[]): readonly Problem[] {
  const pairs = wants.flatMap((one, at) =>
    wants.slice(at + 1).flatMap((other) => {
      const comparison = comparePlaces(one.from.place, other.from.place);
      if ((one.bits & other.bits) === 0n || comparison === "same") return [];
      const isCertain = comparison === "different" && !isOpen(one) && !isOpen(other);
      return [{ one, other, isCertain }];
    })
  );
  const pair = pairs.find((it) => it.isCertain) ?? pairs[0];
  return pair === undefined ? [] : [conflict(graph, pair, pairs.map((it) => it.other))];
}

/** Whether it may be no such requirement. */
function isOpen({ edge }: Want): boolean {
  return edge.isGuess || edge.isAssumed;
}

function conflict(
  graph: Graph,
  { one, other, isCertain }: { one: Want; other: Want; isCertain: boolean },
  others: readonly Want[],
): Problem {
  const { name } = one.edge.requirement;
  const verb = (want: Want) => isOpen(want) ? "may need" : "needs";
  const sides = new Map(
    [one, other, ...others].map(({ edge }) => [edge.owner.key, sideOfSource(edge)]),
  );
  return {
    code: "requirements-conflict",
    message:
      [one, other].map((it) =>
        `${labelOf(it.edge.owner)} ${verb(it)} ${name} from ${describePlace(it.from.place)}`
      ).join(", ") + where(graph, one.bits & other.bits),
    sides: [...sides.values()],
    ...verdict(
      !isCertain,
      `name ${name} in hsm.yaml, whose source then counts for all, or ` +
        [one, other].map((it) => changePlace(it, name)).join(", or "),
    ),
  };
}

/** The place in the file that says where it comes from. */
function sideOfSource(edge: Edge): ProblemSide {
  const { owner, requirement: { key, url } } = edge;
  const entry = owner.sources.get(key);
  if (entry === undefined || url !== undefined) return sideOf(edge);
  const { file, line, text } = entry;
  return {
    component: owner.name,
    file,
    ...(line === undefined ? {} : { line }),
    requirement: text,
  };
}

function changePlace({ edge, from: { entry } }: Want, name: string): string {
  const { component } = edge.owner;
  if (entry === undefined || component?.mode === "prod") {
    return changeDemand(edge, `the other's ${name}`);
  }
  return `change it in ${entry.file}${entry.line === undefined ? "" : `:${entry.line}`}`;
}

/** An override makes uv ignore versions and extras that others ask for, and here nobody can read which. */
function blind(edge: Edge, target: Node): Problem {
  const { owner } = edge;
  return {
    code: "metadata-unchecked",
    severity: "unchecked",
    message: `which version and extras of ${target.name} ${labelOf(owner)} needs is not checked: ` +
      `its dependencies are computed, and ${target.name} comes from the manifest in spite of them`,
    sides: [
      sideOfSource(edge),
      { component: target.name, file: target.file },
    ],
    fix: `write the extras that ${owner.name} needs under \`extras\` of ${target.name} in hsm.yaml`,
  };
}
