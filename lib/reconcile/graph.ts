/**
 * Who requires what, where: the app and the components, their requirements, and what messages say of them.
 *
 * @module
 */

import { given } from "../given.ts";
import type { EnvironmentSet } from "./environments.ts";
import type { Component, ComponentMetadata, MetadataField, SourceEntry } from "./model.ts";
import { type Problem, type ProblemSide, unlessBuilt } from "./problem.ts";
import type { Requirement } from "../versions/requirement.ts";
import { parseSpecifiers, type VersionSet } from "../versions/specifiers.ts";

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

/** The versions that a `requires-python` allows; undefined where there is none that can be read. */
export function pythonVersionsOf(metadata: ComponentMetadata | undefined): VersionSet | undefined {
  const text = metadata?.requiresPython;
  const parsed = text === undefined ? undefined : parseSpecifiers(text);
  return parsed?.ok ? parsed.value : undefined;
}
