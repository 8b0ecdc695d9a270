/**
 * Whether requirements are met: those on managed packages by the version that the package has, those on everything else
 * by some version, for all who require it together.
 *
 * @module
 */

import { judgeConflicts, type JudgedConflict } from "./conflicts.ts";
import {
  type Edge,
  type Graph,
  isGuess,
  labelOf,
  type Node,
  otherVersion,
  placeOf,
  sideOf,
  verdict,
} from "./graph.ts";
import { edgeBits, type Reaches } from "./reach.ts";
import type { App } from "./model.ts";
import { LET_JUDGE, nameOf, type Problem } from "./problem.ts";
import { containsVersion } from "../versions/specifiers.ts";
import { refusedSource } from "./refused_source.ts";
import { tellUnread } from "./tell_unread.ts";
import { finalVersion, isPrerelease, parseVersion } from "../versions/versions.ts";

/** A requirement, and the environments in which it counts. */
interface ActiveEdge {
  readonly edge: Edge;
  readonly bits: bigint;
}

/**
 * Checks every requirement that counts somewhere.
 *
 * @param graph The nodes and environments.
 * @param reaches Where the nodes are installed.
 * @param settled The distributions that the user's own overrides settle, normalized.
 */
export function* checkRequirements(
  graph: Graph,
  reaches: Reaches,
  settled: ReadonlySet<string>,
): Generator<Problem> {
  const active = [...graph.nodes.values()].flatMap(({ edges }) => edges)
    .filter(({ requirement: { specifier, url } }) => specifier !== "" || url !== undefined)
    .map((edge): ActiveEdge => ({ edge, bits: edgeBits(graph, edge, reaches) }))
    .filter(({ bits }) => bits !== 0n);
  for (const [key, edges] of Map.groupBy(active, ({ edge }) => edge.requirement.key)) {
    const target = graph.nodes.get(key);
    if (settled.has(key)) continue;
    if (target !== undefined) yield* checkManaged(graph, target, edges);
    else yield* checkThirdParty(graph, edges);
  }
}

function* checkManaged(
  graph: Graph,
  target: Node,
  active: readonly ActiveEdge[],
): Generator<Problem> {
  const text = target.metadata?.version;
  const version = text === undefined ? undefined : parseVersion(text);
  const { byUrl = [], open = [] } = Object.groupBy(active, ({ edge: { requirement } }) => {
    if (requirement.url !== undefined) return "byUrl";
    const isMet = version !== undefined && containsVersion(requirement.versions, version, text!);
    return isMet ? "met" : "open";
  });
  const { resolution } = graph.app.metadata as App;
  const isRefused = resolution?.sourcesWin === false;
  yield* byUrl.flatMap(({ edge }) =>
    isRefused ? refusedSource(target, edge, resolution.manager) : overridden(target, edge)
  );
  const byDemand = Map.groupBy(
    open,
    ({ edge }) =>
      version === undefined ? compact(edge.requirement.specifier) : demandId(graph, edge),
  );
  // Without metadata, or with a version that is none, the target has a problem of its own.
  if (version !== undefined) {
    for (const items of byDemand.values()) yield unmet(graph, target, items);
  } else if (target.metadata !== undefined && text === undefined && byDemand.size > 0) {
    const demands = [...byDemand.values()].map((items) => items.map((item) => item.edge));
    yield unknown(target, demands);
  }
}

function unmet(graph: Graph, target: Node, items: readonly ActiveEdge[]): Problem {
  const edges = items.map((item) => item.edge);
  const [first] = edges as [Edge];
  const { requirement } = first;
  const version = target.metadata!.version!;
  const demand = `${requirement.name}${compact(requirement.specifier)}`;
  const parsed = parseVersion(version)!;
  const released = finalVersion(parsed.epoch, parsed.release);
  const isOnlyEarly = isPrerelease(parsed) &&
    containsVersion(requirement.versions, released, version);
  return {
    code: "requirement-unmet",
    message: `${needers(edges)} ${demand}, ${target.component ? target.name : "the app"} is ` +
      `${version}${where(graph, items.reduce((bits, item) => bits | item.bits, 0n))}`,
    sides: [...edges.map(sideOf), {
      component: target.name,
      ...placeOf(target, "version"),
      requirement: version,
    }],
    ...verdict(
      first.isGuess || isGuess(target, "version"),
      `${useVersion(target, demand)}, or ${changeDemand(first, `${target.name} ${version}`)}` +
        (isOnlyEarly ? ` (${version} comes before its release: >=${version} would allow it)` : ""),
      isAhead(graph, target, first) ? "warning" : "error",
    ),
  };
}

/** What the app itself demands is told apart from what components do: it weighs less while a package is in dev mode. */
function demandId(graph: Graph, { owner, requirement, isGuess }: Edge): string {
  return `${owner === graph.app ? "app" : ""} ${compact(requirement.specifier)} ${isGuess}`;
}

