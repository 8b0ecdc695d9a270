import { assert, assertEquals } from "@std/assert";
import { architectureFiles } from "../tools/architecture.ts";
import { betweenRooms, findCircle, type Import, readImports, roomOf } from "../tools/imports.ts";
import { findOutdated } from "../tools/made_files.ts";

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
  "lib/FOLDER/NAME/ imports nothing of another NAME": (imports) =>
    imports.filter(({ from, to }) => {
      const [, around, own] = /^(lib\/[^/]+\/)([^/]+\/)/.exec(from) ?? [];
      return own !== undefined && to.startsWith(around!) &&
        /^[^/]+\//.test(to.slice(around!.length)) && !to.startsWith(around! + own);
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

const { imports } = await readImports();

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
