/**
 * `hsm graph`: the app, its packages, and who needs whom.
 *
 * @module
 */

import type { LockedGit, LockedPackage, Need } from "../lib/adapters/reader.ts";
import { toDocument } from "../lib/cli/document.ts";
import { type Command, defineCommand } from "../lib/command/command.ts";
import type { Style } from "../lib/text/style.ts";
import { askedNeeds, readNeeds } from "./graph/asked.ts";
import type { Graph, GraphEdge, GraphNode } from "./graph/model.ts";
import { renderTree } from "./graph/tree.ts";
import type { ManifestPackage, Pin } from "../lib/manifest/model.ts";
import { isAppsAffair, standsIn } from "../lib/manifest/stand_ins.ts";
import { given } from "../lib/given.ts";
import { normalizeName } from "../lib/names.ts";
import { describePin } from "../lib/packages/describe_pin.ts";
import { readLocked } from "../lib/packages/locked.ts";
import { mapAll } from "../lib/process/pool.ts";
import type { App, ComponentMetadata } from "../lib/reconcile/model.ts";
import { Survey } from "../lib/survey/survey.ts";
import type { Workspace } from "../lib/workspace/workspace.ts";
import { choice } from "../lib/command/options.ts";

export type { Graph, GraphEdge, GraphNode };

/** What {@linkcode graph} found. */
export type GraphResult = Graph;

/**
 * Finds out who needs whom among the app and its packages: what a dev package needs is in its checkout, what a prod
 * package needs in the lock file. Of the app, all of its extras and groups count, of a package the extras that somebody
 * asks for; whatever its marker.
 *
 * Touches nothing, and asks no remote.
 *
 * @example
 * ```ts
 * import { graph, openWorkspace } from "@hsm/hsm";
 *
 * await using workspace = await openWorkspace({ readonly: true });
 * const { nodes, edges } = await graph(workspace);
 * console.log(nodes[0]); // { name: "app", mode: "app" }
 * console.log(edges[0]); // { from: "app", to: "my-plugin", versions: "" }
 * ```
 *
 * @param workspace The workspace.
 * @returns The app and its packages as nodes, and an edge for each that needs another.
 * @throws {HsmError} `pyproject-invalid` where the app's own pyproject.toml cannot be read, `io`; what is wrong with a
 * package is told in its node
 */
export async function graph(workspace: Workspace): Promise<GraphResult> {
  const { manifest } = workspace;
  const app = await workspace.app();
  const name = app.name ?? "app";
  const lock = await readLocked(workspace);
  const [file = "the lock file"] = workspace.adapter.lockNames;
  await using survey = new Survey(workspace, { asks: "none" });
  const packages = await mapAll(
    manifest.packages,
    workspace.jobs,
    (it) => it.mode === "dev" ? devPackage(survey, it) : prodPackage(survey, it, lock, file),
  );
  const nodes: readonly GraphNode[] = [
    { name, mode: "app" },
    ...packages.map((it) => it.node),
  ];
  const names = new Map(manifest.packages.map((it) => [it.key, it.name]));
  const needs = askedNeeds(
    new Map([
      [normalizeName(name), needsOfApp(app, manifest.packages)],
      ...packages.map((it) => [normalizeName(it.node.name), it.needs] as const),
    ]),
  );
  return {
    nodes,
    edges: nodes.flatMap((node) =>
      edgesOf(node.name, needs.get(normalizeName(node.name)) ?? [], names)
    ),
  };
}

function edgesOf(
  from: string,
  needs: readonly Need[],
  names: ReadonlyMap<string, string>,
): readonly GraphEdge[] {
  const edges = new Map<string, Set<string>>();
  for (const { key, versions } of needs) {
    const to = names.get(key);
    // A package that needs itself, for the sake of its extras, says nothing about others.
    if (to === undefined || to === from) continue;
    edges.set(to, (edges.get(to) ?? new Set()).add(versions));
  }
  return [...names.values()].flatMap((to) => {
    const versions = edges.get(to);
    if (versions === undefined) return [];
    return [{ from, to, versions: [...versions].filter((it) => it !== "").join(" or ") }];
  });
}

interface PackageFacts {
  readonly node: GraphNode;
  readonly needs: readonly Need[];
}

function devPackage(survey: Survey, it: ManifestPackage): Promise<PackageFacts> {
  const stoodFor = it.pin === undefined ? "what is locked" : describePin(it.pin);
  const node = { name: it.name, mode: "dev", from: it.path } as const;
  return asItSays(survey, it, standsIn(it) ? { ...node, for: stoodFor } : node);
}

