import { assert, assertEquals } from "@std/assert";
import { dirname } from "@std/path";
import { findCircle, type Import, readImports } from "../tools/imports.ts";

/** What holds of the imports: each rule gives those that it forbids. */
const RULES: Readonly<Record<string, (imports: readonly Import[]) => readonly Import[]>> = {
  "no file is in a circle": findCircle,
  "no two folders import each other": (imports) => {
    const between = Map.groupBy(imports, (it) => `${placeOf(it.from)} ${placeOf(it.to)}`);
    // Where few go the other way, these are the ones to look at.
    return imports.filter(({ from, to }) => {
      const [here, there] = [placeOf(from), placeOf(to)];
      const back = between.get(`${there} ${here}`)?.length ?? 0;
      return here !== there && between.get(`${here} ${there}`)!.length <= back;
    });
  },
  "lib/ imports nothing of tasks/": (imports) =>
    imports.filter(({ from, to }) => from.startsWith("lib/") && to.startsWith("tasks/")),
  "tasks/NAME/ imports nothing of tasks/ but its own": (imports) =>
    imports.filter(({ from, to }) => {
      const [, own] = /^(tasks\/[^/]+\/)/.exec(from) ?? [];
      return own !== undefined && to.startsWith("tasks/") && !to.startsWith(own);
    }),
  "nobody imports cli.ts or mod.ts": (imports) =>
    imports.filter(({ to }) => to === "cli.ts" || to === "mod.ts"),
};

/** The folder of a file; one that lies in lib/ or std/ itself, or in the root, stands for itself. */
function placeOf(file: string): string {
  const folder = dirname(file);
  return ["lib", "std", "."].includes(folder) ? file : folder;
}

const { imports } = await readImports();

for (const [rule, forbiddenBy] of Object.entries(RULES)) {
  Deno.test(`imports go one way: ${rule}`, () => {
    const wrong = forbiddenBy(imports).map(({ from, to }) => `${from} imports ${to}`);
    assertEquals(wrong, [], `${rule}; these imports are wrong:\n${wrong.join("\n")}`);
  });
}

Deno.test("all imports are seen, those of types and those at the time included", () => {
  const seen = new Set(imports.map(({ from, to }) => `${from} ${to}`));
  assert(seen.has("lib/git/read_repository.ts lib/transaction/repository_state.ts"), "of types");
  assert(seen.has("lib/workspace/open.ts lib/transaction/recover.ts"), "at the time");
  assert(seen.has("lib/platform/paths.ts std/path.ts"), "by a name of deno.json's");
});
