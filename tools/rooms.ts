/**
 * The program as a house: each room stands on those that it imports.
 *
 * @module
 */

import { betweenRooms, type Imports, roomOf } from "./imports.ts";

/** A folder of the program, or a file at its top. */
export interface Room {
  /** Its path, with a closing `/` where it is a folder. */
  readonly name: string;
  /** Its files, those of the folders in it last. */
  readonly files: readonly string[];
  /** How many rooms lie one on the other below it, at least. */
  readonly floor: number;
  /** The rooms that it imports, but for those that one of these stands on in any case. */
  readonly standsOn: readonly string[];
}

/** The rooms from the top floor down. What stands in for packages (std/) is none. */
export function roomsOf({ files, imports }: Imports): readonly Room[] {
  const own = files.filter((it) => !it.startsWith("std/"));
  const steps = betweenRooms(imports).filter((it) => it.to !== "std/");
  const imported = Map.groupBy(steps, (it) => it.from);
  const below = (name: string) => imported.get(name)?.map((it) => it.to) ?? [];
  const reached = once((name: string): ReadonlySet<string> =>
    new Set(below(name).flatMap((it) => [it, ...reached(it)]))
  );
  const floorOf = once((name: string): number =>
    Math.max(0, ...below(name).map((it) => floorOf(it) + 1))
  );
  return [...Map.groupBy(own, roomOf)].map(([name, files]) => ({
    name,
    files: files.toSorted((a, b) => compare(folderIn(name, a), folderIn(name, b)) || compare(a, b)),
    floor: floorOf(name),
    standsOn: below(name).filter((it) => !below(name).some((by) => reached(by).has(it)))
      .sort(compare),
  })).sort((a, b) => b.floor - a.floor || compare(a.name, b.name));
}

/** The folder inside of a room that a file is in; `""` where it is in none. */
export function folderIn(room: string, file: string): string {
  const [folder, ...inside] = file.slice(room.length).split("/");
  return inside.length > 0 ? folder! : "";
}

/** In the order of code points, which no locale changes. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Computes what is asked for of a room, once; it stands on nothing that stands on it. */
function once<T>(compute: (name: string) => T): (name: string) => T {
  const known = new Map<string, T>();
  const begun = new Set<string>();
  return (name) => {
    if (known.has(name)) return known.get(name)!;
    if (begun.has(name)) throw new Error(`Cannot draw the architecture: ${name} is in a circle`);
    begun.add(name);
    const value = compute(name);
    known.set(name, value);
    return value;
  };
}