/**
 * Whether a checkout has left behind what the app itself demands, as a main branch does whose major version has gone up.
 * Where a source wins no specifier is heeded beside it; the app's next release would.
 */
function isAhead({ app }: Graph, target: Node, { owner }: Edge): boolean {
  const { resolution } = app.metadata as App;
  return owner === app && target.component?.mode === "dev" && resolution?.sourcesWin !== false;
}

/** How many demands a message tells one by one. */
const MAX_SHOWN = 3;

function unknown(target: Node, demands: readonly (readonly Edge[])[]): Problem {
  const shown = demands.slice(0, MAX_SHOWN).map((edges) => {
    const { name, specifier } = edges[0]!.requirement;
    return `${needers(edges)} ${name}${compact(specifier)}`;
  });
  const rest = demands.slice(MAX_SHOWN).flat().length;
  if (rest > 0) shown.push(`${rest} more ${rest === 1 ? "needs" : "need"} other versions`);
  return {
    code: "version-unknown",
    severity: "unchecked",
    message: `${shown.join(", ")}, the version of ${target.name} is computed when it is built${
      tellUnread(target, ["version"])
    }`,
    sides: [...demands.flat().map(sideOf), { component: target.name, file: target.file }],
    fix: LET_JUDGE,
  };
}

function overridden(target: Node, edge: Edge): Problem {
  return {
    code: "source-overridden",
    severity: "unchecked",
    message: `${labelOf(edge.owner)} asks for ${target.name} from a URL of its own, ` +
      `${labelOf(target)} from the manifest is used`,
    sides: [sideOf(edge), { component: target.name, file: target.file }],
    fix: `require ${target.name} by version instead of by URL in ${nameOf(edge)}`,
  };
}

function* checkThirdParty(
  graph: Graph,
  active: readonly ActiveEdge[],
): Generator<Problem> {
  const versioned = active.filter(({ edge }) => edge.requirement.url === undefined);
  const demands = versioned.map(({ edge, bits }) => ({
    by: edge,
    id: compact(edge.requirement.specifier),
    versions: edge.requirement.versions,
    bits,
  }));
  for (const conflict of judgeConflicts(demands, ({ by }) => by.isGuess, graph.scope)) {
    yield conflicting(graph, conflict);
  }
}

function conflicting(
  graph: Graph,
  { core, others, bits, isGuess }: JudgedConflict<Edge>,
): Problem {
  const sides = core.map((demands) => demands.map((demand) => demand.by));
  const shown = sides.map((edges) => {
    const { name, specifier } = edges[0]!.requirement;
    return { edges, demand: `${name}${compact(specifier)}` };
  });
  const more = others.length === 0 ? "" : `; ${others.length} more requirements are concerned`;
  const fixes = shown.map(({ edges }, index) => {
    const rest = shown.filter((_, at) => at !== index).map(({ demand }) => demand);
    return changeDemand(edges[0]!, rest.join(" and "));
  });
  return {
    code: "requirements-conflict",
    message: shown.map(({ edges, demand }) => `${needers(edges)} ${demand}`).join(", ") +
      (shown.length === 1 ? ", and no version is like that" : "") + where(graph, bits) + more,
    sides: [
      ...sides.map(([first]) => sideOf(first!)),
      ...sides.flatMap(([, ...same]) => same.map(sideOf)),
      ...others.map((demand) => sideOf(demand.by)),
    ],
    ...verdict(
      isGuess,
      shown.length === 1 ? changeDemand(shown[0]!.edges[0]!, "some version") : fixes.join(", or "),
    ),
  };
}

/** `plug-c 1.2.0 needs`, or `plug-c 1.2.0 and 3 more need`. */
function needers(edges: readonly Edge[]): string {
  const owners = [...new Set(edges.map((edge) => edge.owner))];
  const label = labelOf(owners[0]!);
  return owners.length === 1 ? `${label} needs` : `${label} and ${owners.length - 1} more need`;
}

function changeDemand(edge: Edge, allowed: string): string {
  const { owner, requirement } = edge;
  if (owner.component?.mode === "prod") {
    return otherVersion(owner, `that allows ${allowed}`);
  }
  return `change ${requirement.name}${compact(requirement.specifier)} in ${nameOf(edge)}`;
}

function useVersion(target: Node, demand: string): string {
  return target.component === undefined
    ? `change the app's version in ${target.file}`
    : otherVersion(target, `that meets ${demand}`);
}

/** In which environments, where it is not all of them. */
export function where({ environments, scope }: Graph, bits: bigint): string {
  const text = (scope & ~bits) === 0n ? "" : environments.describe(bits);
  return text === "" ? "" : ` (${text})`;
}

function compact(specifier: string): string {
  return specifier.replace(/\s+/g, "");
}
