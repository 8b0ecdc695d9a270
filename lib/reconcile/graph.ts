/**
 * Who requires what, where: the requirements of the app and of the components, followed from the app through the
 * extras that are asked for, with the environments in which each one counts.
 *
 * @module
 */

import { given } from "../given.ts";
import { normalizeName, requirementName } from "../names.ts";
import { EnvironmentSet } from "./environments.ts";
import type { Marker } from "../versions/marker.ts";
import type {
  App,
  Component,
  ComponentMetadata,
  MetadataField,
  ReconcileInput,
  ScopedRequirements,
  SourceEntry,
} from "./model.ts";
import { type Problem, type ProblemSide, unlessBuilt } from "./problem.ts";
import { parseMarker, parseRequirement, type Requirement } from "../versions/requirement.ts";
import { type Parsed, parseSpecifiers, type VersionSet } from "../versions/specifiers.ts";

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
  /** Its line in the file, looked up when somebody asks for it. */
  readonly line: number | undefined;
  /** It may be another one: see `ComponentMetadata.guesses`. */
  readonly isGuess: boolean;
  /** The owner's extra that it belongs to, normalized. */
  readonly extra: string | undefined;
  /** The app's dependency group that it belongs to, normalized. */
  readonly group: string | undefined;
  /** It installs nothing, but binds whoever does: one of {@linkcode App.constraints}. */
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
  /** Those for which each of the app's dependency groups counts. */
  readonly groups: ReadonlyMap<string, bigint>;
  /** Whether requirements count of which nobody knows whether they are there. */
  readonly isOpen: boolean;
}

/** Where each node is installed. */
export type Reaches = ReadonlyMap<Node, Reach>;

/** By key, what counts instead of whoever's requirement: the user's own overrides; nothing for what is excluded. */
export type Replacements = ReadonlyMap<string, readonly Requirement[]>;

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
  /** Those of them that are resolved on their own: what each entry of {@linkcode App.environments} names. */
  readonly scopes: readonly bigint[];
  /** What the app has in place of every requirement on a distribution. */
  readonly replacements: Replacements;
  /** In which environments a marker holds where markers are not taken at their word; see joined.ts. */
  readonly coarse?: (bits: bigint) => bigint;
}

/** A graph, and the requirements and markers that cannot be read. */
export interface ReadGraph {
  /** The graph. */
  readonly graph: Graph;
  /** What cannot be read. */
  readonly problems: readonly Problem[];
}

const read = new WeakMap<ReconcileInput, ReadGraph>();

/**
 * Reads every requirement and chooses the environments; of one input once, for all who go by it: a survey has one for the
 * check and for what the package manager needs (docs/performance.md says what that saves).
 */
export function readGraph(input: ReconcileInput): ReadGraph {
  const problems: Problem[] = [];
  const known = read.get(input) ?? { graph: buildGraph(input, problems), problems };
  read.set(input, known);
  return known;
}

function buildGraph({ app, components }: ReconcileInput, problems: Problem[]): Graph {
  const replacements = readReplacements(app);
  const reader = new EdgeReader(problems, replacements, app.scoped);
  const appNode = makeNode(app.name ?? "the app", app.file, app, undefined);
  const nodes = new Map<string, Node>([[appNode.key, appNode]]);
  for (const component of components) {
    const metadata = statedMetadata(component, app);
    const file = metadata === component.metadata ? component.file : app.file;
    const node = makeNode(component.name, file, metadata, component);
    if (!nodes.has(node.key)) nodes.set(node.key, node);
  }
  for (const node of nodes.values()) reader.readNode(node);
  for (const [group, texts] of Object.entries(app.dependencyGroups)) {
    reader.read(appNode, `dependency-groups.${group}`, texts, { group: normalizeName(group) });
  }
  reader.read(appNode, "constraints", app.constraints, { isConstraint: true });
  const parsed = app.environments.map((text) => {
    const marker = parseMarker(text);
    if (!marker.ok) problems.push(invalid("marker-invalid", appNode, text, marker.reason));
    return marker;
  });
  const values = parsed.flatMap((marker) => marker.ok ? [marker.value] : []);
  const markers = values.filter((marker) => marker !== undefined);
  const environments = new EnvironmentSet(
    [...reader.markers, ...markers],
    [
      ...[...nodes.values()].map((node) => node.metadata?.requiresPython ?? ""),
      ...Object.values(app.groupPythons),
    ],
    pythonVersionsOf(app),
  );
  const scopes = values.length === 0
    ? [environments.all]
    : values.map((marker) => environments.evaluate(marker));
  const scope = scopes.reduce((sum, bits) => sum | bits, 0n);
  return { app: appNode, nodes, environments, scope, scopes, replacements };
}

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

/** One side of a problem. */
export function sideOf({ owner, file, line, text }: Edge): ProblemSide {
  return { component: owner.name, file, ...given({ line }), requirement: text };
}

/** Where a field of a node's metadata stands. */
export function placeOf(
  { file, metadata }: Node,
  field: MetadataField,
): Pick<ProblemSide, "file" | "line"> {
  return { file: metadata?.files?.[field] ?? file, ...given({ line: metadata?.lines[field] }) };
}