/** A package that says itself what it needs. */
async function asItSays(
  survey: Survey,
  it: ManifestPackage,
  node: GraphNode,
): Promise<PackageFacts> {
  const { metadata, problems, unchecked } = await survey.component(it);
  if (metadata !== undefined && !metadata.dynamic.includes("dependencies")) {
    return { node, needs: needsOfPackage(metadata) };
  }
  const broken = problems?.find(({ severity }) => severity === "error");
  // The node says already which package it is about.
  const unread = node.mode === "prod" && metadata === undefined ? unchecked : undefined;
  const problem = broken?.message.replace(/^Cannot [^:]*: /, "") ?? unread ??
    "what it needs is computed when it is built";
  return { node: { ...node, problem }, needs: [] };
}

async function prodPackage(
  survey: Survey,
  it: ManifestPackage,
  lock: readonly LockedPackage[] | undefined,
  file: string,
): Promise<PackageFacts> {
  const node: GraphNode = { name: it.name, mode: "prod", from: describePin(it.pin) };
  const problem = (text: string, needs: readonly Need[] = []) => ({
    node: { ...node, problem: text },
    needs,
  });
  const locked = lock?.find((locked) => locked.key === it.key);
  if (isAppsAffair(it)) {
    const { version, needs } = locked ?? {};
    return {
      node: { name: it.name, mode: "prod", ...given({ from: version }) },
      needs: needs ?? [],
    };
  }
  if (it.pin === undefined) return problem("it has no pin");
  if (locked === undefined) {
    // What nobody requires is nowhere locked.
    return it.require ? problem(`it is not in ${file} yet`) : { node, needs: [] };
  }
  const isPinned = locked.source.kind === "git" && isPinnedAt(it.pin, locked.source);
  if (!isPinned) return problem(`${file} has another version`, locked.needs);
  const { needs } = locked;
  return needs === undefined ? await asItSays(survey, it, node) : { node, needs };
}

function isPinnedAt(pin: Pin, { tag, branch, rev, commit }: LockedGit): boolean {
  if ("tag" in pin) return tag === pin.tag;
  if ("branch" in pin) return branch === pin.branch;
  return rev === pin.rev || commit?.startsWith(pin.rev) === true;
}

/** Everything that the app asks for, in whatever group or extra, and what HSM asks for in its place. */
function needsOfApp(
  { dependencies, optionalDependencies, dependencyGroups, injected }: App,
  packages: readonly ManifestPackage[],
): readonly Need[] {
  return [
    ...packages.filter((it) => Object.hasOwn(injected, it.key))
      .map(({ key, extras }): Need => ({ key, versions: "", extras, extra: undefined })),
    ...readNeeds(dependencies),
    ...Object.values(optionalDependencies).flatMap((it) => readNeeds(it)),
    ...Object.values(dependencyGroups).flatMap((it) => readNeeds(it)),
  ];
}

/** What a package asks of others; its groups are for those who work on it alone. */
function needsOfPackage(
  { dependencies, optionalDependencies }: ComponentMetadata,
): readonly Need[] {
  return [
    ...readNeeds(dependencies),
    ...Object.entries(optionalDependencies).flatMap(([extra, it]) => readNeeds(it, extra)),
  ];
}

const FORMATS = ["tree", "mermaid", "dot", "svg", "json"] as const;

async function render(
  result: GraphResult,
  format: typeof FORMATS[number],
  style: Style,
): Promise<string> {
  if (format === "tree") return renderTree(result, style);
  if (format === "json") return toDocument(result);
  if (format === "svg") return await (await import("./graph/svg.ts")).renderSvg(result);
  const { renderDot, renderMermaid } = await import("./graph/text_formats.ts");
  return format === "dot" ? renderDot(result) : renderMermaid(result);
}

/** `hsm graph`. */
export const graphCommand: Command<GraphResult> = defineCommand({
  name: "graph",
  group: "Looking",
  summary: "Show the app, its packages, and who needs whom",
  description:
    "What prod packages need is read from the lock file. Of what belongs to an extra of a package, only what " +
    "somebody asks for is shown.",
  examples: ["hsm graph", "hsm graph --format mermaid", "hsm graph --format svg > graph.svg"],
  excludes: [
    ["format", "json", "`--json` is the graph as JSON, whatever the format"],
  ],
  options: {
    format: choice("How to show it; default: tree", FORMATS, "f"),
  },
  async run(context, { format = "tree" }) {
    await using workspace = await context.open({ readonly: true });
    const result = await graph(workspace);
    return { data: result, text: await render(result, format, context.style) };
  },
});
