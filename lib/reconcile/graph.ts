/**
 * Who requires what, where: the requirements of the app and of the components, followed from the app through the
 * extras that are asked for, with the environments in which each one counts.
 *
 * @module
 */

import { normalizeName } from "../names.ts";
import { EnvironmentSet } from "./environments.ts";
import type { Marker } from "./marker_model.ts";
import type {
  App,
  Component,
  ComponentMetadata,
  MetadataField,
  ReconcileInput,
  SourceEntry,
} from "./model.ts";
import type { Problem, ProblemSide } from "./problem.ts";
import { parseMarker, parseRequirement, type Requirement } from "./requirement.ts";
import { type Parsed, parseSpecifiers, type VersionSet } from "./specifiers.ts";

/** The app, or a managed package. */
export interface Node {
  /** The name in the manifest; the app's own name. */
  readonly name: string;
  /** The name in the form in which names compare. */
  readonly key: string;
  /** The file that its metadata is from. */
  readonly file: string;
  /** Its metadata. */
  readonly metadata: ComponentMetadata | undefined;
  /** The package; undefined for the app. */
  readonly component: Component | undefined;
  /** What it requires, in the order of its file. */
  readonly edges: Edge[];
  /** What it says of where requirements come from, by key. */
  readonly sources: ReadonlyMap<string, SourceEntry>;
}

/** One requirement of one node. */
export interface Edge {
  /** Whose requirement it is. */
  readonly owner: Node;
  /** The requirement. */
  readonly requirement: Requirement;
  /** As it is written. */
  readonly text: string;
  /** The file that it stands in. */
  readonly file: string;
  /** Its line in the file. */
  readonly line: number | undefined;
  /** It may be another one: see `ComponentMetadata.guesses`. */
  readonly isGuess: boolean;
  /** The owner's extra that it belongs to, normalized. */
  readonly extra: string | undefined;
  /** The app's dependency group that it belongs to, normalized. */
  readonly group: string | undefined;
  /** It installs nothing, but binds whoever does: an entry of `constraint-dependencies`. */
  readonly isConstraint: boolean;
  /** Nobody knows whether it is one: the owner's are computed when it is built, and its sources name the distribution. */
  readonly isAssumed: boolean;
}

/** Where a node is installed, and where its extras are. */
export interface Reach {
  /** The environments with the distribution. */
  base: bigint;
  /** The environments with each of its extras. */
  readonly extras: Map<string, bigint>;
}

/** The nodes, their requirements and the environments. */
export interface Graph {
  /** The app. */
  readonly app: Node;
  /** The app and the components, by key. */
  readonly nodes: ReadonlyMap<string, Node>;
  /** The environments of the check. */
  readonly environments: EnvironmentSet;
  /** The environments that the app is resolved for. */
  readonly scope: bigint;
}

/** Which of the app's groups and extras count. */
export type Demand = "asked" | "all";

/**
 * Reads every requirement and chooses the environments.
 *
 * @param input The app and the components.
 * @param problems Takes the requirements and markers that cannot be read.
 */
export function buildGraph({ app, components }: ReconcileInput, problems: Problem[]): Graph {
  const reader = new EdgeReader(problems);
  const appNode = makeNode(app.name ?? "the app", app.file, app, undefined);
  const nodes = new Map<string, Node>([[appNode.key, appNode]]);
  for (const component of components) {
    const node = makeNode(component.name, component.file, component.metadata, component);
    if (!nodes.has(node.key)) nodes.set(node.key, node);
  }
  for (const node of nodes.values()) reader.readNode(node);
  for (const [group, texts] of Object.entries(app.dependencyGroups)) {
    reader.read(appNode, `dependency-groups.${group}`, texts, { group: normalizeName(group) });
  }
  reader.read(appNode, "constraint-dependencies", app.constraints, { isConstraint: true });
  const scopes = app.environments.map((text) => {
    const marker = parseMarker(text);
    if (!marker.ok) problems.push(invalid("marker-invalid", appNode, text, marker.reason));
    return marker;
  });
  const markers = scopes.flatMap((marker) => marker.ok ? [marker.value] : []);
  const environments = new EnvironmentSet(
    [...reader.markers, ...markers],
    [...nodes.values()].map((node) => node.metadata?.requiresPython ?? ""),
    pythonVersionsOf(app),
  );
  const scope = markers.length === 0
    ? environments.all
    : markers.reduce((bits, marker) => bits | environments.evaluate(marker), 0n);
  return { app: appNode, nodes, environments, scope };
}

