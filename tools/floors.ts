/**
 * Where each room of a house is drawn: each on its floor, as near as can be to those above and below it.
 *
 * @module
 */

import type { Room } from "./rooms.ts";

/** How wide the rooms are, and what lies between two of them. */
export interface Widths {
  readonly widthOf: (room: Room) => number;
  readonly gap: number;
}

/** A room across: its middle, and how wide it is. */
export interface Across {
  x: number;
  readonly width: number;
}

/** How often each floor is put in order; some more change nothing any more. */
const SWEEPS = 60;

/** The rooms across, by their names. The same rooms are always placed the same. */
export function placeRooms(
  rooms: readonly Room[],
  { widthOf, gap }: Widths,
): ReadonlyMap<string, Across> {
  const places = new Map(rooms.map((it) => [it.name, { x: 0, width: widthOf(it) }]));
  const beside = Map.groupBy(
    rooms.flatMap(({ name, standsOn }) => standsOn.flatMap((it) => [[name, it], [it, name]])),
    ([name]) => name,
  );
  const floors = [...Map.groupBy(rooms, (it) => it.floor).values()];
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (const floor of sweep % 2 === 0 ? floors : floors.toReversed()) {
      const wishes = floor.map(({ name }) => {
        const own = beside.get(name)?.map(([, it]) => places.get(it!)!.x) ?? [];
        return { place: places.get(name)!, x: mean(own) };
      });
      settle(wishes, gap);
    }
  }
  return places;
}

/** Moves each room of a floor to where it wishes to be, as far as the others leave space. */
function settle(
  wishes: { readonly place: Across; readonly x: number }[],
  gap: number,
): void {
  wishes.sort((a, b) => a.x - b.x);
  // As though all were as narrow as a line: then only their order has to be kept.
  let taken = 0;
  const offsets = wishes.map(({ place }, at) => {
    if (at > 0) taken += (wishes[at - 1]!.place.width + place.width) / 2 + gap;
    return taken;
  });
  // Those that would be in each other's way share the mean of their wishes.
  const groups: number[][] = [];
  for (const [at, { x }] of wishes.entries()) {
    let group = [x - offsets[at]!];
    while (groups.length > 0 && mean(groups.at(-1)!) > mean(group)) {
      group = [...groups.pop()!, ...group];
    }
    groups.push(group);
  }
  const places = groups.flatMap((group) => group.map(() => mean(group)));
  for (const [at, { place }] of wishes.entries()) place.x = places[at]! + offsets[at]!;
}

/**
 * The way down of each arrow that goes past floors: as near to its ends as one that meets neither a room nor another one.
 *
 * @returns It by the names of both ends, with a space between.
 */
export function placeLanes(
  rooms: readonly Room[],
  places: ReadonlyMap<string, Across>,
  { gap }: Pick<Widths, "gap">,
): ReadonlyMap<string, number> {
  const lanes = new Map<string, number>();
  const taken = rooms.map(({ name, floor }) => ({ ...places.get(name)!, low: floor, high: floor }));
  const floorOf = new Map(rooms.map((it) => [it.name, it.floor]));
  const long = rooms.flatMap(({ name, floor, standsOn }) =>
    standsOn.map((to) => ({ name, to, high: floor - 1, low: floorOf.get(to)! + 1 }))
  ).filter((it) => it.low <= it.high).sort((a, b) => (a.high - a.low) - (b.high - b.low));
  for (const { name, to, low, high } of long) {
    const met = taken.filter((it) => it.low <= high && it.high >= low);
    // Those at the edges themselves are, whatever was rounded.
    const isFree = (x: number) =>
      met.every((it) => Math.abs(it.x - x) > (it.width + gap) / 2 - 0.01);
    const [from, end] = [places.get(name)!.x, places.get(to)!.x];
    const edges = met.flatMap((it) => [-1, 1].map((side) => it.x + side * (it.width + gap) / 2));
    const [x = end] = [end, from, ...edges].filter(isFree)
      .sort((a, b) => detour(a, from, end) - detour(b, from, end));
    lanes.set(`${name} ${to}`, x);
    taken.push({ x, width: 0, low, high });
  }
  return lanes;
}

/** How far one has to go to the side for a way at `x`; of two as far the one that is nearer to the end. */
function detour(x: number, from: number, end: number): number {
  return Math.abs(x - from) + 1.1 * Math.abs(x - end);
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, it) => sum + it, 0) / Math.max(1, numbers.length);
}
