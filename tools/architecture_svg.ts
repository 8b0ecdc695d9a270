/**
 * The house that the program is, as an SVG picture.
 *
 * @module
 */

import { placeLanes, placeRooms } from "./floors.ts";
import { folderIn, type Room } from "./rooms.ts";

/** A file is a square; those of a folder inside of the room stand together. */
const SQUARE = 7;
const STEP = SQUARE + 2;
const GAP = 5;
const ACROSS = 24;
const BETWEEN = 22;
const PADDING = 9;
const CHARACTER = 7.3;
const HEIGHT = 41;
const MARGIN = 16;
const FOOT = 44;

/** The picture has a ground of its own, so that it can be read on any page, whichever of both it is drawn for. */
const STYLE = `
  .ground { fill: #fbfcfd; stroke: #d5dae1 }
  text { font: 12px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #1f2733 }
  .name { font-weight: bold }
  .size { fill: #687385; text-anchor: end }
  .note { font-size: 11px; fill: #687385; text-anchor: middle }
  .room rect { fill: #eaf2fc; stroke: #6f9bd1 }
  .room path { fill: #4f86c6 }
  .room .inner { fill: #9dbde3 }
  .tasks rect { fill: #fdf0e2; stroke: #d99a4e }
  .tasks path { fill: #cf8430 }
  .tasks .inner { fill: #e9bd86 }
  .door rect { fill: #e6f5ea; stroke: #57a773 }
  .door path { fill: #3f9a60 }
  .arrow { fill: none; stroke: #8691a3; stroke-width: 1.2 }
  .tip { fill: #8691a3 }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #171b22; stroke: #343c49 }
    text { fill: #dde3ec }
    .size, .note { fill: #95a1b3 }
    .room rect { fill: #1c2a3d; stroke: #4d7fbd }
    .room path { fill: #6ea4e6 }
    .room .inner { fill: #3f6596 }
    .tasks rect { fill: #35270f; stroke: #b9823a }
    .tasks path { fill: #e5a452 }
    .tasks .inner { fill: #8a6530 }
    .door rect { fill: #16301f; stroke: #4a9868 }
    .door path { fill: #68bd88 }
    .arrow { stroke: #76829a }
    .tip { fill: #76829a }
  }
`;

/** A room as it is drawn, by the middle of its top. */
interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/**
 * Draws the rooms, each above all that it stands on.
 *
 * @param words What each room holds.
 */
export function drawHouse(rooms: readonly Room[], words: ReadonlyMap<string, string>): string {
  const places = placeRooms(rooms, { widthOf, gap: ACROSS });
  const lanes = placeLanes(rooms, places, { gap: ACROSS });
  const edges = [...places.values(), ...[...lanes.values()].map((x) => ({ x, width: 0 }))]
    .flatMap(({ x, width }) => [x - width / 2, x + width / 2]);
  const left = Math.min(...edges) - MARGIN;
  const width = Math.max(...edges) + MARGIN - left;
  const top = Math.max(...rooms.map((it) => it.floor));
  const heightOf = (floor: number) => MARGIN + (top - floor) * (HEIGHT + BETWEEN);
  const height = heightOf(0) + HEIGHT + FOOT;
  const boxes = new Map(rooms.map(({ name, floor }) => {
    const { x, width } = places.get(name)!;
    return [name, { x: x - left, y: heightOf(floor), width }];
  }));
  const files = rooms.reduce((sum, it) => sum + it.files.length, 0);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${round(width)} ${
      round(height)
    }" width="${round(width)}" height="${round(height)}" role="img" aria-labelledby="title desc">`,
    `<title id="title">The folders of HSM, each above all that it imports</title>`,
    `<desc id="desc">${escape(describe(rooms))}</desc>`,
    `<style>${STYLE}</style>`,
    `<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="tip" d="M0 0.5L8 4L0 7.5z"/></marker></defs>`,
    `<rect class="ground" x="0.5" y="0.5" width="${round(width - 1)}" height="${
      round(height - 1)
    }" rx="9"/>`,
    ...rooms.flatMap(({ name, standsOn }) =>
      standsOn.map((it) => {
        const lane = lanes.get(`${name} ${it}`);
        return arrow(boxes.get(name)!, boxes.get(it)!, lane === undefined ? lane : lane - left);
      })
    ),
    ...rooms.map((room) => drawRoom(room, boxes.get(room.name)!, words.get(room.name))),
    ...[
      `Each square is one of ${files} files; paler ones lie in a folder inside.`,
      "An arrow is an import; those that a way of others implies are left out.",
    ].map((text, at) =>
      `<text class="note" x="${round(width / 2)}" y="${
        round(height - FOOT + 22 + 16 * at)
      }">${text}</text>`
    ),
    "</svg>\n",
  ].join("\n");
}