/**
 * Follows the requirements from the app.
 *
 * @param graph The nodes.
 * @param demand Which of the app's groups and extras count: those that are asked for, or all, as in a lock file.
 * @returns Where each node is installed.
 */
export function followGraph(graph: Graph, demand: Demand): ReadonlyMap<Node, Reach> {
  const { app, nodes, scope } = graph;
  const reaches = new Map<Node, Reach>();
  for (const node of nodes.values()) reaches.set(node, { base: 0n, extras: new Map() });
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
  const ownExtras = demand === "all" ? Object.keys(data.optionalDependencies) : data.extras;
  add(app, scope, ownExtras.map(normalizeName));
  for (const node of nodes.values()) {
    const { component } = node;
    if (component === undefined || !component.require) continue;
    const written = app.edges.filter((edge) => isRequirementOf(edge, node, component));
    const bits = written.length === 0
      ? scope
      : written.reduce((sum, edge) => sum | edgeBits(graph, edge, reaches, demand), 0n);
    add(node, bits, component.extras.map(normalizeName));
  }
  for (const node of queue) {
    queue.delete(node);
    for (const edge of node.edges) {
      const target = nodes.get(edge.requirement.key);
      if (target === undefined || edge.isConstraint) continue;
      const bits = edgeBits(graph, edge, reaches, demand);
      if (bits !== 0n) add(target, bits, edge.requirement.extras);
    }
  }
  return reaches;
}

/** The environments in which a requirement counts. */
export function edgeBits(
  { environments, scope, app }: Graph,
  edge: Edge,
  reaches: ReadonlyMap<Node, Reach>,
  demand: Demand,
): bigint {
  // What may be nothing causes no problem; that it may be something is told apart.
  if (edge.isAssumed && demand === "asked") return 0n;
  const { base, extras } = reaches.get(edge.owner)!;
  let bits = edge.extra === undefined ? base : extras.get(edge.extra) ?? 0n;
  if (edge.group !== undefined) {
    const isAsked = demand === "all" || isGroupAsked(edge.group, app.metadata as App);
    bits = isAsked ? scope : 0n;
  }
  const { marker } = edge.requirement;
  return marker === undefined || bits === 0n ? bits : bits & environments.evaluate(marker, extras);
}

/** One side of a problem. */
export function sideOf({ owner, file, line, text }: Edge): ProblemSide {
  return {
    component: owner.name,
    file,
    ...(line === undefined ? {} : { line }),
    requirement: text,
  };
}

/** Where a field of a node's metadata stands. */
export function placeOf(
  { file, metadata }: Node,
  field: MetadataField,
): Pick<ProblemSide, "file" | "line"> {
  const line = metadata?.lines[field];
  return { file: metadata?.files?.[field] ?? file, ...(line === undefined ? {} : { line }) };
}

/** How bad it is that something does not fit, which may be a guess, and what to do about it. */
export function verdict(isGuess: boolean, fix: string): Pick<Problem, "severity" | "fix"> {
  return isGuess
    ? { severity: "unchecked", fix: `let uv judge it with \`hsm check --resolve\`, or ${fix}` }
    : { severity: "error", fix };
}

/** Whether a field may say something else: see `ComponentMetadata.guesses`. */
export function isGuess({ metadata }: Node, field: MetadataField): boolean {
  return metadata?.guesses?.includes(field) ?? false;
}

/** How messages name a node: `plug-c 1.2.0`, `the app`. */
export function labelOf(node: Node): string {
  if (node.component === undefined) return "the app";
  const version = node.metadata?.version;
  return version === undefined ? node.name : `${node.name} ${version}`;
}

/** Something of a node's that cannot be read. */
export function invalid(
  code: "requirement-invalid" | "python-invalid" | "marker-invalid" | "version-invalid",
  node: Node,
  text: string,
  reason: string,
  line?: number,
): Problem {
  const at = line === undefined ? {} : { line };
  return {
    code,
    severity: "error",
    message: `${labelOf(node)} has ${NOUNS[code]} that cannot be read, "${text}": ${reason}`,
    sides: [{ component: node.name, file: node.file, ...at, requirement: text }],
    fix: node.component?.mode === "prod"
      ? `pin ${node.name} to a version without it`
      : `correct it in ${node.file}${line === undefined ? "" : `, line ${line}`}`,
  };
}

