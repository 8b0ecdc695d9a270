/**
 * A graph as a tree of lines.
 *
 * @module
 */

import { oneLine } from "../text/printable.ts";
import { describeNode, type Graph, type GraphNode } from "./model.ts";

/**
 * The tree below the app; what stands in it a second time is not unfolded again (`…`), and what the app does not
 * lead to comes afterwards. Every line ends with `\n`.
 */
export function renderTree({ nodes, edges }: Graph): string {
  const byName = new Map(nodes.map((it) => [it.name, it]));
  const seen = new Set<string>();
  const lines: string[] = [];

  const add = (node: GraphNode, versions: string, first: string, rest: string) => {
    const needs = edges.filter((it) => it.from === node.name);
    const again = seen.has(node.name) && needs.length > 0;
    seen.add(node.name);
    const facts = node.mode === "app" ? "" : `  ${describeNode(node)}`;
    const problem = node.problem === undefined || again ? "" : `  ! ${node.problem}`;
    const line = `${node.name}${versions && ` ${versions}`}${facts}${problem}`;
    lines.push(`${first}${oneLine(line)}${again ? "  …" : ""}\n`);
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