function describe(rooms: readonly Room[]): string {
  return rooms.map(({ name, standsOn }) =>
    standsOn.length === 0 ? `${name} stands on nothing` : `${name} stands on ${standsOn.join(", ")}`
  ).join("; ");
}

/** The places of a room's files beside each other, from its left edge. */
function placesOf({ name, files }: Room): readonly number[] {
  let at = PADDING;
  return files.map((file, index) => {
    const before = files[index - 1];
    if (before !== undefined && folderIn(name, before) !== folderIn(name, file)) at += GAP;
    at += STEP;
    return at - STEP;
  });
}

function widthOf(room: Room): number {
  const label = (room.name.length + String(room.files.length).length + 2) * CHARACTER;
  return Math.ceil(Math.max(label + 2 * PADDING, placesOf(room).at(-1)! + SQUARE + PADDING));
}

function drawRoom(room: Room, { x, y, width }: Box, words: string | undefined): string {
  const { name, files } = room;
  const kind = name === "tasks/" ? "tasks" : name.startsWith("lib/") ? "room" : "door";
  const left = x - width / 2;
  const places = placesOf(room);
  const squares = (inner: boolean) =>
    files.map((file, at) =>
      (folderIn(name, file) !== "") === inner
        ? `M${round(left + places[at]!)} ${round(y + 26)}h${SQUARE}v${SQUARE}h-${SQUARE}z`
        : ""
    ).join("");
  const inside = squares(true);
  return [
    `<g class="${kind}"><title>${escape(words === undefined ? name : `${name}: ${words}`)}</title>`,
    `<rect x="${round(left)}" y="${round(y)}" width="${width}" height="${HEIGHT}" rx="5"/>`,
    `<text class="name" x="${round(left + PADDING)}" y="${round(y + 17)}">${name}</text>`,
    `<text class="size" x="${round(left + width - PADDING)}" y="${
      round(y + 17)
    }">${files.length}</text>`,
    `<path d="${squares(false)}"/>`,
    ...(inside === "" ? [] : [`<path class="inner" d="${inside}"/>`]),
    "</g>",
  ].join("");
}

/** A line from the bottom of a room to the top of another one, straight where it can be. */
function arrow(from: Box, to: Box, lane: number | undefined): string {
  const start = nearest(from, lane ?? to.x);
  const end = nearest(to, lane ?? start);
  const [top, bottom] = [from.y + HEIGHT, to.y];
  const way = lane === undefined
    ? bend(start, top, end, bottom)
    : `${bend(start, top, lane, top + BETWEEN)}V${round(bottom - BETWEEN)}${
      bend(lane, bottom - BETWEEN, end, bottom)
    }`;
  return `<path class="arrow" d="M${round(start)} ${round(top)}${way}" marker-end="url(#tip)"/>`;
}

/** From one height to another, down at both. */
function bend(from: number, top: number, to: number, bottom: number): string {
  if (from === to) return `V${round(bottom)}`;
  const half = round((top + bottom) / 2);
  return `C${round(from)} ${half} ${round(to)} ${half} ${round(to)} ${round(bottom)}`;
}

/** The place in a room's width that is nearest to another, clear of its corners. */
function nearest({ x, width }: Box, to: number): number {
  const room = width / 2 - 2 * PADDING;
  return Math.min(Math.max(to, x - room), x + room);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
