import { assert, assertEquals } from "@std/assert";
import { architectureFiles } from "../tools/architecture.ts";
import { betweenRooms, findCircle, type Import, readImports, roomOf } from "../tools/imports.ts";
import { placeLanes, placeRooms } from "../tools/floors.ts";
import { findOutdated } from "../tools/made_files.ts";
import { roomsOf } from "../tools/rooms.ts";

/** Which of such folders stands on another one, and never the other way round. */
const STANDS_ON: Readonly<Record<string, string>> = {
  // pip's work is done by uv, as a program.
  "lib/adapters/pip/": "lib/adapters/uv/",
};

/** What holds of the imports: each rule gives those that it forbids. */
const RULES: Readonly<Record<string, (imports: readonly Import[]) => readonly Import[]>> = {
  "no file is in a circle": findCircle,
  "no folder of lib is in a circle": (imports) => {
    // Of the steps of the way around, the one by the fewest imports is to be looked at.
    const steps = findCircle(betweenRooms(imports)).map((step) =>
      imports.filter(({ from, to }) => roomOf(from) === step.from && roomOf(to) === step.to)
    );
    return steps.toSorted((a, b) => a.length - b.length)[0] ?? [];
  },
  "lib/FOLDER/NAME/ imports nothing of another NAME, but where it stands on that": (imports) =>
    imports.filter(({ from, to }) => {
      const [, around, own] = /^(lib\/[^/]+\/)([^/]+\/)/.exec(from) ?? [];
      if (own === undefined || !to.startsWith(around!)) return false;
      const other = /^[^/]+\//.exec(to.slice(around!.length))?.[0];
      return other !== undefined && other !== own && STANDS_ON[around! + own] !== around! + other;
    }),
  "lib/ imports nothing of tasks/": (imports) =>
    imports.filter(({ from, to }) => from.startsWith("lib/") && to.startsWith("tasks/")),
  "tasks/NAME/ imports nothing of tasks/ but its own": (imports) =>
    imports.filter(({ from, to }) => {
      const [, own] = /^(tasks\/[^/]+\/)/.exec(from) ?? [];
      return own !== undefined && to.startsWith("tasks/") && !to.startsWith(own);
    }),
  "nobody imports cli.ts, mod.ts or api/, but mod.ts that": (imports) =>
    imports.filter(({ from, to }) =>
      to === "cli.ts" || to === "mod.ts" || (to.startsWith("api/") && from !== "mod.ts")
    ),
};

const program = await readImports();
const { imports } = program;

for (const [rule, forbiddenBy] of Object.entries(RULES)) {
  Deno.test(`imports go one way: ${rule}`, () => {
    const wrong = forbiddenBy(imports).map(({ from, to }) => `${from} imports ${to}`);
    assertEquals(wrong, [], `${rule}; these imports are wrong:\n${wrong.join("\n")}`);
  });
}

Deno.test("all imports are seen, those of types and those at the time included", () => {
  const seen = new Set(imports.map(({ from, to }) => `${from} ${to}`));
  assert(seen.has("lib/git/read_repository.ts lib/git/repository_state.ts"), "of types");
  assert(seen.has("lib/workspace/open.ts lib/transaction/recover.ts"), "at the time");
  assert(seen.has("lib/platform/paths.ts std/path.ts"), "by a name of deno.json's");
});

Deno.test("docs/architecture.md shows the folders as they are", async () => {
  const outdated = await findOutdated(await architectureFiles());
  assertEquals(Object.keys(outdated), [], "not current: run `deno task architecture`");
});

Deno.test("the picture shows the imports that no way of others implies", () => {
  const files = ["cli.ts", "lib/a/top.ts", "lib/a/inner/part.ts", "lib/b/middle.ts", "lib/base.ts"];
  const imports = [
    ["cli.ts", "lib/a/top.ts"],
    ["cli.ts", "lib/base.ts"],
    ["lib/a/top.ts", "lib/a/inner/part.ts"],
    ["lib/a/inner/part.ts", "lib/b/middle.ts"],
    ["lib/a/top.ts", "lib/base.ts"],
    ["lib/b/middle.ts", "lib/base.ts"],
    ["lib/b/middle.ts", "std/path.ts"],
  ].map(([from = "", to = ""]) => ({ from, to }));

  assertEquals(roomsOf({ files: [...files, "std/path.ts"], imports }), [
    { name: "cli.ts", files: ["cli.ts"], floor: 3, standsOn: ["lib/a/"] },
    {
      name: "lib/a/",
      files: ["lib/a/top.ts", "lib/a/inner/part.ts"],
      floor: 2,
      standsOn: ["lib/b/"],
    },
    { name: "lib/b/", files: ["lib/b/middle.ts"], floor: 1, standsOn: ["lib/"] },
    { name: "lib/", files: ["lib/base.ts"], floor: 0, standsOn: [] },
  ]);
});

Deno.test("in the picture no room lies on another, and no arrow goes through one", () => {
  const rooms = roomsOf(program);
  const places = placeRooms(rooms, { widthOf: (it) => 10 * it.files.length, gap: 20 });
  const lanes = placeLanes(rooms, places, { gap: 20 });
  const floorOf = new Map(rooms.map((it) => [it.name, it.floor]));
  const edges = (name: string) => {
    const { x, width } = places.get(name)!;
    return { left: x - width / 2, right: x + width / 2 };
  };

  for (const { name, floor } of rooms) {
    const { left, right } = edges(name);
    const beside = rooms.filter((it) => it.floor === floor && it.name !== name)
      .map((it) => edges(it.name));
    assert(beside.every((it) => it.right <= left - 19.9 || it.left >= right + 19.9), name);
    for (const [arrow, x] of lanes) {
      const [from, to] = arrow.split(" ").map((it) => floorOf.get(it)!);
      if (to! < floor && floor < from!) assert(x < left || x > right, `${arrow} through ${name}`);
    }
  }
  assert(lanes.size > 0);
});
