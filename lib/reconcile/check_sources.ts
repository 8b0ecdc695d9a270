/**
 * Whether requirements agree on where a distribution comes from: uv takes each from one place.
 *
 * @module
 */

import { given } from "../given.ts";
import { where } from "./check_requirements.ts";
import { type EdgePlace, isForeign, placesOf } from "./edge_places.ts";
import { type Edge, type Graph, labelOf, type Node, sideOf, verdict } from "./graph.ts";
import { edgeBits, type Reaches } from "./reach.ts";
import { comparePlaces, describePlace, type Place } from "./places.ts";
import { nameOf, type Problem, type ProblemSide } from "./problem.ts";

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
 */
export function* checkSources(
  graph: Graph,
  reaches: Reaches,
  settled: ReadonlySet<string>,
): Generator<Problem> {
  const wants: Want[] = [];
  const blind: { readonly target: Node; readonly edge: Edge }[] = [];
  for (const node of graph.nodes.values()) {
    for (const edge of node.edges) {
      const { key } = edge.requirement;
      const bits = settled.has(key) ? 0n : edgeBits(graph, edge, reaches);
      if (bits === 0n) continue;
      const target = graph.nodes.get(key);
      if (target !== undefined) {
        if (edge.isAssumed && isForeign(edge, target)) blind.push({ target, edge });
        continue;
      }
      for (const { place, marker, entry } of placesOf(edge)) {
        const there = marker === undefined ? bits : bits & graph.environments.evaluate(marker);
        if (place === undefined || there === 0n) continue;
        wants.push({ edge, from: { place, marker, entry }, bits: there });
      }
    }
  }
  const byKey = Map.groupBy(wants, ({ edge }) => edge.requirement.key);
  for (const list of byKey.values()) yield* findConflict(graph, list);
  for (const [target, list] of Map.groupBy(blind, (it) => it.target)) {
    yield hidden(target, list.map(({ edge }) => edge));
  }
}

/** Two of different owners that cannot go together, rather two of whom it is certain. */
function findConflict(graph: Graph, wants: readonly Want[]): readonly Problem[] {
  const pairs = wants.flatMap((one, at) =>
    wants.slice(at + 1).flatMap((other) => {
      const comparison = comparePlaces(one.from.place, other.from.place);
      // What one file says for itself is uv's to judge.
      const isApart = one.edge.owner === other.edge.owner || (one.bits & other.bits) === 0n;
      if (isApart || comparison === "same") return [];
      return [{
        one,
        other,
        isCertain: comparison === "different" && [one, other].every(isCertain),
      }];
    })
  );
  const pair = pairs.find((it) => it.isCertain) ?? pairs[0];
  if (pair === undefined) return [];
  const { one, other } = pair;
  const { name } = one.edge.requirement;
  const sides = new Map(
    [one, other, ...pairs.map((it) => it.other)]
      .map(({ edge }) => [edge.owner.key, sideOfSource(edge)]),
  );
  const told = [one, other].map(({ edge, from: { place } }) =>
    `${labelOf(edge.owner)} ${isCertain({ edge }) ? "needs" : "may need"} ${name} from ${
      describePlace(place)
    }`
  );
  return [{
    code: "requirements-conflict",
    message: told.join(", ") + where(graph, one.bits & other.bits),
    sides: [...sides.values()],
    ...verdict(
      !pair.isCertain,
      [`name ${name} in hsm.yaml, whose source then counts for all`, ...changes([one, other])]
        .join(", or "),
    ),
  }];
}

function isCertain({ edge }: Pick<Want, "edge">): boolean {
  return !edge.isGuess && !edge.isAssumed;
}

/** What is pinned is not for the user to change. */
function changes(wants: readonly Want[]): readonly string[] {
  return wants.filter(({ edge }) => edge.owner.component?.mode !== "prod").map(({ edge }) => {
    return `change it in ${nameOf(sideOfSource(edge))}`;
  });
}

/** The place in the file that says where it comes from. */
function sideOfSource(edge: Edge): ProblemSide {
  const { owner, requirement: { key, url } } = edge;
  const entry = owner.sources.get(key);
  if (entry === undefined || url !== undefined) return sideOf(edge);
  const { file, line, text } = entry;
  return { component: owner.name, file, ...given({ line }), requirement: text };
}

/** An override makes uv ignore the versions and extras that others ask for, and here nobody can read which. */
function hidden(target: Node, edges: readonly Edge[]): Problem {
  const others = edges.length - 1;
  const [more, their] = others === 0 ? ["", "its"] : [` and ${others} more`, "their"];
  const { name } = target;
  return {
    code: "metadata-unchecked",
    severity: "unchecked",
    message:
      `${labelOf(edges[0]!.owner)}${more} may need another version of ${name}, or extras of ` +
      `it: ${their} dependencies are computed, and ${name} comes from the manifest in spite of them`,
    sides: [...edges.map(sideOfSource), { component: name, file: target.file }],
    fix: `write the extras that are needed under \`extras\` of ${name} in hsm.yaml`,
  };
}
