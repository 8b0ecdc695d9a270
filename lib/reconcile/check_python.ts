/**
 * Whether the components work with the Python versions that the app is resolved for.
 *
 * @module
 */

import { judgeConflicts } from "./conflicts.ts";
import {
  type Graph,
  invalid,
  isGuess,
  labelOf,
  type Node,
  otherVersion,
  placeOf,
  pythonVersionsOf,
  verdict,
} from "./graph.ts";
import type { Reaches } from "./reach.ts";
import type { Resolution } from "./model.ts";
import { type Problem, type ProblemSide, unchecked } from "./problem.ts";
import { rangesContain } from "../versions/ranges.ts";
import { parseSpecifiers, type VersionSet } from "../versions/specifiers.ts";
import { parseVersion } from "../versions/versions.ts";

/**
 * Checks every `requires-python`.
 *
 * Where one lock holds for the app's whole range an overlap is not enough: a component must reach down as far as the app
 * does, wherever it is installed. How far up it reaches does not matter to the package manager.
 *
 * @param graph The nodes and environments.
 * @param reaches Where the nodes are installed.
 * @param resolution How one lock is made for all of them; undefined: there is none.
 */
export function* checkPython(
  graph: Graph,
  reaches: Reaches,
  resolution: Resolution | undefined,
): Generator<Problem> {
  const { app, environments } = graph;
  const appRange = app.metadata?.requiresPython;
  const { forEveryPython = false, pythonKey = "requires-python" } = resolution ?? {};
  const isAppKnown = pythonVersionsOf(app.metadata) !== undefined;
  if (environments.all === 0n) yield nowhere(app, appRange ?? "", pythonKey);
  else if (graph.scope === 0n) {
    const setting = resolution?.environments ?? "its settings";
    const message = `nothing was checked: no environment that HSM knows is in ${setting}`;
    yield unchecked({ component: app.name, file: app.file }, message);
  }
  const ranges: { by: Node; id: string; versions: VersionSet; bits: bigint }[] = [];
  const masks = new Map<string, { allowed: bigint; low: bigint }>();
  for (const node of graph.nodes.values()) {
    const text = node.metadata?.requiresPython;
    if (text === undefined) continue;
    const parsed = parseSpecifiers(text);
    if (!parsed.ok) {
      const line = node.metadata?.lines["requires-python"];
      yield invalid("python-invalid", node, text, parsed.reason, line);
      continue;
    }
    const bits = forEveryPython ? environments.all : reaches.get(node)!.base;
    if (node === app || bits === 0n) continue;
    if (!isAppKnown) {
      ranges.push({ by: node, id: text, versions: parsed.value, bits: environments.all });
      continue;
    }
    const mask = masks.get(text) ?? {
      allowed: environments.wherePython(parsed.value),
      low: environments.whereVersions((version) => isBelow(parsed.value, version)),
    };
    masks.set(text, mask);
    if ((mask.allowed & bits) === 0n) {
      yield apart(node, app, `the app needs Python ${appRange}`, "");
    } else if (resolution !== undefined && (mask.low & bits) !== 0n) {
      const fix = `set ${pythonKey} = "${text}" in ${app.file}, or `;
      yield apart(node, app, `the app supports older ones as well (${appRange})`, fix);
    } else if (forEveryPython && (bits & ~mask.allowed) !== 0n) {
      const upper = text.split(",").map((it) => it.trim()).filter((it) => it.startsWith("<"));
      const fix = upper.length === 0
        ? `narrow ${pythonKey} in ${app.file} to what is in ${text}, or `
        : `set ${pythonKey} = "${[appRange, ...upper].join(",")}" in ${app.file}, or `;
      yield apart(node, app, `the app supports others as well (${appRange})`, fix);
    }
  }
  for (
    const { core, isGuess } of judgeConflicts(ranges, ({ by }) => isOpen(by), environments.all)
  ) {
    const nodes = core.map(([first]) => first!.by);
    yield {
      code: "python-incompatible",
      message: nodes.map((node) => `${labelOf(node)} needs Python ${pythonOf(node)}`).join(", "),
      sides: nodes.map(sideOf),
      ...verdict(
        isGuess,
        `pin ${nodes.map((node) => node.name).join(" or ")} to a version for the other's Python`,
      ),
    };
  }
}

function isOpen(node: Node): boolean {
  return isGuess(node, "requires-python");
}

/** Whether a version lies below everything in a set. */
function isBelow(set: VersionSet, text: string): boolean {
  const version = parseVersion(text);
  const [first] = set.ranges;
  return version !== undefined && first !== undefined &&
    !rangesContain([{ low: first.low, high: undefined }], version);
}

function nowhere(app: Node, appRange: string, key: string): Problem {
  return {
    code: "python-incompatible",
    severity: "error",
    message: `the app needs Python ${appRange}, and no version is like that`,
    sides: [sideOf(app)],
    fix: `correct ${key} in ${app.file}`,
  };
}

function apart(node: Node, app: Node, ofApp: string, otherFix: string): Problem {
  const way = otherVersion(node, `that works with Python ${pythonOf(app)}`);
  return {
    code: "python-incompatible",
    message: `${labelOf(node)} needs Python ${pythonOf(node)}, ${ofApp}`,
    sides: [sideOf(node), sideOf(app)],
    ...verdict(isOpen(node), `${otherFix}${way}`),
  };
}

function pythonOf(node: Node): string {
  return node.metadata?.requiresPython ?? "";
}

function sideOf(node: Node): ProblemSide {
  return {
    component: node.name,
    ...placeOf(node, "requires-python"),
    requirement: pythonOf(node),
  };
}
