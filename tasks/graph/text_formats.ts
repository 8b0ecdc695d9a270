/**
 * A graph in the languages of other programs: Mermaid and Graphviz.
 *
 * @module
 */

import { oneLine } from "../../lib/text/printable.ts";
import { type Graph, linesOf } from "./model.ts";

/** The graph as a Mermaid flowchart. */
export function renderMermaid({ nodes, edges }: Graph): string {
  const ids = new Map(nodes.map((it, index) => [it.name, `n${index}`]));
  const quote = (...parts: string[]) => {
    const lines = parts.map((it) =>
      oneLine(it).replace(/[&<>"#]/g, (it) => `#${it.charCodeAt(0)};`)
    );
    return `"${lines.join("<br>")}"`;
  };
  const lines = [
    "flowchart TD",
    ...nodes.map((it) => {
      const classes = it.problem === undefined ? it.mode : `${it.mode},problem`;
      return `  ${ids.get(it.name)}[${quote(...linesOf(it))}]\n  class ${
        ids.get(it.name)
      } ${classes}`;
    }),
    ...edges.map((it) =>
      `  ${ids.get(it.from)} -->${it.versions && `|${quote(it.versions)}|`} ${ids.get(it.to)}`
    ),
    "  classDef app stroke-width:2px",
    "  classDef dev stroke:#2a7",
    "  classDef prod stroke:#888",
    "  classDef problem stroke:#c33,stroke-dasharray:4",
  ];
  return `${lines.join("\n")}\n`;
}

/** The graph in Graphviz's DOT. */
export function renderDot({ nodes, edges }: Graph): string {
  const quote = (...parts: string[]) => {
    const lines = parts.map((it) => oneLine(it).replace(/["\\]/g, (it) => `\\${it}`));
    return `"${lines.join("\\n")}"`;
  };
  const colors = { app: "black", dev: "#22aa77", prod: "#888888" } as const;
  const lines = [
    "digraph hsm {",
    "  node [shape=box, style=rounded];",
    ...nodes.map((it) => {
      const color = it.problem === undefined ? colors[it.mode] : "#cc3333";
      return `  ${quote(it.name)} [label=${quote(...linesOf(it))}, color=${quote(color)}];`;
    }),
    ...edges.map((it) =>
      `  ${quote(it.from)} -> ${quote(it.to)}${it.versions && ` [label=${quote(it.versions)}]`};`
    ),
    "}",
  ];
  return `${lines.join("\n")}\n`;
}
