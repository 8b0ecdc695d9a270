/**
 * A graph as a tree of lines.
 *
 * @module
 */

import { oneLine } from "../../lib/text/printable.ts";
import type { Style } from "../../lib/text/style.ts";
import { describeNode, type Graph, type GraphNode } from "./model.ts";

/**
 * The tree below the app; what stands in it a second time is not unfolded again (`…`), and what the app does not
 * lead to comes afterwards. Every line ends with `\n`.
 */
export function renderTree({ nodes, edges }: Graph, { bold, dim, yellow }: Style): string {
  const byName = new Map(nodes.map((it) => [it.name, it]));
  const seen = new Set<string>();
  const lines: string[] = [];

  const add = (node: GraphNode, versions: string, first: string, rest: string) => {
    const needs = edges.filter((it) => it.from === node.name);
    const again = seen.has(node.name) && needs.length > 0;
    seen.add(node.name);
    const parts = [
      (first && dim(first)) + bold(oneLine(node.name)) + oneLine(versions && ` ${versions}`),
      ...node.mode === "app" ? [] : [dim(oneLine(describeNode(node)))],
      ...node.problem === undefined || again ? [] : [yellow(oneLine(`! ${node.problem}`))],
      ...again ? ["…"] : [],
    ];
    lines.push(`${parts.join("  ")}\n`);
    if (again) return;
    needs.forEach((edge, index) => {
      const last = index === needs.length - 1;
      const next = byName.get(edge.to);
      if (next === undefined) return;
      add(
        next,
        edge.versions,
        `${rest}${last ? "└── " : "├── "}`,
        `${rest}${last ? "    " : "│   "}`,
      );
    });
  };

  const needed = new Set(edges.filter((it) => it.from !== it.to).map((it) => it.to));
  const roots = nodes.filter((it) => it.mode === "app" || !needed.has(it.name));
  // Whatever is left after these only needs one another, in a circle.
  for (const node of [...roots, ...nodes]) {
    if (!seen.has(node.name)) add(node, "", "", "");
  }
  return lines.join("");
}
