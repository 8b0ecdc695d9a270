/**
 * Whether everything fits, found out in memory.
 *
 * @module
 */

import { checkExtras, checkMetadata } from "./check_components.ts";
import { checkPython } from "./check_python.ts";
import { checkRequirements } from "./check_requirements.ts";
import { checkSources } from "./check_sources.ts";
import { buildGraph, followGraph } from "./graph.ts";
import type { ReconcileInput, ReconcileResult } from "./model.ts";
import type { Problem } from "./problem.ts";
import { findEntries, overriddenNames } from "./transitive.ts";

/**
 * Checks all components against each other and against the app: names, Python versions, requirements on managed
 * packages (PEP 440 and 508) and on third-party distributions, markers and extras included.
 *
 * Pure: it touches no disk and no network, and runs no foreign code. Every problem is reported at once.
 *
 * @example
 * ```ts
 * import { readApp, readMetadata, reconcile } from "@hsm/hsm";
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
 * @returns The problems, errors first, and what uv must be told about transitive packages.
 */
export function reconcile(input: ReconcileInput): ReconcileResult {
  const problems: Problem[] = [...input.app.problems ?? []];
  const graph = buildGraph(input, problems);
  checkMetadata(graph, problems);
  const reaches = followGraph(graph, "asked");
  checkExtras(graph, reaches, problems);
  checkPython(graph, reaches, problems);
  const settled = overriddenNames(input.app.overrides);
  checkRequirements(graph, reaches, settled, problems);
  // uv locks all of the app's groups and extras.
  const locked = followGraph(graph, "all");
  checkSources(graph, locked, settled, problems);
  const { overrides, constraints } = findEntries(graph, locked);
  const errors = problems.filter((problem) => problem.severity === "error");
  const open = problems.filter((problem) => problem.severity !== "error");
  return { problems: [...errors, ...open], overrides, constraints };
}
