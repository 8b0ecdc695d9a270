/**
 * A terminal's text, with its colours, as an SVG picture that needs nothing else: no script, no font of its own.
 *
 * @module
 */

const CELL = { width: 8.4, height: 20 } as const;
const PADDING = 20;
const BAR = 36;
/** Above each line that was typed, but for the first. */
const GAP = 8;

/** Readable on a light and on a dark page. */
const COLORS = {
  background: "#1b1f27",
  frame: "#3a4150",
  text: "#d7dce5",
  prompt: "#7d8799",
  typed: "#ffffff",
  palette: ["#7d8799", "#ff7b72", "#7ee787", "#e3b341", "#79c0ff", "#d2a8ff", "#56d4dd", "#d7dce5"],
} as const;

/** A piece of a line in one style. */
interface Piece {
  readonly text: string;
  readonly style: Style;
}

interface Style {
  readonly bold: boolean;
  readonly dim: boolean;
  readonly color: string | undefined;
}

const PLAIN: Style = { bold: false, dim: false, color: undefined };

/** Draws what a terminal shows, as `tmux capture-pane -e` gives it; lines that begin with `$ ` are what was typed. */
export function drawTerminal(screen: string, title: string): string {
  const lines = readLines(screen.trimEnd());
  const columns = Math.max(...lines.map((pieces) => lengthOf(pieces)));
  const width = Math.ceil(columns * CELL.width + 2 * PADDING);
  let top = BAR;
  const rows = lines.map((pieces, index) => {
    if (index > 0 && pieces[0]?.text === "$") top += GAP;
    const y = top + 0.75 * CELL.height;
    top += CELL.height;
    return `<text x="${PADDING}" y="${y}">${drawLine(pieces)}</text>`;
  });
  const height = top + PADDING;
  const lights = [0, 1, 2].map((it) => `<circle cx="${PADDING + 6 + it * 20}" cy="18" r="6"/>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${
    escape(title)
  }">
<title>${escape(title)}</title>
<style>text { white-space: pre }</style>
<rect x="0.5" y="0.5" width="${width - 1}" height="${
    height - 1
  }" rx="9" fill="${COLORS.background}" stroke="${COLORS.frame}"/>
<g fill="${COLORS.frame}">${lights.join("")}</g>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="${COLORS.text}" xml:space="preserve">
${rows.join("\n")}
</g>
</svg>
`;
}

function readLines(screen: string): readonly (readonly Piece[])[] {
  let style = PLAIN;
  return screen.split("\n").map((line) => {
    const pieces: Piece[] = [];
    // deno-lint-ignore no-control-regex
    for (const part of line.trimEnd().split(/(\x1b\[[0-9;]*m)/)) {
      // deno-lint-ignore no-control-regex
      const codes = /^\x1b\[([0-9;]*)m$/.exec(part)?.[1];
      if (codes !== undefined) style = restyle(style, codes);
      else if (part !== "") pieces.push({ text: part, style });
    }
    return typedLine(pieces) ?? pieces;
  });
}

/** The prompt steps back, what was typed stands out. */
function typedLine(pieces: readonly Piece[]): readonly Piece[] | undefined {
  const [only, ...others] = pieces;
  if (only === undefined || others.length > 0 || !only.text.startsWith("$ ")) return undefined;
  return [
    { text: "$", style: { ...PLAIN, color: COLORS.prompt } },
    { text: only.text.slice(1), style: { ...PLAIN, bold: true, color: COLORS.typed } },
  ];
}

function restyle(style: Style, codes: string): Style {
  let { bold, dim, color } = style;
  for (const code of (codes || "0").split(";").map(Number)) {
    if (code === 0) ({ bold, dim, color } = PLAIN);
    else if (code === 1) bold = true;
    else if (code === 2) dim = true;
    else if (code === 22) bold = dim = false;
    else if (code === 39) color = undefined;
    else if (code >= 30 && code <= 37) color = COLORS.palette[code - 30];
    else if (code >= 90 && code <= 97) color = COLORS.palette[code - 90];
  }
  return { bold, dim, color };
}

function lengthOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, it) => sum + [...it.text].length, 0);
}

/** Each piece stands at its own column, whatever width the reader's font has. */
function drawLine(pieces: readonly Piece[]): string {
  let column = 0;
  return pieces.map(({ text, style }) => {
    const x = PADDING + column * CELL.width;
    const length = [...text].length;
    column += length;
    const attributes = [
      `x="${round(x)}"`,
      `textLength="${round(length * CELL.width)}"`,
      ...(style.bold ? [`font-weight="bold"`] : []),
      ...(style.color ?? style.dim ? [`fill="${style.color ?? COLORS.prompt}"`] : []),
    ];
    return `<tspan ${attributes.join(" ")}>${escape(text)}</tspan>`;
  }).join("");
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
