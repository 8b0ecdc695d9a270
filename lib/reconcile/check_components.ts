/**
 * What can be said of each component on its own, and beside the app: metadata, name, version, extras.
 *
 * @module
 */

import { given } from "../given.ts";
import { normalizeName } from "../names.ts";
import { suggest } from "../text/suggest.ts";
import {
  type Graph,
  invalid,
  isGuess,
  labelOf,
  type Node,
  placeOf,
  sideOf,
  verdict,
} from "./graph.ts";
import { edgeBits, type Reaches } from "./reach.ts";
import { placeFix } from "./place_fix.ts";
import { IS_PROGRAM, type Problem, type ProblemSide, unchecked } from "./problem.ts";
import { tellUnread } from "./tell_unread.ts";
import { parseVersion } from "../versions/versions.ts";

/**
 * Checks each component's metadata, name and version.
 *
 * @param graph The nodes.
 */
export function* checkMetadata(graph: Graph): Generator<Problem> {
  for (const node of graph.nodes.values()) {
    const { component, metadata } = node;
    const version = metadata?.version;
    if (version !== undefined && parseVersion(version) === undefined) {
      const line = metadata?.lines["version"];
      const reason = "it does not follow PEP 440";
      yield invalid("version-invalid", node, version, reason, line);
    }
    if (component === undefined) continue;
    yield* component.problems ?? [];
    if (metadata === undefined) {
      if (component.unchecked === undefined && component.problems?.length) continue;
      const reason = component.unchecked ?? "it has no metadata";
      yield uncheckedNode(node, `${node.name} was not checked: ${reason}`);
      continue;
    }
    yield* checkName(node);
    yield* checkDynamic(node);
  }
}

/**
 * Checks that every extra that is asked for exists.
 *
 * @param graph The nodes.
 * @param reaches Where they are installed.
 */
export function* checkExtras(
  graph: Graph,
  reaches: Reaches,
): Generator<Problem> {
  const found: { target: Node; extra: string; side: ProblemSide; isOpen: boolean }[] = [];
  const ask = (target: Node, extra: string, side: ProblemSide, isGuessed = false): void => {
    const { metadata } = target;
    if (metadata === undefined || metadata.dynamic.includes("optional-dependencies")) return;
    const wanted = normalizeName(extra);
    if (extrasOf(target).some((known) => normalizeName(known) === wanted)) return;
    const isOpen = isGuessed || isGuess(target, "optional-dependencies");
    found.push({ target, extra, side, isOpen });
  };
  for (const node of graph.nodes.values()) {
    for (const extra of node.component?.extras ?? []) {
      const side = {
        component: node.name,
        file: "hsm.yaml",
        requirement: `${node.name}[${extra}]`,
      };
      ask(node, extra, side);
    }
    for (const edge of node.edges) {
      if (edge.requirement.extras.length === 0 || edge.isConstraint) continue;
      const target = graph.nodes.get(edge.requirement.key);
      if (target === undefined || edgeBits(graph, edge, reaches) === 0n) continue;
      for (const extra of edge.requirement.extras) ask(target, extra, sideOf(edge), edge.isGuess);
    }
  }
  const same = Map.groupBy(
    found,
    ({ target, extra, isOpen }) => `${target.key}[${extra}] ${isOpen}`,
  );
  for (const asked of same.values()) {
    const [{ target, extra, isOpen }] = asked as [typeof asked[number]];
    const sides = asked.map((it) => it.side);
    const known = extrasOf(target);
    const nearest = suggest(extra, known);
    const has = known.length === 0 ? "no extras" : `only ${known.join(", ")}`;
    // The package managers leave such an extra out; what the user has written is the user's to correct.
    const isUsers = sides.some((side) => side.file === "hsm.yaml" || side.file === graph.app.file);
    yield {
      code: "extra-unknown",
      message: `${askers(sides)} for ${target.name}[${extra}], ${labelOf(target)} has ${has}`,
      sides: [...sides, {
        component: target.name,
        file: placeOf(target, "optional-dependencies").file,
      }],
      ...verdict(
        isOpen,
        nearest === undefined
          ? `remove the extra from ${places(sides)}, or use a version of ${target.name} that has it`
          : `write ${nearest} instead of ${extra} in ${places(sides)}`,
        isUsers ? "error" : "warning",
      ),
    };
  }
}

function* checkName(node: Node): Generator<Problem> {
  const { name, dynamic = [] } = node.metadata ?? {};
  const place = placeOf(node, "name");
  const side = { component: node.name, ...place, ...given({ requirement: name }) };
  if (name === undefined) {
    if (dynamic.includes("name")) return;
    yield {
      code: "name-missing",
      severity: "error",
      message: `${node.name} has no name in ${node.file}`,
      sides: [side],
      fix: `write its name in ${node.file}`,
    };
  } else if (normalizeName(name) !== node.key) {
    yield {
      code: "name-mismatch",
      message: `${node.name} is called "${name}" in ${place.file}`,
      sides: [{ component: node.name, file: "hsm.yaml", requirement: node.name }, side],
      ...verdict(
        isGuess(node, "name"),
        placeFix(node.name, node.component?.places ?? []) ??
          `rename ${node.name} to ${name} in hsm.yaml, or set the subdirectory where ${node.name} lies`,
      ),
    };
  }
}

/** Fields that are computed when the component is built: whatever depends on them is open. */
function* checkDynamic(node: Node): Generator<Problem> {
  const { dynamic = [], version } = node.metadata ?? {};
  const fields = ["name", "requires-python", "dependencies", "optional-dependencies"] as const;
  const open = fields.filter((field) => dynamic.includes(field));
  if (open.length === 0) return;
  const is = open.length === 1 && open[0] !== "dependencies" ? "is" : "are";
  const label = version === undefined ? node.name : `${node.name} ${version}`;
  yield uncheckedNode(
    node,
    node.file.endsWith("setup.py")
      ? `${node.name} was not checked: ${IS_PROGRAM}`
      : `${open.join(", ")} of ${label} ${is} not written out in ${node.file}` +
        tellUnread(node, open),
  );
}

function uncheckedNode({ name, file }: Node, message: string): Problem {
  return unchecked({ component: name, file }, message);
}

function extrasOf(node: Node): readonly string[] {
  return Object.keys(node.metadata?.optionalDependencies ?? {});
}

function askers(sides: readonly ProblemSide[]): string {
  const [first] = sides;
  const who = first!.file === "hsm.yaml" ? "hsm.yaml" : first!.component;
  return sides.length === 1 ? `${who} asks` : `${who} and ${sides.length - 1} more ask`;
}

function places(sides: readonly ProblemSide[]): string {
  return [...new Set(sides.map((side) => side.file))].slice(0, 3).join(", ");
}