/** How bad it is that something does not fit, which may be a guess, and what to do about it. */
export function verdict(
  isGuess: boolean,
  fix: string,
  severity: "error" | "warning" = "error",
): Pick<Problem, "severity" | "fix"> {
  return isGuess ? { severity: "unchecked", fix: unlessBuilt(fix) } : { severity, fix };
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

/** What to do to have another version of a node, such as one `that meets >=2`. */
export function otherVersion({ name, component }: Node, that: string): string {
  return component?.mode === "prod"
    ? `pin ${name} to a version ${that}`
    : `check out a version of ${name} ${that}`;
}

/** Something of a node's that cannot be read. */
export function invalid(
  code: "requirement-invalid" | "python-invalid" | "marker-invalid" | "version-invalid",
  node: Node,
  text: string,
  reason: string,
  line?: number,
): Problem {
  return {
    code,
    severity: "error",
    message: `${labelOf(node)} has ${NOUNS[code]} that cannot be read, "${text}": ${reason}`,
    sides: [{ component: node.name, file: node.file, ...given({ line }), requirement: text }],
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

function readReplacements(app: App): Replacements {
  // What cannot be read is told by whoever resolves; a package is settled by its name then.
  const read = app.overrides.map(parseRequirement).flatMap((it) => it.ok ? [it.value] : []);
  const excluded = app.excluded.map((key) => [key, []] as const);
  return new Map<string, readonly Requirement[]>([
    ...Map.groupBy(read, ({ key }) => key),
    ...excluded,
  ]);
}

/**
 * A component's metadata, or what the app says instead: for a package with a source uv takes an entry that has a version,
 * whichever it is, where it is the only one.
 */
function statedMetadata({ name, metadata }: Component, app: App): ComponentMetadata | undefined {
  const key = normalizeName(name);
  const [stated, ...others] = app.stated.filter((it) => normalizeName(it.name) === key);
  if (stated?.version === undefined || others.length > 0) return metadata;
  return { ...stated, name: metadata?.name ?? name, dynamic: [], sources: [], lines: {} };
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

/** What a requirement belongs to. */
type EdgePlacing = Partial<Pick<Edge, "extra" | "group" | "isConstraint">>;

/** Reads requirements; the same text is read once. */
class EdgeReader {
  /** The markers of all requirements. */
  readonly markers = new Set<Marker>();
  readonly #problems: Problem[];
  readonly #replacements: Replacements;
  readonly #scoped: App["scoped"];

  constructor(problems: Problem[], replacements: Replacements, scoped: App["scoped"]) {
    this.#problems = problems;
    this.#replacements = replacements;
    this.#scoped = scoped;
    for (const { marker } of [...replacements.values()].flat()) {
      if (marker !== undefined) this.markers.add(marker);
    }
  }

  readNode(node: Node): void {
    const { metadata } = node;
    if (metadata === undefined) return;
    this.read(node, "dependencies", metadata.dependencies, {});
    // What it does not require itself it requires by these.
    const named = new Set(metadata.dependencies.map(requirementName));
    const more = [...this.#scopedOf(node)].flatMap(([key, it]) =>
      named.has(key) ? [] : it.slice(0, 1)
    );
    this.read(node, "", more, {});
    for (const [extra, texts] of Object.entries(metadata.optionalDependencies)) {
      const path = `optional-dependencies.${extra}`;
      this.read(node, path, texts, { extra: normalizeName(extra) });
    }
    if (node.component !== undefined && isOpen(metadata)) this.#assume(node);
    const keys = new Set(node.edges.map((edge) => edge.requirement.key));
    const choices = [...node.sources].flatMap(([key, it]) => keys.has(key) ? it.choices : []);
    for (const { marker } of choices) {
      const parsed = marker === undefined ? undefined : parseMarker(marker);
      if (parsed?.ok && parsed.value !== undefined) this.markers.add(parsed.value);
    }
  }

  #assume(owner: Node): void {
    const known = new Set(owner.edges.map((edge) => edge.requirement.key));
    for (const [key, source] of owner.sources) {
      const { name } = source;
      if (key === owner.key || known.has(key)) continue;
      const parsed = this.#parse(name);
      if (!parsed.ok) continue;
      const { file } = owner;
      const written = { owner, text: name, file, isGuess: false, isAssumed: true };
      this.#add({ ...written, requirement: parsed.value }, {}, () => source.line);
    }
  }

  read(owner: Node, path: string, texts: readonly string[], place: EdgePlacing): void {
    const { extra } = place;
    const field = extra === undefined ? "dependencies" : "optional-dependencies";
    const { file } = placeOf(owner, field);
    const written = { owner, file, isGuess: isGuess(owner, field), isAssumed: false };
    for (const [index, text] of texts.entries()) {
      const lineOf = () => owner.metadata?.lines[`${path}.${index}`];
      const parsed = this.#parse(text);
      if (!parsed.ok) {
        this.#problems.push(invalid("requirement-invalid", owner, text, parsed.reason, lineOf()));
        continue;
      }
      const { key } = parsed.value;
      const scoped = this.#scopedOf(owner).get(key)?.map((it) => this.#parse(it))
        .flatMap((it) => it.ok ? [it.value] : []);
      for (const requirement of scoped ?? this.#replacements.get(key) ?? [parsed.value]) {
        this.#add({ ...written, text, requirement }, place, lineOf);
      }
    }
  }

  /** What counts in place of what a package requires. */
  #scopedOf({ key, metadata }: Node): ScopedRequirements["instead"] {
    const its = this.#scoped.filter((it) => it.key === key);
    const found = its.filter((it) => it.version !== undefined && it.version === metadata?.version);
    const counts = found.length > 0 ? found : its.filter((it) => it.version === undefined);
    return new Map(counts.flatMap((it) => [...it.instead]));
  }

  #add(
    written: Omit<Edge, "line" | keyof EdgePlacing>,
    { extra, group, isConstraint = false }: EdgePlacing,
    lineOf: () => number | undefined,
  ): void {
    written.owner.edges.push({
      ...written,
      extra,
      group,
      isConstraint,
      get line() {
        return lineOf();
      },
    });
  }

  #parse(text: string): Parsed<Requirement> {
    const parsed = parseRequirement(text);
    if (parsed.ok && parsed.value.marker !== undefined) this.markers.add(parsed.value.marker);
    return parsed;
  }
}
