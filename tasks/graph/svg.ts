/**
 * A graph as an SVG picture.
 *
 * @module
 */

import stringWidth from "fast-string-width";
import { type Graph, type GraphNode, linesOf } from "./model.ts";

const LINE_HEIGHT = 18;
const CHARACTER_WIDTH = 7.5;
const PADDING = 12;
const MARGIN = 10;

const STYLE = `
  text { font: 12px ui-monospace, monospace; text-anchor: middle; fill: #222 }
  rect { fill: #fff; stroke: #888; rx: 6px }
  .name { font-weight: bold }
  .app rect { stroke: #222; stroke-width: 2 }
  .dev rect { stroke: #2a7; stroke-width: 2 }
  .problem rect { stroke: #c33; stroke-dasharray: 4 }
  path { fill: none; stroke: #888 }
  marker path { fill: #888 }
`;

/** The graph as an SVG document, laid out in ranks from the app downward. */
export async function renderSvg({ nodes, edges }: Graph): Promise<string> {
  const { Graph: Layout, layout } = await import("@dagrejs/dagre");
  const graph = new Layout({ multigraph: false });
  graph.setGraph({ rankdir: "TB", nodesep: 30, ranksep: 50, marginx: MARGIN, marginy: MARGIN });
  for (const node of nodes) {
    const lines = linesOf(node);
    const width = Math.max(...lines.map((line) => stringWidth(line))) * CHARACTER_WIDTH;
    graph.setNode(node.name, {
      width: width + 2 * PADDING,
      height: lines.length * LINE_HEIGHT + PADDING,
    });
  }
  for (const { from, to, versions } of edges) {
    const width = stringWidth(versions) * CHARACTER_WIDTH;
    graph.setEdge(from, to, { width, height: versions === "" ? 0 : LINE_HEIGHT, labelpos: "c" });
  }
  layout(graph);

  const placed = edges.map(({ from, to }) => graph.edge(from, to) as PlacedEdge);
  const { width, height } = extent(graph.graph() as Partial<Size>, placed);
  const size = `width="${round(width)}" height="${round(height)}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} viewBox="0 0 ${round(width)} ${
      round(height)
    }">`,
    `<style>${STYLE}</style>`,
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">' +
    '<path d="M0 0L8 4L0 8z"/></marker></defs>',
    ...edges.map(({ versions }, at) => {
      const edge = placed[at]!;
      const [start, ...rest] = edge.points.map(({ x, y }) => `${round(x)} ${round(y)}`);
      const path = `<path d="M${start}L${rest.join("L")}" marker-end="url(#arrow)"/>`;
      return versions === "" ? path : `${path}${text(edge.x, edge.y + 4, versions)}`;
    }),
    ...nodes.map((node) => box(node, graph.node(node.name) as Box)),
    "</svg>\n",
  ].join("\n");
}

/** The size that holds the edges, too: dagre's own is that of the nodes. */
function extent({ width = 0, height = 0 }: Partial<Size>, edges: readonly PlacedEdge[]): Size {
  return edges.flatMap((it) => it.points).reduce<Size>((size, { x, y }) => ({
    width: Math.max(size.width, x + MARGIN),
    height: Math.max(size.height, y + MARGIN),
  }), { width, height });
}

interface Size {
  readonly width: number;
  readonly height: number;
}

interface Placed {
  readonly x: number;
  readonly y: number;
}

interface PlacedEdge extends Placed {
  readonly points: readonly Placed[];
}

interface Box extends Placed {
  readonly width: number;
  readonly height: number;
}

function box(node: GraphNode, { x, y, width, height }: Box): string {
  const lines = linesOf(node);
  const top = y - height / 2 + PADDING / 2 + 13;
  const rect = `<rect x="${round(x - width / 2)}" y="${round(y - height / 2)}" width="${
    round(width)
  }" height="${round(height)}"/>`;
  const texts = lines.map((line, index) =>
    text(x, top + index * LINE_HEIGHT, line, index === 0 ? "name" : undefined)
  );
  const classes = node.problem === undefined ? node.mode : `${node.mode} problem`;
  return `<g class="${classes}">${rect}${texts.join("")}</g>`;
}

function text(x: number, y: number, content: string, kind?: string): string {
  const escaped = content.replace(/[&<>]/g, (it) => `&#${it.charCodeAt(0)};`);
  return `<text${kind ? ` class="${kind}"` : ""} x="${round(x)}" y="${round(y)}">${escaped}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
