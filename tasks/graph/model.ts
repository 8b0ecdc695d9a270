/**
 * The app, its packages, and who needs whom.
 *
 * @module
 */

import type { Mode } from "../../lib/manifest/model.ts";

/** The app or a package. */
export interface GraphNode {
  /** The name as the app or the manifest writes it. */
  readonly name: string;
  /** How it is used; the app itself is `app`. */
  readonly mode: Mode | "app";
  /** Where it comes from: a pin, or the folder of a checkout. */
  readonly from?: string;
  /** What its checkout stands in for: its pin, or what is locked. */
  readonly for?: string;
  /** What is wrong with it, or why not all of what it needs is known. */
  readonly problem?: string;
}

/** One needs another. */
export interface GraphEdge {
  /** The name of the one. */
  readonly from: string;
  /** The name of the other. */
  readonly to: string;
  /** The versions that will do, such as `>=1.0`; empty: any. */
  readonly versions: string;
}

/** The whole. */
export interface Graph {
  /** The app first, then the packages in the manifest's order. */
  readonly nodes: readonly GraphNode[];
  /** Each pair once, in the order of the nodes. */
  readonly edges: readonly GraphEdge[];
}

/** A node on lines: its name, what {@linkcode describeNode} says, and what is wrong with it. */
export function linesOf(node: GraphNode): readonly string[] {
  return [node.name, describeNode(node), ...(node.problem ? [`! ${node.problem}`] : [])];
}

/** A node on one line: its mode and where it comes from. */
export function describeNode({ mode, from, for: stoodFor }: GraphNode): string {
  if (mode === "app") return "app";
  const place = stoodFor === undefined ? from : `${from}, for ${stoodFor}`;
  return place === undefined ? mode : `${mode}: ${place}`;
}
