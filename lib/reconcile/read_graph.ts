/**
 * Making the graph of the requirements that the app and the components say.
 *
 * @module
 */

import { normalizeName, requirementName } from "../names.ts";
import { EnvironmentSet } from "./environments.ts";
import {
  type Edge,
  type Graph,
  invalid,
  isGuess,
  type Node,
  placeOf,
  pythonVersionsOf,
  type Replacements,
} from "./graph.ts";
import type {
  App,
  Component,
  ComponentMetadata,
  ReconcileInput,
  ScopedRequirements,
} from "./model.ts";
import type { Problem } from "./problem.ts";
import type { Marker } from "../versions/marker.ts";
import { parseMarker, parseRequirement, type Requirement } from "../versions/requirement.ts";
import type { Parsed } from "../versions/specifiers.ts";

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
  const managed = new Set(components.map((it) => normalizeName(it.name)));
  const reader = new EdgeReader(problems, replacements, app.scoped, managed);
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
  readonly #managed: ReadonlySet<string>;

  constructor(
    problems: Problem[],
    replacements: Replacements,
    scoped: App["scoped"],
    managed: ReadonlySet<string>,
  ) {
    this.#managed = managed;
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
      const other = owner.metadata?.places?.[`${path}.${index}`];
      const lineOf = () => other?.line ?? owner.metadata?.lines[`${path}.${index}`];
      const parsed = this.#parse(text);
      if (!parsed.ok) {
        this.#problems.push(invalid("requirement-invalid", owner, text, parsed.reason, lineOf()));
        continue;
      }
      const { key } = parsed.value;
      if (other?.givesWay && this.#managed.has(key)) continue;
      const scoped = this.#scopedOf(owner).get(key)?.map((it) => this.#parse(it))
        .flatMap((it) => it.ok ? [it.value] : []);
      for (const requirement of scoped ?? this.#replacements.get(key) ?? [parsed.value]) {
        const at = other === undefined ? {} : { file: other.file };
        this.#add({ ...written, ...at, text, requirement }, place, lineOf);
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