const NOUNS = {
  "requirement-invalid": "a requirement",
  "python-invalid": "a requires-python",
  "marker-invalid": "an environment",
  "version-invalid": "a version",
};

/** Whether requirements are computed when it is built. */
function isOpen({ dynamic }: ComponentMetadata): boolean {
  return dynamic.includes("dependencies") || dynamic.includes("optional-dependencies");
}

function isGroupAsked(group: string, app: App): boolean {
  return app.groups.some((name) => normalizeName(name) === group);
}

function isRequirementOf(edge: Edge, node: Node, component: Component): boolean {
  if (edge.requirement.key !== node.key || edge.isConstraint || edge.extra !== undefined) {
    return false;
  }
  return edge.group === undefined ||
    (component.group !== undefined && edge.group === normalizeName(component.group));
}

/** The versions that a `requires-python` allows; undefined where there is none that can be read. */
export function pythonVersionsOf(metadata: ComponentMetadata | undefined): VersionSet | undefined {
  const text = metadata?.requiresPython;
  const parsed = text === undefined ? undefined : parseSpecifiers(text);
  return parsed?.ok ? parsed.value : undefined;
}

function makeNode(
  name: string,
  file: string,
  metadata: ComponentMetadata | undefined,
  component: Component | undefined,
): Node {
  const sources = new Map(metadata?.sources.map((it) => [normalizeName(it.name), it]));
  return { name, key: normalizeName(name), file, metadata, component, edges: [], sources };
}

/** Reads requirements; the same text is read once. */
class EdgeReader {
  /** The markers of all requirements. */
  readonly markers: Marker[] = [];
  readonly #problems: Problem[];
  readonly #known = new Map<string, Parsed<Requirement>>();

  constructor(problems: Problem[]) {
    this.#problems = problems;
  }

  readNode(node: Node): void {
    const { metadata } = node;
    if (metadata === undefined) return;
    this.read(node, "dependencies", metadata.dependencies, {});
    for (const [extra, texts] of Object.entries(metadata.optionalDependencies)) {
      const path = `optional-dependencies.${extra}`;
      this.read(node, path, texts, { extra: normalizeName(extra) });
    }
    if (node.component !== undefined && isOpen(metadata)) this.#assume(node);
    const keys = new Set(node.edges.map((edge) => edge.requirement.key));
    const choices = [...node.sources].flatMap(([key, it]) => keys.has(key) ? it.choices : []);
    for (const { marker } of choices) {
      const parsed = typeof marker === "string" ? parseMarker(marker) : undefined;
      if (parsed?.ok) this.markers.push(parsed.value);
    }
  }

  #assume(owner: Node): void {
    const known = new Set(owner.edges.map((edge) => edge.requirement.key));
    for (const [key, { name, line }] of owner.sources) {
      if (key === owner.key || known.has(key)) continue;
      const parsed = this.#parse(name);
      if (!parsed.ok) continue;
      owner.edges.push({
        owner,
        requirement: parsed.value,
        text: name,
        file: owner.file,
        line,
        extra: undefined,
        group: undefined,
        isConstraint: false,
        isGuess: false,
        isAssumed: true,
      });
    }
  }

  read(
    owner: Node,
    path: string,
    texts: readonly string[],
    place: { extra?: string; group?: string; isConstraint?: boolean },
  ): void {
    const { extra, group, isConstraint = false } = place;
    const field = extra === undefined ? "dependencies" : "optional-dependencies";
    const { file } = placeOf(owner, field);
    const isGuessed = isGuess(owner, field);
    for (const [index, text] of texts.entries()) {
      const line = owner.metadata?.lines[`${path}.${index}`];
      const parsed = this.#parse(text);
      if (parsed.ok) {
        const requirement = parsed.value;
        owner.edges.push({
          owner,
          requirement,
          text,
          file,
          line,
          extra,
          group,
          isConstraint,
          isGuess: isGuessed,
          isAssumed: false,
        });
      } else {
        this.#problems.push(invalid("requirement-invalid", owner, text, parsed.reason, line));
      }
    }
  }

  #parse(text: string): Parsed<Requirement> {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const parsed = parseRequirement(text);
    this.#known.set(text, parsed);
    if (parsed.ok && parsed.value.marker !== undefined) this.markers.push(parsed.value.marker);
    return parsed;
  }
}
