/**
 * `deno task architecture`: the picture and the table in docs/architecture.md, from the imports. What a folder holds is
 * said in the table, and nowhere else; all other cells are made.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";
import { drawHouse } from "./architecture_svg.ts";
import { readImports } from "./imports.ts";
import { keepFiles, type MadeFiles } from "./made_files.ts";
import { code, table } from "./markdown.ts";
import { type Room, roomsOf } from "./rooms.ts";

const PROJECT = fromFileUrl(new URL("..", import.meta.url));
const PAGE = "docs/architecture.md";

/** The table of rooms: the one whose first column is called so. */
const TABLE = /^\| place +\|.*\n(?:\|.*\n)*/m;

/** The picture, and the page with its table, as they are to be. */
export async function architectureFiles(): Promise<MadeFiles> {
  const rooms = roomsOf(await readImports());
  const page = await Deno.readTextFile(`${PROJECT}${PAGE}`);
  const words = readWords(page);
  const silent = rooms.filter((it) => !words.get(it.name));
  if (silent.length > 0) {
    const rows = silent.map((it) => `| ${code(it.name)} | WORDS |`).join("\n");
    throw new Error(
      `Cannot draw the architecture: ${PAGE} does not say what these hold. Add to its table:\n${rows}`,
    );
  }
  return {
    "docs/images/architecture.svg": drawHouse(rooms, words),
    [PAGE]: page.trimEnd().replace(TABLE, () => `${roomTable(rooms, words)}\n`),
  };
}

/** What the page says that each place holds. */
function readWords(page: string): ReadonlyMap<string, string> {
  const rows = (TABLE.exec(page)?.[0] ?? "").split("\n").slice(2, -1);
  return new Map(rows.map((row) => {
    const [place = "", words = ""] = row.split("|").slice(1).map((it) => it.trim());
    return [place.replaceAll("`", ""), words];
  }));
}

function roomTable(rooms: readonly Room[], words: ReadonlyMap<string, string>): string {
  return table(
    ["place", "what it holds", "files", "stands on"],
    rooms.map(({ name, files, standsOn }) => [
      code(name),
      words.get(name)!,
      String(files.length),
      standsOn.map(code).join(", "),
    ]),
  );
}

if (import.meta.main) await keepFiles("architecture", await architectureFiles());
