/**
 * Whether everything fits, found out in memory.
 *
 * @module
 */

import { requirementName } from "../names.ts";
import { checkExtras, checkMetadata } from "./check_components.ts";
import { checkPython } from "./check_python.ts";
import { checkRequirements } from "./check_requirements.ts";
import { checkSources } from "./check_sources.ts";
import type { Node } from "./graph.ts";
import { readGraph } from "./read_graph.ts";
import { followGraph } from "./reach.ts";
import type { ReconcileInput, ReconcileResult } from "./model.ts";
import { type Problem, sortProblems, unchecked } from "./problem.ts";
import { findJoined } from "./joined.ts";
import { findWorlds } from "./worlds.ts";

/**
 * Checks all components against each other and against the app: names, Python versions, requirements on managed
 * packages (PEP 440 and 508) and on third-party distributions, markers and extras included.
 *
 * Pure: it touches no disk and no network, and runs no foreign code. Every problem is reported at once.
 *
 * @example
 * ```ts
 * import { readApp } from "../adapters/uv/read_app.ts";
 * import { readMetadata } from "../adapters/uv/read_metadata.ts";
 * import { reconcile } from "./reconcile.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { app } = readApp({
 *   component: "app",
 *   file: "pyproject.toml",
 *   text: '[project]\nname = "app"\nrequires-python = ">=3.11"\ndependencies = ["idna<3"]\n',
 * });
 * const file = "packages/plug-a/pyproject.toml";
 * const { metadata } = readMetadata({
 *   component: "plug-a",
 *   file,
 *   text: '[project]\nname = "plug-a"\nversion = "1.2.0"\ndependencies = ["idna>=3.7"]\n',
 * });
 * const { problems } = reconcile({
 *   app: app!,
 *   components: [{ name: "plug-a", mode: "dev", file, metadata, extras: [], require: true }],
 * });
 * assertEquals(problems[0]?.message, "the app needs idna<3, plug-a 1.2.0 needs idna>=3.7");
 * ```
 *
 * @param input The app and the components, as {@linkcode readApp} and {@linkcode readMetadata} give them.
 * @returns The problems, errors first.
 */
export function reconcile(input: ReconcileInput): ReconcileResult {
  const { graph, problems: unreadable } = readGraph(input);
  const settled = new Set(input.app.overrides.flatMap((it) => requirementName(it) ?? []));
  const found = findWorlds(input.app.conflicts);
  const inWorlds = found.worlds.flatMap((world) => {
    const reaches = followGraph(graph, world);
    return [
      ...checkExtras(graph, reaches),
      ...checkPython(graph, reaches, input.app.resolution),
      ...checkRequirements(graph, reaches, settled),
      ...checkSources(graph, followGraph(graph, world, true), settled),
    ];
  });
  const ofApp = [...input.app.problems ?? [], ...unreadable];
  const problems: Problem[] = [...ofApp, ...checkMetadata(graph), ...inWorlds];
  const { resolution } = input.app;
  if (resolution !== undefined && !problems.some((it) => it.severity === "error")) {
    for (const world of found.worlds) {
      problems.push(...findJoined(graph, world, settled, resolution.manager));
    }
  }
  if (!found.isWhole) problems.push(tooManyWorlds(graph.app, resolution?.conflicts));
  return { problems: sortProblems(withoutRepeats(problems)) };
}

/** What is wrong in one world is mostly wrong in others too, and what a group asks for is also asked for by those that include it. */
function withoutRepeats(problems: readonly Problem[]): readonly Problem[] {
  const distinct = new Map(problems.map((it) => [`${it.code}\0${it.message}`, it]));
  return [...distinct.values()].map((it) => {
    const sides = new Map(it.sides.map((side) => [JSON.stringify(side), side]));
    return { ...it, sides: [...sides.values()] };
  });
}

function tooManyWorlds({ name, file }: Node, setting = "conflict"): Problem {
  const message = `the extras and groups in ${setting} were not checked: they are too many`;
  return unchecked({ component: name, file }, message);
}
